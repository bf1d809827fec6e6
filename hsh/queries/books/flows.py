"""All stock moves, added up by what moved from where to where."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from sqlalchemy import func, select

from hsh.models.books import StockMove
from hsh.queries.law import Books


class Flow(NamedTuple):
    """Everything that moved under one kind between two spots."""

    kind: str
    equipment: int
    source: int
    source_condition: str
    target: int
    target_condition: str


class Level(NamedTuple):
    """What a quantity is kept for."""

    place: int
    equipment: int
    condition: str


def flows(books: Books) -> Counter[Flow]:
    """Return the quantity of each flow, of all moves there ever were."""
    return Counter({Flow(*row[:-1]): int(row[-1]) for row in books.rows(_SUMS)})


def levels(books: Books) -> Counter[Level]:
    """Return what the moves add up to, for every spot that a move touched."""
    total: Counter[Level] = Counter()
    for flow, quantity in books.remembered(flows).items():
        total[Level(flow.source, flow.equipment, flow.source_condition)] -= quantity
        total[Level(flow.target, flow.equipment, flow.target_condition)] += quantity
    return total


_KEY = (
    StockMove.kind,
    StockMove.equipment_id,
    StockMove.from_place_id,
    StockMove.from_condition,
    StockMove.to_place_id,
    StockMove.to_condition,
)
_SUMS = select(*_KEY, func.sum(StockMove.quantity)).group_by(*_KEY)
"""In the order of the index ix_stock_moves_flow: nothing is sorted, and no row is looked up."""
