"""From what a person chooses who plans a distribution: depots, trucks and their drivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.db import db
from hsh.models.logistics import Distribution
from hsh.models.people import User, UserRole
from hsh.models.registry import Assignment, Place, Vehicle
from hsh.queries import scope


@dataclass(frozen=True, kw_only=True)
class DepotChoice:
    """A depot to load from and unload to."""

    id: int
    ref: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class TruckChoice:
    """A truck that is theirs to drive or to dispatch; ``home`` is its depot's id."""

    id: int
    ref: UUID
    name: str
    plate: str
    home: int


@dataclass(frozen=True, kw_only=True)
class DriverChoice:
    """Someone who drives ``truck`` (an id) on the day."""

    id: int
    ref: UUID
    name: str
    truck: int


@dataclass(frozen=True, kw_only=True)
class Choices:
    """All that can be chosen for one day."""

    depots: Sequence[DepotChoice]
    trucks: Sequence[TruckChoice]
    drivers: Sequence[DriverChoice]


def on(actor: Actor, day: date) -> Choices:
    """Return what ``actor`` can choose from for the day."""
    trucks = trucks_for(actor, day)
    return Choices(
        depots=depots_for(actor), trucks=trucks, drivers=_drivers([t.id for t in trucks], day)
    )


def depots_for(actor: Actor) -> list[DepotChoice]:
    """Return the depots that ``actor`` may load from or oversees."""
    rows = db.session.execute(
        select(Place.id, Place.ref, Place.name)
        .where(Place.id.in_(scope.depots(actor)))
        .order_by(Place.name)
    )
    return [DepotChoice(id=row.id, ref=row.ref, name=row.name) for row in rows]


def trucks_for(actor: Actor, day: date) -> list[TruckChoice]:
    """Return the trucks that ``actor`` may drive or dispatch on the day."""
    rows = db.session.execute(
        select(Place.id, Place.ref, Place.name, Vehicle.plate, Vehicle.home_depot_id)
        .join(Vehicle, Vehicle.place_id == Place.id)
        .where(Place.id.in_(scope.trucks(actor, day)))
        .order_by(Vehicle.plate)
    )
    return [
        TruckChoice(
            id=row.id, ref=row.ref, name=row.name, plate=row.plate, home=row.home_depot_id
        )
        for row in rows
    ]  # fmt: skip


def last_depot(truck: int) -> int | None:
    """Return the id of the depot that ``truck`` went to last, if it ever went to one."""
    return db.session.scalar(
        select(Distribution.depot_id)
        .where(Distribution.truck_id == truck)
        .order_by(Distribution.planned_on.desc(), Distribution.id.desc())
        .limit(1)
    )


def _drivers(trucks: Sequence[int], day: date) -> list[DriverChoice]:
    rows = db.session.execute(
        select(User.id, User.ref, User.name, Assignment.truck_id)
        .join(UserRole, UserRole.user_id == User.id)
        .join(Assignment, Assignment.driver_id == User.id)
        .where(
            User.active,
            UserRole.role == Role.DRIVER,
            Assignment.truck_id.in_(trucks),
            Assignment.starts_on <= day,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
        )
        .distinct()
        .order_by(User.name, User.id, Assignment.truck_id)
    )
    return [
        DriverChoice(id=row.id, ref=row.ref, name=row.name, truck=row.truck_id)
        for row in rows
    ]  # fmt: skip
