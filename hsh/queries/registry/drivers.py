"""Drivers: what they are permitted to do, and which trucks are theirs on which days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from hsh.core import expiry
from hsh.core.expiry import Expiry
from hsh.core.refusals import NotFound
from hsh.core.roles import Role
from hsh.core.words import PermitKind
from hsh.db import db
from hsh.models.people import User, UserRole
from hsh.models.registry import Assignment, Permit, Place, Vehicle


@dataclass(frozen=True, kw_only=True)
class PermitRecord:
    """A permit as the registry keeps it."""

    ref: UUID
    driver: UUID
    kind: PermitKind
    number: str
    expires_on: date
    active: bool
    version: int

    def expiry(self, on: date) -> Expiry | None:
        """Return what is to be said of it on a day."""
        return expiry.expiry(self.expires_on, on) if self.active else None


@dataclass(frozen=True, kw_only=True)
class AssignmentRecord:
    """A truck given to a driver from a day to a day."""

    id: int
    driver: UUID
    driver_id: int
    truck: str
    truck_id: int
    plate: str
    starts_on: date
    ends_on: date | None
    version: int

    def holds(self, on: date) -> bool:
        """Tell whether the truck is theirs on a day."""
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)


@dataclass(frozen=True, kw_only=True)
class DriverRecord:
    """Someone who drives, or drove."""

    ref: UUID
    name: str
    active: bool
    """Whether they are a driver who can log in."""
    permits: Sequence[PermitRecord]
    assignments: Sequence[AssignmentRecord]

    def plates(self, on: date) -> list[str]:
        """Return the plates of the trucks that are theirs on a day."""
        return [one.plate for one in self.assignments if one.holds(on)]

    def to_see_to(self, on: date) -> list[PermitRecord]:
        """Return the permits that are over or end soon."""
        return [permit for permit in self.permits if permit.expiry(on)]


def everyone() -> list[DriverRecord]:
    """Return all drivers by name, those who drive first."""
    return sorted(_drivers(), key=lambda one: not one.active)


def one(ref: UUID) -> DriverRecord:
    """Return a driver.

    Raises:
        NotFound: there is none.

    """
    found = _drivers(User.ref == ref)
    if not found:
        raise NotFound(what="user")
    return found[0]


def permit(ref: UUID) -> PermitRecord:
    """Return a permit.

    Raises:
        NotFound: there is none.

    """
    found = [one for some in _permits(Permit.ref == ref).values() for one in some]
    if not found:
        raise NotFound(what="permit")
    return found[0]


def assignment(key: int) -> AssignmentRecord:
    """Return a truck's assignment.

    Raises:
        NotFound: there is none.

    """
    found = [one for some in _assignments(Assignment.id == key).values() for one in some]
    if not found:
        raise NotFound(what="assignment")
    return found[0]


def open_trucks() -> list[tuple[str, str]]:
    """Return the ref and the plate of each truck that is open."""
    rows = db.session.execute(
        select(Place.ref, Vehicle.plate)
        .join(Vehicle, Vehicle.place_id == Place.id)
        .where(Place.active)
        .order_by(Vehicle.plate)
    )
    return [(str(ref), plate) for ref, plate in rows]


def expiring(on: date) -> int:
    """Return how many drivers have a permit that is over or ends soon."""
    return sum(one.active and bool(one.to_see_to(on)) for one in _drivers())


def _drivers(*which: ColumnElement[bool]) -> list[DriverRecord]:
    driving = select(UserRole.user_id).where(UserRole.role == Role.DRIVER)
    drove = select(Assignment.driver_id)
    people = db.session.execute(
        select(User.id, User.ref, User.name, User.active, User.id.in_(driving).label("drives"))
        .where(User.id.in_(driving) | User.id.in_(drove), *which)
        .order_by(User.name, User.id)
    ).all()
    ids = [person.id for person in people]
    permits = _permits(Permit.driver_id.in_(ids))
    assignments = _assignments(Assignment.driver_id.in_(ids))
    return [
        DriverRecord(
            ref=person.ref,
            name=person.name,
            active=bool(person.active and person.drives),
            permits=permits[person.ref],
            assignments=assignments[person.ref],
        )
        for person in people
    ]


def _permits(*which: ColumnElement[bool]) -> defaultdict[UUID, list[PermitRecord]]:
    rows = db.session.execute(
        select(Permit, User.ref)
        .join(User, User.id == Permit.driver_id)
        .where(*which)
        .order_by(Permit.active.desc(), Permit.expires_on, Permit.id)
    )
    found: defaultdict[UUID, list[PermitRecord]] = defaultdict(list)
    for row, driver in rows:
        found[driver].append(
            PermitRecord(
                ref=row.ref,
                driver=driver,
                kind=PermitKind(row.kind),
                number=row.number,
                expires_on=row.expires_on,
                active=row.active,
                version=row.version,
            )
        )
    return found


def _assignments(*which: ColumnElement[bool]) -> defaultdict[UUID, list[AssignmentRecord]]:
    rows = db.session.execute(
        select(Assignment, User.ref, Place.name, Vehicle.plate)
        .join(User, User.id == Assignment.driver_id)
        .join(Place, Place.id == Assignment.truck_id)
        .join(Vehicle, Vehicle.place_id == Assignment.truck_id)
        .where(*which)
        .order_by(Assignment.starts_on.desc(), Assignment.id.desc())
    )
    found: defaultdict[UUID, list[AssignmentRecord]] = defaultdict(list)
    for row, driver, truck, plate in rows:
        found[driver].append(
            AssignmentRecord(
                id=row.id,
                driver=driver,
                driver_id=row.driver_id,
                truck=truck,
                truck_id=row.truck_id,
                plate=plate,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                version=row.version,
            )
        )
    return found
