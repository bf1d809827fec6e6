"""The moves that records made, to be held against what the records say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from hsh.models.books import StockMove
from hsh.queries.law import Books

type Moves = Mapping[int, list[Moved]]
"""Moves by the id of the record that made them, in one order."""


class Moved(NamedTuple):
    """One move, as plain values that compare and sort."""

    kind: str
    equipment: int
    source: int
    source_condition: str
    target: int
    target_condition: str
    quantity: int

    def back(self) -> Moved:
        """Return the move that undoes this one."""
        return Moved(
            self.kind,
            self.equipment,
            self.target,
            self.target_condition,
            self.source,
            self.source_condition,
            self.quantity,
        )


def made_by(books: Books, source_type: str, first: int, last: int) -> Moves:
    """Return the moves of the records of ``source_type`` with ids from ``first`` to ``last``."""
    moves: defaultdict[int, list[Moved]] = defaultdict(list)
    query = select(
        StockMove.source_id,
        StockMove.kind,
        StockMove.equipment_id,
        StockMove.from_place_id,
        StockMove.from_condition,
        StockMove.to_place_id,
        StockMove.to_condition,
        StockMove.quantity,
    ).where(StockMove.source_type == source_type, StockMove.source_id.between(first, last))
    for record, *move in books.rows(query):
        moves[record].append(Moved(*move))
    for made in moves.values():
        made.sort()
    return moves


def shown(moves: list[Moved]) -> str:
    """Write moves shortly: kind, equipment, from, to, quantity."""
    told = (f"{m.kind} {m.equipment} {m.source}>{m.target} {m.quantity}" for m in moves)
    return f"[{', '.join(told)}]"
