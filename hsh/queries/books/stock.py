"""What depots, trucks and all sites together hold, for the stock page (law 11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, exists, func, or_, select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.core.words import Condition, EquipmentKind, PlaceKind
from hsh.db import db
from hsh.models.books import StockLevel
from hsh.models.registry import Equipment, Place, Vehicle
from hsh.queries import scope
from hsh.queries.books import levels
from hsh.queries.logistics.stock import Shelf, Size, shelves


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of the stock is shown: one place, size (by code) or condition; when, else now."""

    place: UUID | None = None
    size: str = ""
    state: Condition | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Store:
    """A depot or truck and what it holds."""

    ref: UUID
    name: str
    plate: str | None
    """Of a truck; None for a depot."""
    shelf: Shelf

    def count(self, size: Size, condition: Condition) -> int:
        """Return how many of ``size`` there are in ``condition``."""
        return self.shelf.get((size.code, condition), 0)

    def kept(self, sizes: Sequence[Size], states: Collection[Condition]) -> list[Size]:
        """Return those of ``sizes`` that are here in any of ``states``."""
        return [size for size in sizes if any(self.count(size, state) for state in states)]


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What there is of one size: at all depots, on all trucks, with all customers."""

    size: Size
    depots: Mapping[Condition, int]
    trucks: Mapping[Condition, int]
    held: int
    sites: int | None
    """At how many sites; None of a moment that is past."""
    everywhere: int
    """How many there are in all of what is shown."""


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The company's cylinders as one person may see them."""

    sizes: Sequence[Size]
    depots: Sequence[Store]
    trucks: Sequence[Store]
    sums: Sequence[Sum]
    """Empty for who sees only their own truck, and where one place is looked at."""


def overview(actor: Actor, wanted: Wanted) -> Overview:
    """Return the stock that ``actor`` may see: a driver their truck and the depot it belongs to."""
    rows = [row for row in _places(actor) if wanted.place in {None, row.ref}]
    ids = [row.id for row in rows]
    held = levels.shelves(ids, wanted.at) if wanted.at else shelves(ids)
    stores = [
        Store(ref=row.ref, name=row.name, plate=row.plate, shelf=held[row.id]) for row in rows
    ]
    depots = [store for store in stores if store.plate is None]
    trucks = [store for store in stores if store.plate is not None]
    sizes = [size for size in all_sizes() if wanted.size in {"", size.code}]
    partial = actor.roles == {Role.DRIVER} or wanted.place
    return Overview(
        sizes=sizes,
        depots=depots,
        trucks=trucks,
        sums=[] if partial else _sums(sizes, depots, trucks, wanted.at, wanted.state),
    )


def stores(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the ref and name of each depot and truck whose stock ``actor`` may see."""
    return [(row.ref, row.name) for row in _places(actor)]


def depots(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the ref and name of each of those that is a depot."""
    return [(row.ref, row.name) for row in _places(actor) if row.plate is None]


def _sums(
    sizes: Sequence[Size],
    depots: Sequence[Store],
    trucks: Sequence[Store],
    at: datetime | None,
    state: Condition | None,
) -> list[Sum]:
    held = {} if state else _held_by_customers(at)
    return [
        _sum(size, depots, trucks, held.get(size.code, _NONE), state)
        for size in sizes
        if not size.is_accessory
    ]


def _sum(
    size: Size,
    depots: Sequence[Store],
    trucks: Sequence[Store],
    held: tuple[int, int | None],
    state: Condition | None,
) -> Sum:
    count, sites = held
    at_depots, on_trucks = _together(depots, size), _together(trucks, size)
    stores = [
        at_depots[one] + on_trucks[one] for one in Condition if state in {None, one}
    ]  # fmt: skip
    return Sum(
        size=size, depots=at_depots, trucks=on_trucks, held=count, sites=sites,
        everywhere=sum(stores) + count,
    )  # fmt: skip


def _together(stores: Sequence[Store], size: Size) -> dict[Condition, int]:
    return {state: sum(store.count(size, state) for store in stores) for state in Condition}


def all_sizes() -> list[Size]:
    """Return what is still carried, and what is still somewhere though it is carried no more."""
    somewhere = StockLevel.equipment_id == Equipment.id, StockLevel.quantity != 0
    query = (
        select(Equipment.code, Equipment.name, Equipment.kind)
        .where(or_(Equipment.active, exists().where(*somewhere)))
        .order_by(Equipment.kind.desc(), Equipment.net_kg, Equipment.code)
    )
    return [
        Size(code=code, name=name, kind=EquipmentKind(kind))
        for code, name, kind in db.session.execute(query)
    ]


def _places(actor: Actor) -> list[Row[int, UUID, str, str | None]]:
    trucks = scope.trucks(actor, clock.today())
    homes = select(Vehicle.home_depot_id).where(Vehicle.place_id.in_(trucks))
    depots = homes if actor.roles == {Role.DRIVER} else scope.depots(actor)
    query = (
        select(Place.id, Place.ref, Place.name, Vehicle.plate)
        .outerjoin(Vehicle, Vehicle.place_id == Place.id)
        .where(or_(Place.id.in_(trucks), Place.id.in_(depots)), Place.active)
        .order_by(Place.kind, Place.code)
    )
    return list(db.session.execute(query))


_NONE: tuple[int, int | None] = (0, 0)


def _held_by_customers(at: datetime | None) -> dict[str, tuple[int, int | None]]:
    """Return how many of each size all sites hold, and how many sites hold it, if that is known."""
    if at:
        return {code: (quantity, None) for code, quantity in levels.with_customers(at).items()}
    query = (
        select(Equipment.code, func.sum(StockLevel.quantity), func.count())
        .join(Equipment, Equipment.id == StockLevel.equipment_id)
        .where(StockLevel.place_kind == PlaceKind.SITE, StockLevel.quantity != 0)
        .group_by(Equipment.code)
    )
    return {code: (int(quantity), sites) for code, quantity, sites in db.session.execute(query)}
