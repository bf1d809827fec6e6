"""Who drives which truck on which days (law 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.refusals import Invalid
from hsh.core.roles import Role
from hsh.db import atomic, db
from hsh.models.registry import Assignment, UserRole
from hsh.services.registry import records


@dataclass(frozen=True, kw_only=True)
class NewAssignment:
    """A truck given to a driver (both ids) from a day to a day; None: until further notice."""

    driver: int
    truck: int
    starts_on: date
    ends_on: date | None = None


@atomic
def assign_truck(new: NewAssignment, *, by: Actor | None) -> None:
    """Give a truck to a driver; others may have it on the same days."""
    _require_driver(new.driver)
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise Invalid(field="ends_on", reason="ends_before_start")
    row = Assignment(
        driver_id=new.driver, truck_id=new.truck, starts_on=new.starts_on, ends_on=new.ends_on
    )
    key = (new.driver, new.truck, new.starts_on)
    ref = records.ref_of(Assignment.__tablename__, *key)
    records.register(row, "truck.assign", by, ref=ref)


def _require_driver(user: int) -> None:
    held = select(UserRole.user_id).where(UserRole.user_id == user, UserRole.role == Role.DRIVER)
    if db.session.scalar(held) is None:
        raise Invalid(field="driver", reason="lacks_role")
