"""Errands about customers, their sites and prices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import select

from hsh.core import clock
from hsh.core.address import natural_key, parse
from hsh.core.words import RateScope, RateSubject
from hsh.db import db
from hsh.models.registry import Rate
from hsh.queries.registry import price_changes
from hsh.queries.registry.price_changes import Wish
from hsh.services.imports import files, sheet
from hsh.services.imports.files import BringFile, NameColumns
from hsh.services.registry import customers, meters, rates
from proof.errand import Aim, get, post, submission
from proof.world import ADDRESS, LONG_AGO

if TYPE_CHECKING:
    from proof.errands import Desk

_days = count(1)
_PLACE = {
    "site_name": "Back kitchen", "street": "9 Sims Drive", "unit": "#1", "postal_code": "380045",
    "latitude": "1.31", "longitude": "103.88", "kg_limit": "200", "household": "y",
    "through_meter": "C127", "contact": "Mdm Tan", "site_phone": "6000 0001",
}  # fmt: skip
_BUYER = {
    "name": "Kopi House", "uen": "201012345M", "email": "a@kopi.example", "terms_days": "30",
    "price_list": "STANDARD", "billing_address": "9 Sims Drive", "phone": "6000 0002",
}  # fmt: skip


def a_meter(desk: Desk) -> UUID:
    """Put up a meter at a site of its own; return its ref."""
    ref = uuid4()
    new = meters.NewMeter(
        ref=ref,
        site=a_site(desk)[0],
        serial=_serial(),
        digits=5,
        decimals=1,
        opening_reading=Decimal(1),
        opening_on=LONG_AGO,
    )
    meters.add_meter(new, by=None)
    return ref


def _serial() -> str:
    return f"M{uuid4().hex[:12].upper()}"


def _dial() -> dict[str, str]:
    """Return what is typed of a meter as it is put up today."""
    return {
        "serial": _serial(), "digits": "5", "decimals": "1", "opening_reading": "0",
        "on": clock.today().isoformat(),
    }  # fmt: skip


def _installed(desk: Desk, _person: str) -> Aim:
    return Aim(args={"ref": a_site(desk)[1]}, form=submission(**_dial()))


def _replaced(desk: Desk, _person: str) -> Aim:
    form = submission(**_dial(), final="5", seen="0")
    return Aim(args={"ref": a_meter(desk)}, form=form)


def _meter(**query: str) -> Callable[[Desk, str], Aim]:
    return lambda desk, _person: Aim(args={"ref": a_meter(desk)}, query=dict(query))


def _meter_form(**fields: str) -> Callable[[Desk, str], Aim]:
    return lambda desk, _person: Aim(
        args={"ref": a_meter(desk)}, form=submission(on=clock.today().isoformat(), **fields)
    )


def _day() -> date:
    """Return a day that no other errand sets a price from."""
    return clock.today() + timedelta(days=next(_days))


def _whose() -> Callable[[Desk, str], Aim]:
    return lambda _desk, _person: Aim(args={"scope": "price_list", "of": "STANDARD"})


def _price_list(_desk: Desk, _person: str) -> Aim:
    code = f"L{uuid4().hex[:12].upper()}"
    return Aim(form=submission(code=code, name="Homes", tax_inclusive="y"))


def _price(_desk: Desk, _person: str) -> Aim:
    form = submission(item="equipment-C127", amount="35.5", starts_on=_day())
    return Aim(args={"scope": "price_list", "of": "STANDARD"}, form=form)


def _coming(desk: Desk, _person: str) -> Aim:
    new = rates.NewRate(
        scope=RateScope.PRICE_LIST,
        scope_id=desk.books.world.price_lists[0],
        subject=RateSubject.EQUIPMENT,
        subject_id=desk.books.world.equipment["C9"],
        starts_on=_day(),
        amount=Decimal(20),
    )
    rates.set_rate(new, by=None)
    rate = db.session.scalars(select(Rate.id).order_by(Rate.id.desc()).limit(1)).one()
    args = {"scope": "price_list", "of": "STANDARD", "rate": rate}
    return Aim(args=args, form=submission())


def _wish(on: date) -> dict[str, str]:
    return {
        "price_list": "STANDARD", "items": "equipment-C127", "percent": "5", "step": "0.05",
        "starts_on": on.isoformat(), "customers": "", "amount": "", "own_too": "y",
    }  # fmt: skip


def _change(_desk: Desk, _person: str) -> Aim:
    on = _day()
    wish = Wish(
        price_list="STANDARD", customers="", own_too=True, items=frozenset({"equipment-C127"}),
        percent=Decimal(5), amount=None, step=Decimal("0.05"), starts_on=on,
    )  # fmt: skip
    seen = price_changes.preview(wish, clock.today()).digest()
    return Aim(form=submission(**_wish(on), seen=seen))


def _new(_desk: Desk, _person: str) -> Aim:
    return Aim(form=submission(**_BUYER | _PLACE | {"name": f"Kopi {uuid4().hex}"}))


def _one_more(desk: Desk, _person: str) -> Aim:
    return Aim(args={"ref": a_customer(desk)[1]}, form=submission(**_PLACE))


def _customer(**fields: str) -> Callable[[Desk, str], Aim]:
    return lambda desk, _person: Aim(
        args={"ref": a_customer(desk)[1]}, form=submission(**fields) if fields else {}
    )


def _site(**fields: str) -> Callable[[Desk, str], Aim]:
    return lambda desk, _person: Aim(
        args={"ref": a_site(desk)[1]}, form=submission(**fields) if fields else {}
    )


def a_customer(desk: Desk) -> tuple[int, UUID]:
    """Add a customer whom nothing else is about; return id and ref."""
    ref, name = uuid4(), f"Kopi {uuid4().hex}"
    new = customers.NewCustomer(
        ref=ref,
        name=name,
        natural_key=natural_key(name, parse(ADDRESS)),
        billing_address=ADDRESS,
        price_list=desk.books.world.price_lists[0],
    )
    return customers.add_customer(new, by=None), ref


def a_site(desk: Desk) -> tuple[int, UUID]:
    """Add a site of a customer of its own; return id and ref."""
    ref = uuid4()
    new = customers.NewSite(
        ref=ref,
        customer=a_customer(desk)[0],
        code=f"X{ref.hex[:12].upper()}",
        name="Somewhere",
        address=parse(ADDRESS),
    )
    return customers.add_site(new, by=None), ref


_FILES = {
    "customers": ('name,address\n{new},"9 Sims Drive,  S380045"\n', {"name": 0, "address": 1}),
    "stock": ("place,size,quantity,{new}\nJURONG,C127,1\n", {"place": 0, "size": 1, "quantity": 2}),
}
"""A file of each kind that is new to the books, and its columns."""


def _brought(*, named: bool = False, **fields: str) -> Callable[[Desk, str], Aim]:
    """Bring a file as ``person`` may: a supervisor counts stock, the others' is an admin's.

    ``named``: the form names the columns.
    """

    def make(desk: Desk, person: str) -> Aim:
        counts = person == "supervisor"
        world = desk.books.world
        actor = (world.supervisors[0] if counts else world.admin).actor
        kind = "stock" if counts else "customers"
        text, columns = _FILES[kind]
        read = sheet.read(text.format(new=f"Kopi {uuid4().hex}").encode())
        kept = files.bring_file(
            BringFile(actor=actor, submission=uuid4(), kind=kind, file_name="a.csv", sheet=read)
        )
        files.name_columns(
            NameColumns(actor=actor, submission=uuid4(), file=kept.ref, columns=columns)
        )
        said = {f"column-{name}": str(at) for name, at in columns.items()} if named else fields
        return Aim(args={"ref": kept.ref}, form=submission() | said if said else {})

    return make


ALL = (
    get("customers.new"),
    post("customers.add", _new, form="customer.add"),
    get("customers.show", _customer(), "ref"),
    get("customers.change", _customer(), "ref"),
    post("customers.edit", _customer(**_BUYER, version="1"), "ref", "customer.edit"),
    post("customers.close", _customer(version="1"), "ref"),
    post("customers.reopen", _customer(version="1"), "ref"),
    get("customers.new_site", _customer(), "ref"),
    post("customers.add_site", _one_more, "ref", "site.add"),
    get("customers.site", _site(), "ref"),
    get("customers.change_site", _site(), "ref"),
    post("customers.edit_site", _site(**_PLACE, version="1"), "ref", "site.edit"),
    post("customers.close_site", _site(version="1"), "ref"),
    post("customers.reopen_site", _site(version="1"), "ref"),
    post("prices.add_list", _price_list, form="price_list.add"),
    get("prices.whose", _whose(), "of"),
    post("prices.set_one", _price, "of", "rate.set"),
    post("prices.withdraw", _coming, "of", "rate.withdraw"),
    get("prices.change", lambda _desk, _person: Aim(query=_wish(_day()))),
    post("prices.commit", _change, form="price.change"),
    get("customers.new_meter", _site(), "ref"),
    post("customers.install_meter", _installed, "ref", "meter.add"),
    get("customers.meter", _meter(since="2026-01-01", until="", page="", sort=""), "ref"),
    get("customers.meter_export", _meter(**{"as": "csv", "since": "2026-01-01"}), "ref"),
    post("customers.replace_meter", _replaced, "ref", "meter.replace"),
    post("customers.close_meter", _meter_form(final="5", seen="0"), "ref", "meter.close"),
    post("imports.bring", lambda _desk, _person: Aim(form=submission(kind="stock"))),
    get("imports.show", _brought(), "ref"),
    post("imports.name", _brought(named=True), "ref", "import.map"),
    post("imports.take", _brought(device_id="tablet-1"), "ref", "import.commit"),
    get("imports.problems", _brought(), "ref"),
)
