"""Stock that moves without truck or customer: counts, transfers, the supplier, dumps, losses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol
from uuid import UUID

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.refusals import AlreadyReversed, Invalid
from hsh.core.roles import require
from hsh.core.stock import Move, Spot, is_known
from hsh.core.words import (
    Condition,
    CorrectionKind,
    MoveKind,
    Outside,
    PlaceKind,
    Series,
)
from hsh.db import append, atomic, db
from hsh.models.logistics import Correction
from hsh.models.registry import Equipment, Place
from hsh.queries.logistics import corrections, places
from hsh.queries.registry import limits
from hsh.queries.registry.places import outside
from hsh.services.books import approvals, audit, ledger, numbering
from hsh.services.books.submissions import once

RECORD = "correction"
REASON_MOST = 1_000
"""Most characters of a reason."""
SERIES = {
    CorrectionKind.OPEN: Series.ADJUSTMENT,
    CorrectionKind.ADJUST: Series.ADJUSTMENT,
    CorrectionKind.TRANSFER: Series.TRANSFER,
    CorrectionKind.DUMP: Series.DUMP,
    CorrectionKind.WRITE_OFF: Series.WRITE_OFF,
}


class HasSize(Protocol):
    """What names a size by its code."""

    @property
    def equipment(self) -> str:
        """Return the code."""
        ...


@dataclass(frozen=True, kw_only=True)
class StockLine:
    """So many of one size (by code) in one condition.

    For an adjustment a negative quantity is missing, a positive one was found.
    """

    equipment: str
    condition: Condition
    quantity: int


@dataclass(frozen=True, kw_only=True)
class CorrectStock(Command):
    """The stock of ``place`` changes by ``lines``. ``other`` is where it goes, if anywhere."""

    kind: ClassVar[CorrectionKind]
    place: UUID
    other: UUID | None = None
    reason: str
    lines: tuple[StockLine, ...]


@dataclass(frozen=True, kw_only=True)
class AdjustStock(CorrectStock):
    """A count at ``place``, a depot, truck or site, differs from the ledger by ``lines``."""

    op: ClassVar[str] = "stock.adjust"
    kind: ClassVar[CorrectionKind] = CorrectionKind.ADJUST


@dataclass(frozen=True, kw_only=True)
class TransferStock(CorrectStock):
    """Stock goes from ``place`` to ``other``: depots, or a depot and the supplier."""

    op: ClassVar[str] = "stock.transfer"
    kind: ClassVar[CorrectionKind] = CorrectionKind.TRANSFER


@dataclass(frozen=True, kw_only=True)
class DumpStock(CorrectStock):
    """The gas of full or part cylinders at ``place`` was let out: they are empty now."""

    op: ClassVar[str] = "stock.dump"
    kind: ClassVar[CorrectionKind] = CorrectionKind.DUMP


@dataclass(frozen=True, kw_only=True)
class WriteOffStock(CorrectStock):
    """What was at ``place`` is gone for good, to ``other``: scrap or loss."""

    op: ClassVar[str] = "stock.write_off"
    kind: ClassVar[CorrectionKind] = CorrectionKind.WRITE_OFF


@dataclass(frozen=True, kw_only=True)
class ReverseCorrection(Command):
    """A correction was a mistake: everything goes back. ``reason`` says why."""

    op: ClassVar[str] = "stock.reverse"
    correction: UUID
    reason: str


def correct_stock(command: CorrectStock) -> Outcome:
    """Move the stock that ``command`` names, or ask for approval where there is so much of it.

    Raises:
        NotFound: a place is not there, or not theirs.
        Invalid: the reason or a line will not do.
        NotEnoughStock: a place does not hold that many.

    """
    if _may_do(command, command.kind, command.lines):
        return post_correction(command)
    _kind, ends, _moves = read_correction(command)
    depot = places.depot_of(next(end for end in reversed(ends) if end.kind != PlaceKind.OUTSIDE))
    return approvals.ask(command, about=command.place, depot=depot, reason=command.reason)


@atomic
@once
def post_correction(command: CorrectStock) -> Outcome:
    """Move the stock that ``command`` names, under a number of its own.

    Raises:
        Refusal: as ``correct_stock``.

    """
    return seal(command, *read_correction(command))


def _may_do(command: Command, kind: CorrectionKind, lines: Iterable[StockLine | Move]) -> bool:
    """Tell whether nobody else has to approve it: someone did, or it is little enough."""
    limit = limits.approval(kind)
    quantity = sum(abs(line.quantity) for line in lines)
    return command.asked_by is not None or limit is None or quantity <= limit


def read_correction(
    command: CorrectStock,
) -> tuple[CorrectionKind, tuple[Place, Place], list[Move]]:
    """Return from where to where what is to move; it is not known yet whether it is there."""
    require(command.actor.roles, command.op)
    place = places.correctable(command.actor, command.place)
    other = places.correctable(command.actor, command.other) if command.other else None
    ends = _ends(command.kind, place, other)
    items = items_of(command.lines)
    moves = [move_of(command.kind, ends, line, items) for line in command.lines]
    return command.kind, ends, moves


def reverse_correction(command: ReverseCorrection) -> Outcome:
    """Move everything back, under a number of its own, or ask for approval; both stay.

    Raises:
        NotFound: there is no such correction, or not all of its places are theirs.
        AlreadyReversed: it was taken back before.
        Invalid: it takes another one back itself, or the reason is missing.
        NotEnoughStock: what it brought is not there any more.

    """
    first, ends, moves = _taken_back(command)
    if _may_do(command, CorrectionKind(first.kind), moves):
        return _reverse(command)
    depot = places.depot_of(next(end for end in ends if end.kind != PlaceKind.OUTSIDE))
    return approvals.ask(command, about=first.ref, depot=depot, reason=command.reason)


@atomic
@once
def _reverse(command: ReverseCorrection) -> Outcome:
    first, ends, moves = _taken_back(command, lock=True)
    return seal(command, CorrectionKind(first.kind), ends, moves, reverses=first)


def _taken_back(
    command: ReverseCorrection, *, lock: bool = False
) -> tuple[Correction, tuple[Place, Place], list[Move]]:
    """Return the correction that goes back, and what moves from where to where then."""
    require(command.actor.roles, command.op)
    first = corrections.load(command.actor, command.correction, lock=lock)
    if first.reverses_id is not None:
        raise Invalid(field="reason", reason="reversed_correction")
    later = db.session.scalar(select(Correction.number).where(Correction.reverses_id == first.id))
    if later:
        raise AlreadyReversed(number=later)
    ends = (
        places.correctable(command.actor, db.session.get_one(Place, first.to_place_id).ref),
        places.correctable(command.actor, db.session.get_one(Place, first.from_place_id).ref),
    )
    made = ledger.moves_of(ledger.Source(type=RECORD, id=first.id))
    return first, ends, [move.reversed() for move in made]


def _ends(kind: CorrectionKind, place: Place, other: Place | None) -> tuple[Place, Place]:
    """Return from where to where stock moves; whether it may is asked of each line."""
    match kind:
        case CorrectionKind.OPEN | CorrectionKind.ADJUST:
            return outside(Outside.COUNT), place
        case CorrectionKind.DUMP:
            return place, place
        case CorrectionKind.TRANSFER | CorrectionKind.WRITE_OFF:
            if other is None:
                raise Invalid(field="other", reason="missing")
            return place, other


def items_of(lines: Iterable[HasSize]) -> dict[str, int]:
    """Return the ids of the sizes of ``lines``, by code.

    Raises:
        Invalid: there are no lines, or one is of a size that is not carried.

    """
    codes = {line.equipment for line in lines}
    if not codes:
        raise Invalid(field="lines", reason="nothing_planned")
    found = dict(
        db.session.execute(
            select(Equipment.code, Equipment.id).where(Equipment.code.in_(codes), Equipment.active)
        ).all()
    )
    if found.keys() != codes:
        raise Invalid(field="lines", reason="unknown_equipment")
    return found


_MOVES = {
    CorrectionKind.OPEN: MoveKind.ADJUSTMENT,
    CorrectionKind.ADJUST: MoveKind.ADJUSTMENT,
    CorrectionKind.TRANSFER: MoveKind.TRANSFER,
    CorrectionKind.DUMP: MoveKind.DUMP,
    CorrectionKind.WRITE_OFF: MoveKind.WRITE_OFF,
}


def move_of(
    kind: CorrectionKind, ends: tuple[Place, Place], line: StockLine, items: dict[str, int]
) -> Move:
    """Return the move that ``line`` stands for; only an adjustment may go the other way."""
    missing = line.quantity < 0
    source, target = reversed(ends) if missing else ends
    move = Move(
        kind=_MOVES[kind],
        equipment=items[line.equipment],
        source=_spot(source, line.condition),
        target=_spot(
            target, Condition.EMPTY if kind == CorrectionKind.DUMP else line.condition
        ),
        quantity=abs(line.quantity),
    )  # fmt: skip
    can_go = kind == CorrectionKind.ADJUST or not missing
    if not (can_go and is_known(move) and _is_seen(line.condition, *ends)):
        raise Invalid(field="lines", reason="line_not_possible")
    return move


def _spot(place: Place, condition: Condition) -> Spot:
    return Spot(place=place.id, kind=PlaceKind(place.kind), condition=condition)


def _is_seen(condition: Condition, *ends: Place) -> bool:
    """Tell whether cylinders can be in ``condition`` there: at a site they are held."""
    return (condition == Condition.HELD) == any(end.kind == PlaceKind.SITE for end in ends)


def seal(
    command: CorrectStock | ReverseCorrection,
    kind: CorrectionKind,
    ends: tuple[Place, Place],
    moves: list[Move],
    *,
    reverses: Correction | None = None,
) -> Outcome:
    """Give the correction its number, write it, post its moves, and audit it.

    Unlike a sale, the record needs its number at once; corrections are rare enough to hold the
    counter while the stock moves.
    """
    if not command.reason.strip():
        raise Invalid(field="reason", reason="missing")
    at = clock.now()
    held = ledger.lock(moves)
    series = SERIES[kind]
    number = numbering.take(series, year=clock.business_date(at).year)[series]
    row = append(
        Correction,
        ref=command.submission,
        number=number,
        kind=kind,
        from_place_id=ends[0].id,
        to_place_id=ends[1].id,
        reason=command.reason,
        confirmed_by=command.actor.id,
        confirmed_at=at,
        reverses_id=reverses.id if reverses else None,
    )
    levels = ledger.post(moves, held, source=ledger.Source(type=RECORD, id=row), at=at)
    told = {"from": ends[0].code, "to": ends[1].code, "reason": command.reason}
    if reverses:
        told["reverses"] = reverses.number
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=command.submission,
        number=number,
        before=ledger.told(held),
        after=told | ledger.told(levels),
        at=at,
    )
    return Outcome(record=RECORD, ref=command.submission, number=number)
