"""Customers and sites as the office lists them: by name, found by what is known of a site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from hsh.core.words import Condition, EquipmentKind, PlaceKind
from hsh.db import db
from hsh.models.books import StockLevel
from hsh.models.registry import Customer, Equipment, Place, Site
from hsh.queries.keyset import Order
from hsh.queries.lists import Long
from hsh.queries.registry.finding import matches


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A customer in the list, with the first of their sites."""

    row: Customer
    sites: int
    first: tuple[Place, Site] | None

    @property
    def ref(self) -> UUID:
        """By which the row is chosen."""
        return self.row.ref


@dataclass(frozen=True, kw_only=True)
class ListedSite:
    """A site in the list, and how many cylinders are there."""

    place: Place
    site: Site
    customer: Customer
    held: int

    @property
    def ref(self) -> UUID:
        """By which the row is chosen."""
        return self.place.ref


def customers(text: str = "", *, closed: bool = False) -> Long:
    """Return the customers by name, open or closed ones, in whose sites ``text`` is found."""
    return Long(
        query=select(Customer),
        ref=Customer.ref,
        orders={"name": Order(Customer.name, Customer.id, falling=False)},
        where=(
            Customer.active.is_not(closed),
            *([Customer.id.in_(found(text))] if text else ()),
        ),
        dress=_with_sites,
        is_joined=bool(text),
    )


def sites(text: str = "", *, closed: bool = False) -> Long:
    """Return the sites by name, open or closed ones, in which ``text`` is found."""
    query = (
        select(Place, Site, Customer)
        .join(Site, Site.place_id == Place.id)
        .join(Customer, Customer.id == Site.customer_id)
    )
    return Long(
        query=query,
        ref=Place.ref,
        orders={"name": Order(Place.name, Place.id, falling=False)},
        where=(
            Place.kind == PlaceKind.SITE,
            Place.active.is_not(closed),
            *([Place.id.in_(_found(Site.place_id, text))] if text else ()),
        ),
        dress=_with_held,
        is_joined=bool(text),
    )


def found(text: str) -> Select[int]:
    """Return the ids of the customers in whose sites ``text`` is found.

    It looks through all sites once; asked for each customer it would take six times as long.
    """
    return _found(Site.customer_id, text)


def _found(what: Any, text: str) -> Select[int]:
    return (
        select(what)
        .join(Place, Place.id == Site.place_id)
        .join(Customer, Customer.id == Site.customer_id)
        .where(matches(text))
        .correlate(None)
    )


def _with_sites(rows: list[Any]) -> list[Any]:
    ids = [row.Customer.id for row in rows]
    sites = (
        select(Site.customer_id, func.count())
        .where(Site.customer_id.in_(ids))
        .group_by(Site.customer_id)
    )
    counted = {customer: count for customer, count in db.session.execute(sites)}  # noqa: C416 - rows
    first = (
        select(func.min(Site.place_id)).where(Site.customer_id.in_(ids)).group_by(Site.customer_id)
    )
    begun = {
        site.customer_id: (place, site)
        for place, site in db.session.execute(
            select(Place, Site)
            .join(Site, Site.place_id == Place.id)
            .where(Site.place_id.in_(first))
        )
    }
    return [
        Listed(
            row=row.Customer,
            sites=counted.get(row.Customer.id, 0),
            first=begun.get(row.Customer.id),
        )
        for row in rows
    ]


def _with_held(rows: list[Any]) -> list[Any]:
    held = _held([row.Place.id for row in rows])
    return [
        ListedSite(
            place=row.Place, site=row.Site, customer=row.Customer, held=held[row.Place.id]
        )
        for row in rows
    ]  # fmt: skip


def _held(places: Sequence[int]) -> defaultdict[int, int]:
    found = db.session.execute(
        select(StockLevel.place_id, func.sum(StockLevel.quantity))
        .join(Equipment, Equipment.id == StockLevel.equipment_id)
        .where(
            StockLevel.place_id.in_(places),
            StockLevel.condition == Condition.HELD,
            Equipment.kind == EquipmentKind.CYLINDER,
        )
        .group_by(StockLevel.place_id)
    )
    return defaultdict(int, {place: int(count) for place, count in found})
