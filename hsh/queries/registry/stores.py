"""Depots and trucks, for the one who looks after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from hsh.core import expiry
from hsh.core.expiry import Expiry
from hsh.core.refusals import NotFound
from hsh.core.words import PlaceKind
from hsh.db import db
from hsh.models.registry import Depot, Equipment, Place, Vehicle


@dataclass(frozen=True, kw_only=True)
class DepotRecord:
    """A depot as the registry keeps it."""

    ref: UUID
    code: str
    name: str
    address: str
    phone: str | None
    active: bool
    version: int
    trucks: int
    """Open ones that are at home here."""


@dataclass(frozen=True, kw_only=True)
class TruckRecord:
    """A truck as the registry keeps it."""

    ref: UUID
    name: str
    plate: str
    home_depot: str
    """Its depot's code."""
    home: str
    licence_expires_on: date | None
    max_gross_kg: Decimal | None
    active: bool
    version: int

    def expiry(self, on: date) -> Expiry | None:
        """Return what is to be said of its licence on a day."""
        return expiry.expiry(self.licence_expires_on, on)


def depots() -> list[DepotRecord]:
    """Return all depots, open ones first."""
    return _depots()


def depot(ref: UUID) -> DepotRecord:
    """Return a depot.

    Raises:
        NotFound: there is none.

    """
    return _only(_depots(Place.ref == ref), "depot")


def trucks() -> list[TruckRecord]:
    """Return all trucks, open ones first."""
    return _trucks()


def truck(ref: UUID) -> TruckRecord:
    """Return a truck.

    Raises:
        NotFound: there is none.

    """
    return _only(_trucks(Place.ref == ref), "truck")


def expiring(on: date) -> int:
    """Return how many open trucks have a licence that is over or ends soon."""
    return sum(one.active and one.expiry(on) is not None for one in _trucks())


def is_new() -> bool:
    """Tell whether the company has no open depot or no open size yet."""
    depot = exists().where(Place.kind == PlaceKind.DEPOT, Place.active)
    size = exists().where(Equipment.active)
    return not db.session.scalar(select(depot & size))


def _depots(*which: ColumnElement[bool]) -> list[DepotRecord]:
    home = aliased(Place)
    trucks = (
        select(func.count())
        .select_from(Vehicle)
        .join(home, home.id == Vehicle.place_id)
        .where(Vehicle.home_depot_id == Place.id, home.active)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Place, Depot, trucks)
        .join(Depot, Depot.place_id == Place.id)
        .where(*which)
        .order_by(Place.active.desc(), Place.name, Place.id)
    )
    return [
        DepotRecord(
            ref=place.ref,
            code=place.code,
            name=place.name,
            address=row.address,
            phone=row.phone,
            active=place.active,
            version=place.version,
            trucks=count or 0,
        )
        for place, row, count in rows
    ]


def _trucks(*which: ColumnElement[bool]) -> list[TruckRecord]:
    home = aliased(Place)
    rows = db.session.execute(
        select(Place, Vehicle, home)
        .join(Vehicle, Vehicle.place_id == Place.id)
        .join(home, home.id == Vehicle.home_depot_id)
        .where(*which)
        .order_by(Place.active.desc(), Vehicle.plate)
    )
    return [
        TruckRecord(
            ref=place.ref,
            name=place.name,
            plate=row.plate,
            home_depot=depot.code,
            home=depot.name,
            licence_expires_on=row.licence_expires_on,
            max_gross_kg=row.max_gross_kg,
            active=place.active,
            version=place.version,
        )
        for place, row, depot in rows
    ]


def _only[T](found: list[T], what: str) -> T:
    if not found:
        raise NotFound(what=what)
    return found[0]
