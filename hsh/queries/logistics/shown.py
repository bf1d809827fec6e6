"""One distribution as its page shows it: with names, people, stock on both sides and its links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refs import short_code
from hsh.core.words import Condition, Direction
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.logistics import Distribution, DistributionLine
from hsh.models.people import User
from hsh.models.registry import Equipment, Place, Vehicle
from hsh.queries.logistics import distributions, states, stock
from hsh.queries.logistics.cautions import Caution, cautions
from hsh.queries.logistics.states import State


@dataclass(frozen=True, kw_only=True)
class Line:
    """So many of one size in one condition, and how many there are now on both sides."""

    code: str
    name: str
    direction: Direction
    condition: Condition
    quantity: int
    at_depot: int
    on_truck: int

    @property
    def missing(self) -> int:
        """How many the side that gives does not have now."""
        there = self.at_depot if self.direction == Direction.OUT else self.on_truck
        return max(0, self.quantity - there)


@dataclass(frozen=True, kw_only=True)
class Other:
    """The distribution that takes this one back, or that this one takes back."""

    ref: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """Who changed a record last, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A distribution, told in full."""

    ref: UUID
    number: str | None
    state: State
    planned_on: date
    remarks: str
    version: int
    depot: str
    depot_ref: UUID
    truck: str
    truck_ref: UUID
    plate: str
    driver: str
    driver_ref: UUID
    lines: Sequence[Line]
    created_by: str
    created_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    captured_at: datetime | None
    """The device's time of the act, when the server heard of it later."""
    dropped_at: datetime | None
    reason: str | None
    reverses: Other | None
    reversed_by: Other | None
    cautions: Sequence[Caution]
    """What to be warned of, while the truck has the load or is to have it."""

    @property
    def short_code(self) -> str:
        """What a draft is called by, for it has no number: the beginning of its ref."""
        return short_code(self.ref)

    def going(self, direction: Direction) -> Sequence[Line]:
        """Return the lines of one direction."""
        return [line for line in self.lines if line.direction == direction]


def show(actor: Actor, ref: UUID) -> Shown:
    """Return the distribution ``ref``.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    run = distributions.load(actor, ref)
    reversal = _other(Distribution.reverses_id == run.id)
    ends = _ends(run)
    people = _people(run)
    state = states.of(run, is_reversed=reversal is not None)
    lines = _lines(run)
    return Shown(
        ref=run.ref,
        number=run.number,
        state=state,
        planned_on=run.planned_on,
        remarks=run.remarks,
        version=run.version,
        **ends,
        driver=people[run.driver_id].name,
        driver_ref=people[run.driver_id].ref,
        lines=lines,
        created_by=people[run.created_by].name,
        created_at=run.created_at,
        confirmed_by=people[run.confirmed_by].name if run.confirmed_by else None,
        confirmed_at=run.confirmed_at,
        captured_at=run.captured_at,
        dropped_at=run.dropped_at,
        reason=run.reason,
        reverses=_other(Distribution.id == run.reverses_id),
        reversed_by=reversal,
        cautions=_cautions(run, state, lines),
    )


def last_change(ref: UUID) -> Change | None:
    """Return who changed the distribution ``ref`` last, as the audit log says."""
    row = db.session.execute(
        select(User.name, AuditEntry.at)
        .join(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.record_ref == ref)
        .order_by(AuditEntry.sequence.desc())
        .limit(1)
    ).one_or_none()
    return Change(name=row.name, at=row.at) if row else None


def _cautions(run: Distribution, state: State, lines: Sequence[Line]) -> list[Caution]:
    """Return what to be warned of: of a draft with its load, of today's with what is on now."""
    is_draft = state == State.PENDING
    if not is_draft and (state != State.CONFIRMED or run.planned_on != clock.today()):
        return []
    load = {(line.direction, line.code, line.condition): line.quantity for line in lines}
    return cautions(
        truck=run.truck_id,
        driver=run.driver_id,
        on=run.planned_on,
        load=load if is_draft else {},
    )


def _ends(run: Distribution) -> dict[str, Any]:
    """Return what both ends are called, and where their pages would be."""
    depot, truck = aliased(Place), aliased(Place)
    row = db.session.execute(
        select(
            depot.name.label("depot"),
            depot.ref.label("depot_ref"),
            truck.name.label("truck"),
            truck.ref.label("truck_ref"),
            Vehicle.plate.label("plate"),
        )
        .select_from(Distribution)
        .join(depot, depot.id == Distribution.depot_id)
        .join(truck, truck.id == Distribution.truck_id)
        .join(Vehicle, Vehicle.place_id == Distribution.truck_id)
        .where(Distribution.id == run.id)
    ).one()
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def _people(run: Distribution) -> dict[int, User]:
    ids = {run.driver_id, run.created_by, run.confirmed_by} - {None}
    return {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(ids)))}


def _other(which: ColumnElement[bool]) -> Other | None:
    row = db.session.execute(
        select(Distribution.ref, Distribution.number).where(which)
    ).one_or_none()
    return Other(ref=row.ref, number=row.number or "") if row else None


def _lines(run: Distribution) -> list[Line]:
    """Return the lines in the order of the sizes: out first, then empty, full and part back."""
    shelves = stock.shelves([run.depot_id, run.truck_id])
    rows = db.session.execute(
        select(DistributionLine, Equipment.code, Equipment.name)
        .join(Equipment, Equipment.id == DistributionLine.equipment_id)
        .where(DistributionLine.distribution_id == run.id)
        .order_by(Equipment.kind.desc(), Equipment.net_kg, Equipment.code, DistributionLine.id)
    )
    lines = [_line(run, row, code, name, shelves) for row, code, name in rows]
    return sorted(lines, key=lambda line: line.direction == Direction.IN)


def _line(
    run: Distribution, row: DistributionLine, code: str, name: str, shelves: dict[int, stock.Shelf]
) -> Line:
    condition = Condition(row.condition)
    return Line(
        code=code,
        name=name,
        direction=Direction(row.direction),
        condition=condition,
        quantity=row.quantity,
        at_depot=shelves[run.depot_id].get((code, condition), 0),
        on_truck=shelves[run.truck_id].get((code, condition), 0),
    )
