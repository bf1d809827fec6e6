"""Which customers hold our cylinders: the sum of their sites, by size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hsh.core.refusals import NotFound
from hsh.core.words import Condition, EquipmentKind
from hsh.db import db
from hsh.models.books import StockLevel
from hsh.models.registry import Customer, Equipment, Place, Site
from hsh.queries.keyset import PAGE
from hsh.queries.logistics.stock import Size


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A customer, or one of their sites, and how many of each size (by code) are there."""

    ref: UUID
    name: str
    code: str
    """Of a site; empty for a customer."""
    held: Mapping[str, int]
    sites: int
    """At how many sites there are any."""

    def count(self, size: Size) -> int:
        """Return how many of ``size`` they hold."""
        return self.held.get(size.code, 0)

    @property
    def everything(self) -> int:
        """How many cylinders they hold in all."""
        return sum(self.held.values())


@dataclass(frozen=True, kw_only=True)
class Holders:
    """A page of customers, by name. ``next`` is the one behind whom the next page begins."""

    rows: Sequence[Holder]
    next: UUID | None


def holders(text: str = "", size: str = "", *, after: UUID | None = None) -> Holders:
    """Return the customers who hold cylinders, whose name has each word of ``text``.

    ``size``: a code; only those who hold that size.
    """
    query = select(Customer).where(_holds_any(size)).order_by(Customer.name, Customer.id)
    for word in text.split():
        query = query.where(Customer.name.icontains(word, autoescape=True))
    start = db.session.scalar(select(Customer).where(Customer.ref == after)) if after else None
    if start is not None:
        behind = and_(Customer.name == start.name, Customer.id > start.id)
        query = query.where(or_(Customer.name > start.name, behind))
    found = db.session.scalars(query.limit(PAGE + 1)).all()
    shown = found[:PAGE]
    held, sites = _held(Site.customer_id, [customer.id for customer in shown])
    return Holders(
        rows=[
            Holder(ref=row.ref, name=row.name, code="", held=held[row.id], sites=sites[row.id])
            for row in shown
        ],
        next=shown[-1].ref if len(found) > PAGE else None,
    )


def customer(ref: UUID) -> tuple[str, list[Holder]]:
    """Return the name of the customer ``ref``, and each site of theirs that holds cylinders.

    Raises:
        NotFound: there is no such customer.

    """
    one = db.session.scalar(select(Customer).where(Customer.ref == ref))
    if one is None:
        raise NotFound(what="customer")
    places = db.session.scalars(
        select(Place)
        .join(Site, Site.place_id == Place.id)
        .where(Site.customer_id == one.id)
        .order_by(Place.name, Place.id)
    ).all()
    held, _sites = _held(Site.place_id, [place.id for place in places])
    return one.name, [
        Holder(ref=place.ref, name=place.name, code=place.code, held=held[place.id], sites=1)
        for place in places
        if held[place.id]
    ]


def _holds_any(size: str) -> ColumnElement[bool]:
    some = (
        select(StockLevel.place_id)
        .join(Site, Site.place_id == StockLevel.place_id)
        .join(Equipment, Equipment.id == StockLevel.equipment_id)
        .where(Site.customer_id == Customer.id, *_IS_HELD)
    )
    return (some.where(Equipment.code == size) if size else some).exists()


def _held(
    whose: InstrumentedAttribute[int], ids: Collection[int]
) -> tuple[defaultdict[int, dict[str, int]], defaultdict[int, int]]:
    """Return how many of each size each of ``ids`` holds, and at how many sites anything is."""
    rows = db.session.execute(
        select(whose, Site.place_id, Equipment.code, StockLevel.quantity)
        .join(StockLevel, StockLevel.place_id == Site.place_id)
        .join(Equipment, Equipment.id == StockLevel.equipment_id)
        .where(whose.in_(ids), *_IS_HELD)
    )
    held: defaultdict[int, dict[str, int]] = defaultdict(dict)
    sites: defaultdict[int, set[int]] = defaultdict(set)
    for owner, site, code, quantity in rows:
        held[owner][code] = held[owner].get(code, 0) + quantity
        sites[owner].add(site)
    return held, defaultdict(int, {owner: len(places) for owner, places in sites.items()})


_IS_HELD = (
    StockLevel.condition == Condition.HELD,
    StockLevel.quantity != 0,
    Equipment.kind == EquipmentKind.CYLINDER,
)
