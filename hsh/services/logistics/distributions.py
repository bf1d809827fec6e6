"""Distributions: make a planned exchange real, once; reverse it, if it was a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.refusals import (
    AlreadyReversed,
    Invalid,
    NotConfirmed,
)
from hsh.core.roles import require
from hsh.core.stock import Move, Spot
from hsh.core.words import Condition, Direction, MoveKind, PlaceKind, Series
from hsh.db import atomic, db
from hsh.models.logistics import Distribution, DistributionLine
from hsh.queries.logistics import distributions
from hsh.services.books import ledger, numbering
from hsh.services.books.submissions import once
from hsh.services.logistics import records


@dataclass(frozen=True, kw_only=True)
class ConfirmDistribution(Command):
    """The planned cylinders have changed hands."""

    op: ClassVar[str] = "distribution.confirm"
    distribution: UUID


@dataclass(frozen=True, kw_only=True)
class ReverseDistribution(Command):
    """A confirmed exchange was a mistake; ``reason`` says why."""

    op: ClassVar[str] = "distribution.reverse"
    distribution: UUID
    reason: str


@atomic
@once
def confirm_distribution(command: ConfirmDistribution) -> Outcome:
    """Move the planned cylinders between depot and truck, and number the document."""
    plan = records.lock_draft(command, command.distribution)
    return _seal(plan, _moves(plan), command)


@atomic
@once
def reverse_distribution(command: ReverseDistribution) -> Outcome:
    """Move everything back under a number of its own; both documents stay."""
    require(command.actor.roles, command.op)
    if not command.reason.strip():
        raise Invalid(field="reason", reason="missing")
    first = distributions.load(command.actor, command.distribution, lock=True)
    _check_reversible(first)
    reversal = _mirror(first, command)
    db.session.add(reversal)
    db.session.flush()
    return _seal(reversal, [move.reversed() for move in _moves(first)], command)


def _moves(run: Distribution) -> list[Move]:
    return [_move(run, line) for line in run.lines]


def _move(run: Distribution, line: DistributionLine) -> Move:
    condition = Condition(line.condition)
    depot = Spot(place=run.depot_id, kind=PlaceKind.DEPOT, condition=condition)
    truck = Spot(place=run.truck_id, kind=PlaceKind.TRUCK, condition=condition)
    out = line.direction == Direction.OUT
    return Move(
        kind=MoveKind.LOAD if out else MoveKind.UNLOAD,
        equipment=line.equipment_id,
        source=depot if out else truck,
        target=truck if out else depot,
        quantity=line.quantity,
    )


def _check_reversible(run: Distribution) -> None:
    if run.number is None:
        raise NotConfirmed
    if run.reverses_id is not None:
        raise Invalid(field="reason", reason="reversal_is_final")
    later = db.session.scalar(select(Distribution.number).where(Distribution.reverses_id == run.id))
    if later:
        raise AlreadyReversed(number=later)


def _mirror(first: Distribution, command: ReverseDistribution) -> Distribution:
    return Distribution(
        ref=command.submission,
        depot_id=first.depot_id,
        truck_id=first.truck_id,
        driver_id=first.driver_id,
        planned_on=clock.today(),
        remarks="",
        created_by=command.actor.id,
        created_at=clock.now(),
        reverses_id=first.id,
        reason=command.reason,
        version=1,
        lines=[
            DistributionLine(
                direction=line.direction,
                equipment_id=line.equipment_id,
                condition=line.condition,
                quantity=line.quantity,
            )
            for line in first.lines
        ],
    )


def _seal(run: Distribution, moves: list[Move], command: Command) -> Outcome:
    """Post ``moves``, then number and audit ``run``: the global locks come last."""
    at = clock.now()
    before = records.picture(run)
    held = ledger.lock(moves)
    levels = ledger.post(moves, held, source=ledger.Source(type=records.RECORD, id=run.id), at=at)
    number = numbering.take(Series.DISTRIBUTION, year=clock.business_date(at).year)
    run.number = number[Series.DISTRIBUTION]
    run.confirmed_at, run.confirmed_by = at, command.actor.id
    run.captured_at = command.captured_at
    db.session.flush()
    return records.written(
        run, command, before=before | ledger.told(held), after=ledger.told(levels)
    )
