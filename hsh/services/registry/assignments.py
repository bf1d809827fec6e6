"""Who drives which truck on which days (law 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import or_, select

from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid, NotFound
from hsh.core.roles import Role, require
from hsh.db import atomic, db
from hsh.models.people import User, UserRole
from hsh.models.registry import Assignment, Place, Vehicle
from hsh.services.books.audit import By
from hsh.services.books.submissions import once
from hsh.services.registry import records, versions


@dataclass(frozen=True, kw_only=True)
class NewAssignment:
    """A truck given to a driver (both ids) from a day to a day; None: until further notice."""

    driver: int
    truck: int
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class AssignTruck(Command):
    """A truck is given to a driver from a day to a day; None: until further notice."""

    op: ClassVar[str] = "truck.assign"
    driver: UUID
    truck: UUID
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, kw_only=True)
class EditAssignment(Command):
    """The day that an assignment ends with, as an admin saw it at ``version``."""

    op: ClassVar[str] = "assignment.edit"
    record: int
    version: int
    ends_on: date | None


@atomic
@once
def give_truck(command: AssignTruck) -> Outcome:
    """Give a truck to a driver; others may have it on the same days.

    Raises:
        NotFound: there is no such driver.
        Invalid: the truck is closed, the driver has it then already, or the days will not do.

    """
    require(command.actor.roles, command.op)
    driver = db.session.scalar(select(User).where(User.ref == command.driver).with_for_update())
    if driver is None:
        raise NotFound(what="user")
    new = NewAssignment(
        driver=driver.id,
        truck=_truck(command.truck),
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    _require_free(new)
    return versions.outcome(assign_truck(new, by=command))


@atomic
@once
def edit_assignment(command: EditAssignment) -> Outcome:
    """Let an assignment end on a day, or go on until further notice.

    Raises:
        NotFound: there is none.
        StaleVersion: someone changed it meanwhile.
        Invalid: it would end before it begins, or the driver has the truck anew by then.

    """
    require(command.actor.roles, command.op)
    row = versions.locked(Assignment, command.record, seen=command.version)
    wanted = NewAssignment(
        driver=row.driver_id, truck=row.truck_id, starts_on=row.starts_on, ends_on=command.ends_on
    )
    _require_order(wanted)
    _require_free(wanted, but=row.id)
    with versions.change(row, command):
        row.ends_on = command.ends_on
    return versions.outcome(row)


@atomic
def assign_truck(new: NewAssignment, *, by: By) -> Assignment:
    """Give a truck to a driver; others may have it on the same days."""
    _require_driver(new.driver)
    _require_order(new)
    row = Assignment(
        driver_id=new.driver,
        truck_id=new.truck,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        version=1,
    )
    return records.register(row, "truck.assign", by, ref=versions.ref(row))


def _require_order(new: NewAssignment) -> None:
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise Invalid(field="ends_on", reason="ends_before_start")


def _require_free(new: NewAssignment, *, but: int = 0) -> None:
    """Refuse days on which the driver has the truck by an assignment other than ``but``."""
    query = select(Assignment.id).where(
        Assignment.driver_id == new.driver,
        Assignment.truck_id == new.truck,
        Assignment.id != but,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= new.starts_on),
    )
    if new.ends_on is not None:
        query = query.where(Assignment.starts_on <= new.ends_on)
    if db.session.scalar(query.limit(1)) is not None:
        raise Invalid(field="ends_on" if but else "starts_on", reason="has_truck_then")


def _truck(ref: UUID) -> int:
    found = db.session.scalar(
        select(Vehicle.place_id)
        .join(Place, Place.id == Vehicle.place_id)
        .where(Place.ref == ref, Place.active)
    )
    if found is None:
        raise Invalid(field="truck", reason="no_such_truck")
    return found


def _require_driver(user: int) -> None:
    held = select(UserRole.user_id).where(UserRole.user_id == user, UserRole.role == Role.DRIVER)
    if db.session.scalar(held) is None:
        raise Invalid(field="driver", reason="lacks_role")
