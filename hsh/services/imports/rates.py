"""A file of prices: of price lists, of sites, and of the customers to whom a site belongs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.refusals import Invalid
from hsh.core.words import PlaceKind, RateScope
from hsh.db import db
from hsh.models.registry import Place, PriceList, Rate, Site
from hsh.queries.registry import prices
from hsh.queries.registry.prices import Item
from hsh.services.imports import cells
from hsh.services.imports.cells import KNOWN, Cells, Column
from hsh.services.registry import checks, records
from hsh.services.registry.rates import NewRate

if TYPE_CHECKING:
    from hsh.services.imports.kinds import Batch, Pictures, Read

COLUMNS = (
    Column(name="price_list", spelled=("prices", "list")),
    Column(name="customer_of", spelled=("customer", "customer of site")),
    Column(name="site", spelled=("site code",)),
    Column(name="item", needed=True, spelled=("size", "what", "product", "code")),
    Column(name="price", needed=True, spelled=("amount", "rate", "unit price")),
    Column(name="from", needed=True, spelled=("day", "date", "starts on", "effective")),
)
_OWNERS = {
    "price_list": RateScope.PRICE_LIST,
    "customer_of": RateScope.CUSTOMER,
    "site": RateScope.SITE,
}
_GAS = {"USAGE", "GAS", "M3"}
_AT_ONCE = 200

type Key = tuple[str, int, str, int, date]


def read_all(rows: Sequence[Cells], _by: Actor) -> list[Read]:
    """Return what each row is; one day has one price of an item."""
    ids = {
        "price_list": cells.named(rows, "price_list", PriceList.code),
        "site": cells.named(rows, "site", Place.code, Place.kind == PlaceKind.SITE),
        "customer_of": _customers(rows),
    }
    items = {_code(item): item for item in prices.items()}
    found: list[Read] = [cells.attempted(partial(_rate, row, ids, items)) for row in rows]
    there = _there([one for one in found if isinstance(one, NewRate)])
    first: set[Key] = set()
    for at, one in enumerate(found):
        if isinstance(one, NewRate):
            found[at] = _once(one, there, first)
    return found


def take(rows: Sequence[object], _batch: Batch) -> Pictures:
    """Set the prices."""
    added = [
        Rate(
            scope=new.scope,
            scope_id=new.scope_id,
            subject=new.subject,
            subject_id=new.subject_id,
            starts_on=new.starts_on,
            amount=checks.amount(new.amount),
            withdrawn=0,
        )
        for new in (cast("NewRate", row) for row in rows)
    ]
    db.session.add_all(added)
    db.session.flush()
    return {Rate.__tablename__: [records.picture(row) for row in added]}


def _rate(row: Cells, ids: dict[str, dict[str, int]], items: dict[str, Item]) -> NewRate:
    scope, whose = _owner(row, ids)
    code = cells.needed(row, "item").upper()
    item = items.get("USAGE" if code in _GAS else code)
    if item is None:
        raise Invalid(field="item", reason="unknown_item_code")
    return NewRate(
        scope=scope,
        scope_id=whose,
        subject=item.subject,
        subject_id=item.id,
        starts_on=cells.day(row, "from"),
        amount=cells.number(row, "price"),
    )


def _owner(row: Cells, ids: dict[str, dict[str, int]]) -> tuple[RateScope, int]:
    """Return whose price it is: exactly one of the three columns says so."""
    said = [column for column in _OWNERS if row.get(column, "").strip()]
    if len(said) != 1:
        raise Invalid(field="price_list", reason="one_owner")
    code = cells.code(row, said[0])
    found = ids[said[0]].get(code or "")
    if found is None:
        raise Invalid(
            field=said[0],
            reason="no_such_price_list" if said[0] == "price_list" else "no_such_site",
        )
    return _OWNERS[said[0]], found


def _customers(rows: Sequence[Cells]) -> dict[str, int]:
    places = cells.named(rows, "customer_of", Place.code, Place.kind == PlaceKind.SITE)
    owners = {
        place: customer
        for some in batched(sorted(places.values()), _AT_ONCE)
        for place, customer in db.session.execute(
            select(Site.place_id, Site.customer_id).where(Site.place_id.in_(some))
        )
    }
    return {code: owners[place] for code, place in places.items()}


def _there(new: list[NewRate]) -> dict[Key, Decimal]:
    """Return the prices that are set already for those owners."""
    found: dict[Key, Decimal] = {}
    for scope in RateScope:
        owners = sorted({one.scope_id for one in new if one.scope == scope})
        for some in batched(owners, _AT_ONCE):
            rows = db.session.scalars(
                select(Rate).where(
                    Rate.scope == scope, Rate.scope_id.in_(some), Rate.withdrawn == 0
                )
            )
            found |= {
                (row.scope, row.scope_id, row.subject, row.subject_id, row.starts_on): row.amount
                for row in rows
            }
    return found


def _once(new: NewRate, there: dict[Key, Decimal], first: set[Key]) -> Read:
    key = (new.scope, new.scope_id, new.subject, new.subject_id, new.starts_on)
    if key in there:
        return KNOWN if there[key] == new.amount else Invalid(field="from", reason="price_taken")
    if key in first:
        return Invalid(field="from", reason="row_again_above")
    first.add(key)
    return new


def _code(item: Item) -> str:
    return item.key.partition("-")[2] or item.key.upper()
