"""What places held at any moment: their levels now, less what moved since (law 1).

A month's end reads the moves of a few weeks, however old the books are; adding up from their first
day would read all of them. Both come to the same, because a level is the sum of its moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, select, union_all

from hsh.core.words import Condition, PlaceKind
from hsh.db import db
from hsh.models.books import StockLevel, StockMove
from hsh.models.registry import Equipment, Place
from hsh.queries import days
from hsh.queries.logistics.stock import Shelf

type Key = tuple[int, str, Condition]
"""Place (by id), code of the size, condition."""
type Places = Collection[int] | Select[int]
"""Places by their ids, or what finds them."""


def shelves(places: Collection[int], at: datetime) -> dict[int, Shelf]:
    """Return what each of ``places`` (ids) held at the moment ``at``, its own moves included."""
    found: defaultdict[int, dict[tuple[str, Condition], int]] = defaultdict(dict)
    for (place, code, condition), quantity in before(places, StockMove.moved_at > at).items():
        found[place][code, condition] = quantity
    return {place: found[place] for place in places}


def at_end_of(places: Places, day: date) -> dict[Key, int]:
    """Return what ``places`` held when ``day`` was over; no zeros."""
    _begin, end = days.span(None, day)
    return before(places, StockMove.moved_at >= end)


def before(places: Places, undone: ColumnElement[bool]) -> dict[Key, int]:
    """Return what ``places`` hold without the moves for which ``undone`` is true; no zeros.

    One statement, so that no act comes in between levels and moves.
    """
    changes = union_all(
        select(
            StockLevel.place_id.label("place"),
            StockLevel.equipment_id.label("equipment"),
            StockLevel.condition.label("state"),
            StockLevel.quantity.label("quantity"),
        ).where(StockLevel.place_id.in_(places)),
        _came(places, undone),
        _left(places, undone),
    ).subquery()
    total = func.sum(changes.c.quantity)
    rows = db.session.execute(
        select(changes.c.place, Equipment.code, changes.c.state, total)
        .join(Equipment, Equipment.id == changes.c.equipment)
        .group_by(changes.c.place, Equipment.code, changes.c.state)
        .having(total != 0)
    )
    return {(place, code, Condition(state)): int(quantity) for place, code, state, quantity in rows}


def with_customers(at: datetime) -> dict[str, int]:
    """Return how many of each size (by code) all sites together held at the moment ``at``.

    All levels of a size add up to zero, so it is what is missing everywhere else: at thousands of
    sites nothing has to be added up.
    """
    elsewhere = db.session.scalars(select(Place.id).where(Place.kind != PlaceKind.SITE)).all()
    held: defaultdict[str, int] = defaultdict(int)
    for (_place, code, _state), quantity in before(elsewhere, StockMove.moved_at > at).items():
        held[code] -= quantity
    return dict(held)


def _came(places: Places, which: ColumnElement[bool]) -> Select[int, int, str, int]:
    return select(
        StockMove.to_place_id,
        StockMove.equipment_id,
        StockMove.to_condition,
        -StockMove.quantity,
    ).where(StockMove.to_place_id.in_(places), which)


def _left(places: Places, which: ColumnElement[bool]) -> Select[int, int, str, int]:
    return select(
        StockMove.from_place_id,
        StockMove.equipment_id,
        StockMove.from_condition,
        StockMove.quantity,
    ).where(StockMove.from_place_id.in_(places), which)
