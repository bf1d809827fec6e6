"""Which customers hold our cylinders: the sum of their sites, by size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, override
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from hsh.core.refusals import NotFound
from hsh.core.words import Condition, EquipmentKind
from hsh.db import db
from hsh.models.books import StockLevel
from hsh.models.registry import Customer, Equipment, Place, Site
from hsh.queries.keyset import Order
from hsh.queries.lists import Extent, Long
from hsh.queries.registry.finding import MOST_WORDS


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

    def count(self, size: str) -> int:
        """Return how many of the size of that code they hold."""
        return self.held.get(size, 0)

    @property
    def everything(self) -> int:
        """How many cylinders they hold in all."""
        return sum(self.held.values())


@dataclass(frozen=True, kw_only=True)
class _Holders(Long):
    @override
    def extent(self) -> Extent:
        """Count them; add up what all of them hold, in all and of each size by its code."""
        found = super().extent()
        if found.is_more:
            return found
        rows = db.session.execute(
            select(Equipment.code, func.sum(StockLevel.quantity))
            .join(StockLevel, StockLevel.equipment_id == Equipment.id)
            .join(Site, Site.place_id == StockLevel.place_id)
            .join(Customer, Customer.id == Site.customer_id)
            .where(*_IS_HELD, *self.where)
            .group_by(Equipment.code)
        )
        sums = {code: int(count) for code, count in rows}
        return replace(found, sums=sums | {"everything": sum(sums.values())})


def holders(text: str = "", size: str = "") -> Long:
    """Return the customers who hold cylinders, whose name has each word of ``text``, by name.

    ``size``: a code; only those who hold that size.
    """
    words = text.split()[:MOST_WORDS]
    return _Holders(
        query=select(Customer.name, Customer.id, Customer.ref),
        ref=Customer.ref,
        orders={"name": Order(Customer.name, Customer.id, falling=False)},
        where=(
            _holds_any(size),
            *(Customer.name.icontains(word, autoescape=True) for word in words),
        ),
        dress=_with_held,
        is_joined=True,
    )


def _with_held(rows: list[Any]) -> list[Any]:
    held, sites = _held(Site.customer_id, [row.id for row in rows])
    return [
        Holder(ref=row.ref, name=row.name, code="", held=held[row.id], sites=sites[row.id])
        for row in rows
    ]


def named(ref: UUID) -> Customer:
    """Return the customer ``ref``.

    Raises:
        NotFound: there is no such customer.

    """
    one = db.session.scalar(select(Customer).where(Customer.ref == ref))
    if one is None:
        raise NotFound(what="customer")
    return one


def sites_of(ref: UUID) -> list[Holder]:
    """Return each site of the customer ``ref`` that holds cylinders, by name.

    Raises:
        NotFound: there is no such customer.

    """
    one = named(ref)
    places = db.session.scalars(
        select(Place)
        .join(Site, Site.place_id == Place.id)
        .where(Site.customer_id == one.id)
        .order_by(Place.name, Place.id)
    ).all()
    held, _sites = _held(Site.place_id, [place.id for place in places])
    return [
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
