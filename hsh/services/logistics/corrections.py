"""Stock that moves without truck or customer: counts that differ, transfers, the supplier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid
from hsh.core.roles import require
from hsh.core.stock import Move, Spot, is_known
from hsh.core.words import Condition, MoveKind, Outside, PlaceKind, Series
from hsh.db import append, atomic, db
from hsh.models.logistics import Correction
from hsh.models.registry import Equipment, Place
from hsh.queries.logistics import places
from hsh.queries.registry.places import outside
from hsh.services.books import audit, ledger, numbering
from hsh.services.books.submissions import once

RECORD = "correction"


@dataclass(frozen=True, kw_only=True)
class StockLine:
    """So many of one size (by code) in one condition.

    For an adjustment a negative quantity is missing, a positive one was found.
    """

    equipment: str
    condition: Condition
    quantity: int


@dataclass(frozen=True, kw_only=True)
class AdjustStock(Command):
    """A count at ``place`` differs from the ledger by ``lines``."""

    op: ClassVar[str] = "stock.adjust"
    place: UUID
    reason: str
    lines: tuple[StockLine, ...]


@dataclass(frozen=True, kw_only=True)
class TransferStock(Command):
    """Stock goes from ``source`` to ``target``: depots, or a depot and the supplier."""

    op: ClassVar[str] = "stock.transfer"
    source: UUID
    target: UUID
    reason: str
    lines: tuple[StockLine, ...]


@atomic
@once
def adjust_stock(command: AdjustStock) -> Outcome:
    """Bring the ledger to what was counted, as moves between outside and the place."""
    require(command.actor.roles, "stock.correct")
    place = places.own_or_outside(command.actor, command.place)
    count = outside(Outside.COUNT)
    items = _items(command.lines)
    moves = [
        _move(
            MoveKind.ADJUSTMENT,
            (count, place) if line.quantity > 0 else (place, count),
            line,
            items,
        )
        for line in command.lines
    ]
    return _seal(command, Series.ADJUSTMENT, (count, place), moves)


@atomic
@once
def transfer_stock(command: TransferStock) -> Outcome:
    """Move stock between two depots, or between a depot and outside."""
    require(command.actor.roles, "stock.correct")
    source = places.own_or_outside(command.actor, command.source)
    target = places.own_or_outside(command.actor, command.target)
    items = _items(command.lines)
    moves = [_move(MoveKind.TRANSFER, (source, target), line, items) for line in command.lines]
    return _seal(command, Series.TRANSFER, (source, target), moves)


def _items(lines: tuple[StockLine, ...]) -> dict[str, int]:
    codes = {line.equipment for line in lines}
    found = dict(
        db.session.execute(
            select(Equipment.code, Equipment.id).where(Equipment.code.in_(codes), Equipment.active)
        ).all()
    )
    if not codes or found.keys() != codes:
        raise Invalid(field="lines", reason="unknown_equipment")
    return found


def _move(
    kind: MoveKind, ends: tuple[Place, Place], line: StockLine, items: dict[str, int]
) -> Move:
    source, target = (
        Spot(place=place.id, kind=PlaceKind(place.kind), condition=line.condition) for place in ends
    )
    move = Move(
        kind=kind,
        equipment=items[line.equipment],
        source=source,
        target=target,
        quantity=abs(line.quantity),
    )
    if not is_known(move):
        raise Invalid(field="lines", reason="line_not_possible")
    return move


def _seal(
    command: AdjustStock | TransferStock,
    series: Series,
    ends: tuple[Place, Place],
    moves: list[Move],
) -> Outcome:
    """Give the correction its number, write it, post its moves, and audit it.

    Unlike a sale, the record needs its number at once; corrections are rare enough to hold the
    counter while the stock moves.
    """
    at = clock.now()
    held = ledger.lock(moves)
    number = numbering.take(series, year=clock.business_date(at).year)[series]
    row = append(
        Correction,
        ref=command.submission,
        number=number,
        kind=command.op.removeprefix("stock."),
        from_place_id=ends[0].id,
        to_place_id=ends[1].id,
        reason=command.reason,
        confirmed_by=command.actor.id,
        confirmed_at=at,
    )
    levels = ledger.post(moves, held, source=ledger.Source(type=RECORD, id=row), at=at)
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=command.submission,
        number=number,
        before=ledger.told(held),
        after={"from": ends[0].code, "to": ends[1].code, "reason": command.reason}
        | ledger.told(levels),
        at=at,
    )
    return Outcome(record=RECORD, ref=command.submission, number=number)
