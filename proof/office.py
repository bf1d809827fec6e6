"""What an admin does in the registry; ``proof.errands`` gathers it with the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

from hsh.core.address import parse
from hsh.core.words import EquipmentKind
from hsh.services.registry import equipment, places, services
from proof.errand import Aim, Errand, get, post, submission
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


def errands() -> Iterator[Errand]:
    """Yield every errand."""
    yield get("registry.index")
    yield from _shelf("depots", "depot", _a_depot, _depot)
    yield from _shelf("vehicles", "truck", _a_truck, _truck)
    yield from _shelf("equipment", "equipment", _a_size, _size)
    yield from _shelf("services", "service", _a_fee, _fee)
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
    ref, code = uuid4(), _code()
    home = desk.books.world.depots[0].id
    new = places.NewTruck(ref=ref, code=code, name="Truck 9", plate=code, home_depot=home)
    places.add_truck(new, by=None)
    return ref


def _size(_desk: Desk) -> object:
    new = equipment.NewEquipment(code=_code(), name="Hose", kind=EquipmentKind.ACCESSORY)
    return equipment.add_equipment(new, by=None)


def _fee(_desk: Desk) -> object:
    return services.add_service(services.NewService(code=_code(), name="Express"), by=None)
