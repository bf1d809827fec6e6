"""Drafts of distributions, planned, edited, dropped or restored: nothing moves, no number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.refusals import (
    AlreadyConfirmed,
    Invalid,
    NotFound,
    StaleVersion,
)
from hsh.core.roles import Role, require
from hsh.core.words import Condition, Direction, EquipmentKind, PlaceKind
from hsh.db import atomic, db
from hsh.models.logistics import Distribution, DistributionLine
from hsh.models.people import User, UserRole
from hsh.models.registry import Assignment, Equipment, Place
from hsh.queries import scope
from hsh.queries.logistics import distributions
from hsh.services.books.submissions import once
from hsh.services.logistics import records

MOST_OF_A_SIZE = 9_999

_GOES = {
    (Direction.OUT, Condition.FULL),
    (Direction.IN, Condition.EMPTY),
    (Direction.IN, Condition.FULL),
    (Direction.IN, Condition.PART),
}
"""Full out; empty, full or part back."""


@dataclass(frozen=True, kw_only=True)
class PlannedLine:
    """So many of one size (by code) in one condition, out of the depot or into it."""

    direction: Direction
    equipment: str
    condition: Condition
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Plan(Command):
    """What is to be exchanged: shared by planning and editing."""

    depot: UUID
    truck: UUID
    driver: UUID
    planned_on: date
    remarks: str = ""
    lines: tuple[PlannedLine, ...]


@dataclass(frozen=True, kw_only=True)
class PlanDistribution(Plan):
    """Write a draft. Its ref is the submission's UUID."""

    op: ClassVar[str] = "distribution.plan"


@dataclass(frozen=True, kw_only=True)
class EditDistribution(Plan):
    """Change a draft that is still the version that was shown."""

    op: ClassVar[str] = "distribution.edit"
    distribution: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class DropDistribution(Command):
    """Give a draft up."""

    op: ClassVar[str] = "distribution.drop"
    distribution: UUID


@dataclass(frozen=True, kw_only=True)
class RestoreDistribution(Command):
    """A draft that was dropped is wanted after all."""

    op: ClassVar[str] = "distribution.restore"
    distribution: UUID


@atomic
@once
def plan_distribution(command: PlanDistribution) -> Outcome:
    """Write a draft: nothing moves, no number is given."""
    require(command.actor.roles, command.op)
    draft = Distribution(
        ref=command.submission,
        created_by=command.actor.id,
        created_at=clock.now(),
        version=1,
    )
    _fill(draft, command)
    db.session.add(draft)
    db.session.flush()
    return records.written(draft, command, before=None)


@atomic
@once
def edit_distribution(command: EditDistribution) -> Outcome:
    """Change a draft; the second of two editors is told."""
    draft = records.lock_draft(command, command.distribution)
    if draft.version != command.version:
        raise StaleVersion(what=records.RECORD)
    before = records.picture(draft)
    draft.lines.clear()
    db.session.flush()
    _fill(draft, command)
    draft.version += 1
    db.session.flush()
    return records.written(draft, command, before=before)


@atomic
@once
def drop_distribution(command: DropDistribution) -> Outcome:
    """Give a draft up; it stays readable."""
    draft = records.lock_draft(command, command.distribution)
    before = records.picture(draft)
    draft.dropped_at = clock.now()
    db.session.flush()
    return records.written(draft, command, before=before)


@atomic
@once
def restore_distribution(command: RestoreDistribution) -> Outcome:
    """Make a dropped draft a draft again, as it was.

    Raises:
        NotFound: there is none, or it is not theirs.
        AlreadyConfirmed: it was not dropped, it was done.
        Invalid: it was not dropped, or its truck or depot was closed meanwhile.

    """
    require(command.actor.roles, command.op)
    run = distributions.load(command.actor, command.distribution, lock=True)
    if run.number:
        raise AlreadyConfirmed(number=run.number)
    if run.dropped_at is None:
        raise Invalid(reason="not_dropped")
    ends = Place.id.in_([run.depot_id, run.truck_id])
    if db.session.scalar(select(Place.id).where(ends, ~Place.active).limit(1)):
        raise Invalid(reason="closed_meanwhile")
    before = records.picture(run)
    run.dropped_at = None
    db.session.flush()
    return records.written(run, command, before=before)


def _fill(draft: Distribution, plan: Plan) -> None:
    depot = scope.place(plan.actor, plan.depot, on=plan.planned_on)
    truck = scope.place(plan.actor, plan.truck, on=plan.planned_on)
    if depot.kind != PlaceKind.DEPOT or truck.kind != PlaceKind.TRUCK:
        raise NotFound(what="place")
    draft.depot_id, draft.truck_id = depot.id, truck.id
    draft.driver_id = _driver(plan.driver, truck.id, plan.planned_on)
    draft.planned_on, draft.remarks = plan.planned_on, plan.remarks
    draft.lines = _lines(plan.lines)


def _driver(ref: UUID, truck: int, on: date) -> int:
    """Return the driver's id; a driver plans for a driver of that truck on that day."""
    found = db.session.execute(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .join(Assignment, Assignment.driver_id == User.id)
        .where(
            User.ref == ref,
            User.active,
            UserRole.role == Role.DRIVER,
            Assignment.truck_id == truck,
            Assignment.starts_on <= on,
            (Assignment.ends_on.is_(None)) | (Assignment.ends_on >= on),
        )
        .limit(1)
    ).scalar()
    if found is None:
        raise Invalid(field="driver", reason="driver_without_truck")
    return found


def _lines(planned: tuple[PlannedLine, ...]) -> list[DistributionLine]:
    """Sum the lines of each size, direction and condition, as the rulings ask."""
    counts: Counter[tuple[Direction, str, Condition]] = Counter()
    for line in planned:
        if line.quantity < 0 or (line.direction, line.condition) not in _GOES:
            raise Invalid(field="lines", reason="line_not_possible")
        counts[line.direction, line.equipment, line.condition] += line.quantity
    counts = +counts
    if not counts:
        raise Invalid(field="lines", reason="nothing_planned")
    if max(counts.values()) > MOST_OF_A_SIZE:
        raise Invalid(field="lines", reason="too_many", most=MOST_OF_A_SIZE)
    ids = _equipment_ids({(code, condition) for _, code, condition in counts})
    return [
        DistributionLine(
            direction=direction, equipment_id=ids[code], condition=condition, quantity=quantity
        )
        for (direction, code, condition), quantity in sorted(counts.items())
    ]


def _equipment_ids(wanted: set[tuple[str, Condition]]) -> dict[str, int]:
    """Return the ids of the sizes and accessories; an accessory is full, or it is sold."""
    codes = {code for code, _ in wanted}
    rows = db.session.execute(
        select(Equipment.code, Equipment.id, Equipment.kind).where(
            Equipment.code.in_(codes), Equipment.active
        )
    ).all()
    if {row.code for row in rows} != codes:
        raise Invalid(field="lines", reason="unknown_equipment")
    accessories = {row.code for row in rows if row.kind == EquipmentKind.ACCESSORY}
    if any(code in accessories and condition != Condition.FULL for code, condition in wanted):
        raise Invalid(field="lines", reason="line_not_possible")
    return {row.code: row.id for row in rows}
