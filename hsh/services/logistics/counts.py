"""Stock counts: what was counted at a depot or truck, held against the ledger, and put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID, uuid5

from sqlalchemy import delete

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.refs import short_code
from hsh.core.refusals import CountClosed, Invalid, StaleVersion
from hsh.core.roles import require
from hsh.core.words import Condition, CorrectionKind, PlaceKind
from hsh.db import append_all, atomic, db
from hsh.models.logistics import StockCount, StockCountLine
from hsh.models.registry import Place
from hsh.queries.books import levels
from hsh.queries.logistics import counts, places
from hsh.queries.logistics.counts import Counted
from hsh.queries.registry import limits
from hsh.services.books import approvals, audit
from hsh.services.books.submissions import once
from hsh.services.logistics.corrections import AdjustStock, StockLine, items_of, post_correction

RECORD = "count"


@dataclass(frozen=True, kw_only=True)
class OpenCount(Command):
    """The cylinders at ``place`` are going to be counted."""

    op: ClassVar[str] = "count.open"
    place: UUID


@dataclass(frozen=True, kw_only=True)
class CountLine:
    """So many of one size (by code) were counted in one condition."""

    equipment: str
    condition: Condition
    counted: int


@dataclass(frozen=True, kw_only=True)
class SaveCount(Command):
    """What was counted at the moment ``counted_at``, in place of what was entered before."""

    op: ClassVar[str] = "count.save"
    count: UUID
    version: int
    counted_at: datetime | None = None
    lines: tuple[CountLine, ...]


@dataclass(frozen=True, kw_only=True)
class CloseCount(Command):
    """The count stands, as it was at ``version``: the ledger is put right by what differs."""

    op: ClassVar[str] = "count.close"
    count: UUID
    version: int
    reason: str


@atomic
@once
def open_count(command: OpenCount) -> Outcome:
    """Open a count.

    Raises:
        NotFound: there is no such place, or it is not theirs.
        Invalid: it is no depot or truck.

    """
    require(command.actor.roles, command.op)
    place = places.own_or_outside(command.actor, command.place)
    if place.kind not in {PlaceKind.DEPOT, PlaceKind.TRUCK}:
        raise Invalid(field="place", reason="not_a_store")
    row = StockCount(
        ref=command.submission,
        place_id=place.id,
        opened_by=command.actor.id,
        opened_at=clock.now(),
        version=1,
    )
    db.session.add(row)
    return _written(command, row)


@atomic
@once
def save_count(command: SaveCount) -> Outcome:
    """Keep what was counted beside what the ledger had at that moment.

    Raises:
        NotFound: there is no such count, or it is not theirs.
        CountClosed: it was closed.
        StaleVersion: someone else entered something meanwhile.
        Invalid: a size is unknown, or the moment has not come yet.

    """
    row = _open(command, command.count, command.version)
    now = clock.now()
    at = (command.counted_at or now).astimezone(UTC)
    if at > now:
        raise Invalid(field="counted_at", reason="moment_to_come")
    items = items_of(command.lines) if command.lines else {}
    there = levels.shelves([row.place_id], at)[row.place_id]
    db.session.execute(delete(StockCountLine).where(StockCountLine.count_id == row.id))
    append_all(
        StockCountLine,
        [
            {
                "count_id": row.id,
                "equipment_id": items[line.equipment],
                "condition": line.condition,
                "counted": line.counted,
                "expected": there.get((line.equipment, line.condition), 0),
            }
            for line in command.lines
        ],
    )
    row.counted_at, row.version = at, row.version + 1
    return _written(command, row)


def close_count(command: CloseCount) -> Outcome:
    """Put the ledger right by what differs, or ask for approval where that is much.

    What moved since the counting stays as it is: the difference is carried over, not the figure.

    Raises:
        NotFound: there is no such count, or it is not theirs.
        CountClosed: it was closed.
        StaleVersion: someone entered something else meanwhile.
        NotEnoughStock: what is missing by the count was moved away since.

    """
    row = _open(command, command.count, command.version)
    limit = limits.approval(CorrectionKind.ADJUST)
    differs = sum(abs(line.variance) for line in counts.lines(row))
    if command.asked_by is not None or limit is None or differs <= limit:
        return _close(command)
    depot = places.depot_of(db.session.get_one(Place, row.place_id))
    return approvals.ask(command, about=row.ref, depot=depot, reason=command.reason)


@atomic
@once
def _close(command: CloseCount) -> Outcome:
    row = _open(command, command.count, command.version)
    differing = [line for line in counts.lines(row) if line.variance]
    if differing:
        row.correction_ref = _put_right(command, row, differing).ref
    row.closed_at, row.closed_by = clock.now(), command.actor.id
    row.version += 1
    return _written(command, row)


def _put_right(command: CloseCount, row: StockCount, differing: list[Counted]) -> Outcome:
    return post_correction(
        AdjustStock(
            actor=command.actor,
            submission=uuid5(command.submission, "adjustment"),
            asked_by=command.asked_by,
            place=db.session.get_one(Place, row.place_id).ref,
            reason=f"{short_code(row.ref)}: {command.reason}"[:1_000],
            lines=tuple(
                StockLine(equipment=line.code, condition=line.condition, quantity=line.variance)
                for line in differing
            ),
        )
    )


def _open(command: Command, ref: UUID, version: int) -> StockCount:
    """Lock a count that is still open, as it was at ``version``."""
    require(command.actor.roles, command.op)
    row = counts.load(command.actor, ref, lock=True)
    if row.closed_at:
        raise CountClosed
    if row.version != version:
        raise StaleVersion(what="count")
    return row


def _written(command: Command, row: StockCount) -> Outcome:
    db.session.flush()
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=row.ref,
        after=picture(row),
        at=row.opened_at if row.version == 1 else None,
    )
    return Outcome(record=RECORD, ref=row.ref)


def picture(row: StockCount) -> dict[str, object]:
    """Return what the audit log keeps of a count."""
    return {
        "place": row.place_id,
        "counted_at": row.counted_at,
        "closed_at": row.closed_at,
        "correction": row.correction_ref,
        "version": row.version,
        "lines": [
            {
                "equipment": line.equipment,
                "condition": line.condition,
                "counted": line.counted,
                "expected": line.expected,
            }
            for line in counts.lines(row)
        ],
    }
