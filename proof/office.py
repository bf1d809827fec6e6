"""What an admin does in the registry; ``proof.errands`` gathers it with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from hsh.blueprints.founding import STEPS
from hsh.core import clock
from hsh.core.address import parse
from hsh.core.words import EquipmentKind, PermitKind
from hsh.queries.registry import goods
from hsh.services.registry import equipment, founding, places, services
from hsh.services.registry.assignments import NewAssignment, assign_truck
from hsh.services.registry.permits import AddPermit, add_permit
from proof.cast import side
from proof.errand import Aim, Errand, asking, get, post, submission
from proof.world import ADDRESS

if TYPE_CHECKING:
    from proof.errands import Desk

_DEPOT = {"address": ADDRESS, "phone": "6000 0001"}
_TRUCK = {
    "name": "Truck 9", "home_depot": "JURONG", "licence_expires_on": "2027-01-31",
    "max_gross_kg": "1500",
}  # fmt: skip
_SIZE = {
    "kind": "cylinder", "name": "CYL 14 kg", "owner": "company", "net_kg": "14", "tare_kg": "14.5",
    "part_credit": "50", "tax_code": "SR",
}  # fmt: skip
_COMPANY = {
    "name": "Proof Gas Pte Ltd", "uen": "199012345M", "gst_number": "M90312345A",
    "address": "1 Depot Road\nSingapore 609001", "phone": "6000 0000", "email": "a@proof.example",
    "cash_rounding": "y", "has_logo": "",
}  # fmt: skip
_PERMIT = {"kind": "hazmat", "number": "HT 123", "expires_on": "2027-01-31"}

_FIRST = {
    "company": {name: _COMPANY[name] for name in ("name", "uen", "address", "phone", "email")},
    "tax": {"gst_number": "", "rate": "9", "starts_on": "2024-01-01"},
    "admin": {"name": "A", "username": "first", "password": "cylinders by the dozen"},
}

type Make = Callable[[Desk, str], Aim]


def errands() -> Iterator[Errand]:
    """Yield every errand."""
    yield get("registry.index")
    yield from _shelf("depots", "depot", _a_depot, _depot)
    yield from _shelf("vehicles", "truck", _a_truck, _truck)
    yield from _shelf("equipment", "equipment", _a_size, _size)
    yield from _shelf("services", "service", _a_fee, _fee)
    yield get("registry.company.show")
    yield post("registry.company.edit", _letterhead, form="company.set")
    yield get("registry.taxes.index")
    yield post("registry.taxes.add", _rate, form="tax_rate.set")
    yield get("registry.drivers.index")
    yield get("registry.drivers.show", _driver(), "key")
    yield post("registry.drivers.permit", _driver(**_PERMIT), "key", "permit.add")
    yield post("registry.drivers.truck", _given, "key", "truck.assign")
    yield get("registry.permits.show", _permit(), "key")
    yield post("registry.permits.edit", _permit(**_PERMIT, version="1"), "key", "permit.edit")
    yield get("registry.assignments.show", _assignment(), "key")
    yield post(
        "registry.assignments.edit",
        _assignment(ends_on="2026-12-31", version="1"),
        "key",
        "assignment.edit",
    )
    yield get("setup.steps", asking(step="depots"))
    yield post(
        "setup.depots", lambda _desk, _person: Aim(form=submission(**_a_depot())), form="depot.add"
    )
    yield post(
        "setup.sizes",
        lambda _desk, _person: Aim(form=submission(**_a_size())),
        form="equipment.add",
    )
    yield post("setup.opening", _opening, "depot", "stock.open")
    yield get("founding.ask", _first_run(), "token")
    for name, (form, _words) in STEPS.items():
        yield post(f"founding.{name}", _first_run(**_FIRST[name]), "token", form)
    yield post("registry.close", _open_fee, "key", "registry.close")
    yield post("registry.reopen", _open_fee, "key", "registry.reopen")


def _shelf(
    name: str, act: str, new: Callable[[], dict[str, str]], kept: Callable[[Desk], object]
) -> Iterator[Errand]:
    """Yield what is done with a kind of record: ``new`` is the form of one, ``kept`` makes one."""

    def adding(_desk: Desk, _person: str) -> Aim:
        return Aim(form=submission(**new()))

    def about(desk: Desk, _person: str) -> Aim:
        return Aim(args={"key": kept(desk)})

    def changing(desk: Desk, _person: str) -> Aim:
        return Aim(args={"key": kept(desk)}, form=submission(**new(), version=1))

    yield get(f"registry.{name}.index")
    yield get(f"registry.{name}.new")
    yield post(f"registry.{name}.add", adding, form=f"{act}.add")
    yield get(f"registry.{name}.show", about, "key")
    yield post(f"registry.{name}.edit", changing, "key", f"{act}.edit")


def _open_fee(desk: Desk, _person: str) -> Aim:
    return Aim(args={"kind": "services", "key": str(_fee(desk))}, form=submission(version=1))


def _code() -> str:
    return f"N{uuid4().hex[:12].upper()}"


def _a_depot() -> dict[str, str]:
    code = _code()
    return {"code": code, "name": f"Depot {code}", "address": ADDRESS, "phone": "6000 0001"}


def _a_truck() -> dict[str, str]:
    return _TRUCK | {"plate": _code()}


def _a_size() -> dict[str, str]:
    return _SIZE | {"code": _code()}


def _a_fee() -> dict[str, str]:
    return {"code": _code(), "name": "Express", "size": "", "tax_code": "SR"}


def _depot(_desk: Desk) -> object:
    ref, code = uuid4(), _code()
    new = places.NewDepot(ref=ref, code=code, name=f"Depot {code}", address=parse(ADDRESS))
    places.add_depot(new, by=None)
    return ref


def _truck(desk: Desk) -> object:
    return _new_truck(desk)[1]


def _new_truck(desk: Desk, person: str = "") -> tuple[int, UUID]:
    """Add a truck of a depot of ``person``'s own: whoever oversees that one sees its drivers."""
    ref, code = uuid4(), _code()
    home = desk.books.world.depots[side(person)].id
    new = places.NewTruck(ref=ref, code=code, name="Truck 9", plate=code, home_depot=home)
    return places.add_truck(new, by=None), ref


def _size(_desk: Desk) -> object:
    new = equipment.NewEquipment(code=_code(), name="Hose", kind=EquipmentKind.ACCESSORY)
    return equipment.add_equipment(new, by=None)


def _fee(_desk: Desk) -> object:
    return services.add_service(services.NewService(code=_code(), name="Express"), by=None)


def _letterhead(_desk: Desk, _person: str) -> Aim:
    kept = goods.company()
    return Aim(form=submission(version=kept.version, **_COMPANY))


def _rate(_desk: Desk, _person: str) -> Aim:
    """Set a rate from a day on which no other begins."""
    newest = max(rate.starts_on for rate in goods.tax_rates(clock.today()))
    day = max(newest, date(2030, 1, 1)) + timedelta(days=1)
    return Aim(form=submission(code="ZR", starts_on=day, rate="0", note="As before"))


def _driver(**fields: str) -> Make:
    def make(desk: Desk, person: str) -> Aim:
        driver = desk.books.world.drivers[side(person)].ref
        return Aim(args={"key": driver}, form=submission(**fields) if fields else {})

    return make


def _given(desk: Desk, person: str) -> Aim:
    """Give a driver a truck that is new."""
    sent = {"truck": str(_new_truck(desk, person)[1]), "starts_on": "2026-01-01", "ends_on": ""}
    return _driver(**sent)(desk, person)


def _permit(**fields: str) -> Make:
    def make(desk: Desk, person: str) -> Aim:
        world = desk.books.world
        command = AddPermit(
            actor=world.admin.actor,
            submission=uuid4(),
            driver=world.drivers[side(person)].ref,
            kind=PermitKind.DRIVING,
            number="S123",
            expires_on=date(2027, 1, 1),
        )
        ref = add_permit(command).ref
        return Aim(args={"key": ref}, form=submission(**fields) if fields else {})

    return make


def _assignment(**fields: str) -> Make:
    def make(desk: Desk, person: str) -> Aim:
        driver = desk.books.world.drivers[side(person)]
        new = NewAssignment(
            driver=driver.actor.id, truck=_new_truck(desk, person)[0], starts_on=date(2026, 1, 1)
        )
        kept = assign_truck(new, by=None)
        return Aim(args={"key": kept.id}, form=submission(**fields) if fields else {})

    return make


def _opening(desk: Desk, _person: str) -> Aim:
    """Count in what a depot holds: too late, for stock has moved."""
    depot = desk.books.world.depots[0].ref
    return Aim(args={"depot": depot}, form=submission(full__C127=3, part__C50=0, empty__C9=1))


def _first_run(**fields: str) -> Make:
    """Come by the link of a fresh server: over, for somebody can log in."""

    def make(desk: Desk, _person: str) -> Aim:
        secret = desk.books.app.config["SECRET_KEY"]
        return Aim(args={"token": founding.link(secret)}, form=dict(fields))

    return make
