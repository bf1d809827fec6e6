"""The stock ledger: the only module that writes moves and levels (laws 1 and 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    case,
    or_,
    select,
    update,
)

from hsh.core.refusals import NotEnoughStock
from hsh.core.stock import Move, Spot, is_known
from hsh.core.words import Condition, MoveKind, PlaceKind
from hsh.db import (
    append_last,
    db,
    execute,
    insert_or_ignore,
    notes,
    rows_changed,
    write_left,
)
from hsh.models.books import StockLevel, StockMove
from hsh.models.registry import Equipment, Place


class Key(NamedTuple):
    """What a level is kept for; its order is the order in which levels are locked."""

    place: int
    equipment: int
    condition: Condition


@dataclass(frozen=True, kw_only=True)
class Source:
    """The record that moves stock: its type (distribution, transaction, correction) and id."""

    type: str
    id: int


type Levels = dict[Key, int]

_BY_KEY = "FORCE INDEX (PRIMARY)"
"""Where all keys are of one equipment, MariaDB takes the foreign key's index, and by it meets other
acts' rows too: two acts that hold a row each then wait for one another, at every attempt."""


def lock(moves: Iterable[Move]) -> Levels:
    """Lock every level that ``moves`` touch, in one order, and return what they are now."""
    kinds: dict[Key, PlaceKind] = {}
    for move in moves:
        kinds[_key(move, move.source)] = move.source.kind
        kinds[_key(move, move.target)] = move.target.kind
    known = notes().known
    new = {key: kind for key, kind in kinds.items() if key not in known}
    if new:  # none in a sale of gas by the meter alone
        known.update(_lock(new))
    return {key: known[key] for key in sorted(kinds)}


def _lock(kinds: Mapping[Key, PlaceKind]) -> Levels:
    levels = _select_for_update(kinds)
    missing = sorted(kinds.keys() - levels.keys())
    if missing:
        _begin_at_zero(missing, kinds)
        levels = _select_for_update(kinds)
    return levels


def post(moves: Sequence[Move], levels: Levels, *, source: Source, at: datetime) -> Levels:
    """Append ``moves`` and carry them into the locked ``levels``; return the new levels.

    Raises:
        NotEnoughStock: a depot, truck or site would go below zero; says how many there are.

    """
    unknown = [move for move in moves if not is_known(move)]
    if unknown:
        raise AssertionError(f"the trade knows no such move: {unknown[0]}")
    if not moves:
        return levels
    deltas = _deltas(moves)
    _carry(deltas, levels)
    append_last(StockMove, *(_row(m, source, at) for m in moves))
    after = {key: levels[key] + delta for key, delta in deltas.items()}
    notes().known.update(after)
    return after


def told(levels: Levels) -> dict[str, object]:
    """Return ``levels`` as the audit log keeps them."""
    return {
        "levels": [
            {"place": k.place, "equipment": k.equipment, "condition": k.condition, "quantity": n}
            for k, n in sorted(levels.items())
        ]
    }


def moves_of(source: Source) -> list[Move]:
    """Return the moves that ``source`` made, oldest first."""
    write_left()
    rows = db.session.execute(
        select(StockMove).where(
            StockMove.source_type == source.type, StockMove.source_id == source.id
        ).order_by(StockMove.id)
    ).scalars()  # fmt: skip
    found = list(rows)
    kinds = _place_kinds({p for m in found for p in (m.from_place_id, m.to_place_id)})
    return [_move(row, kinds) for row in found]


def _place_kinds(places: set[int]) -> dict[int, PlaceKind]:
    """Return the kind of each of ``places``, as the levels carry it."""
    rows = db.session.execute(
        select(StockLevel.place_id, StockLevel.place_kind)
        .where(StockLevel.place_id.in_(places))
        .distinct()
    )
    return {place: PlaceKind(kind) for place, kind in rows}


def _key(move: Move, spot: Spot) -> Key:
    return Key(spot.place, move.equipment, spot.condition)


def _select_for_update(keys: Iterable[Key]) -> Levels:
    ordered = sorted(keys)
    rows = execute(_lock_statement(len(ordered)), _named(ordered))
    return {Key(place, item, Condition(state)): quantity for place, item, state, quantity in rows}


@lru_cache(maxsize=64)
def _lock_statement(count: int) -> Select[int, int, str, int]:
    """Return the statement that locks so many levels; building it takes longer than running it."""
    return (
        select(
            StockLevel.place_id, StockLevel.equipment_id, StockLevel.condition, StockLevel.quantity
        )
        .with_hint(StockLevel, _BY_KEY, "mysql")
        .with_hint(StockLevel, _BY_KEY, "mariadb")
        .where(or_(*map(_is, range(count))))
        .order_by(StockLevel.place_id, StockLevel.equipment_id, StockLevel.condition)
        .with_for_update()
    )


def _is(number: int) -> ColumnElement[bool]:
    """Return the condition for the level whose key ``_named`` gives under ``number``."""
    return and_(
        StockLevel.place_id == bindparam(f"place_{number}"),
        StockLevel.equipment_id == bindparam(f"equipment_{number}"),
        StockLevel.condition == bindparam(f"condition_{number}"),
    )


def _named(keys: Iterable[Key]) -> dict[str, object]:
    """Return the values of the conditions that ``_is`` gives."""
    return {
        f"{name}_{number}": value
        for number, key in enumerate(keys)
        for name, value in zip(Key._fields, key, strict=True)
    }


def _begin_at_zero(keys: Iterable[Key], kinds: Mapping[Key, PlaceKind]) -> None:
    """Insert what nobody has inserted meanwhile; locking a row that is not there deadlocks."""
    rows = [
        {
            "place_id": key.place,
            "equipment_id": key.equipment,
            "condition": key.condition,
            "place_kind": kinds[key],
            "quantity": 0,
        }
        for key in keys
    ]
    execute(insert_or_ignore(StockLevel), rows)


def _deltas(moves: Iterable[Move]) -> dict[Key, int]:
    deltas: defaultdict[Key, int] = defaultdict(int)
    for move in moves:
        deltas[_key(move, move.source)] -= move.quantity
        deltas[_key(move, move.target)] += move.quantity
    return dict(sorted(deltas.items()))


def _carry(deltas: Mapping[Key, int], levels: Levels) -> None:
    """Change all levels in one guarded UPDATE and check that it reached every one of them."""
    by_number = {f"delta_{number}": delta for number, delta in enumerate(deltas.values())}
    done = execute(_carry_statement(len(deltas)), _named(deltas) | by_number)
    if rows_changed(done) != len(deltas):
        short = NotEnoughStock(shortages=_shortages(deltas, levels))
        short.lacking = tuple(
            (*key, -levels[key] - delta) for key, delta in deltas.items() if levels[key] + delta < 0
        )
        raise short


@lru_cache(maxsize=64)
def _carry_statement(count: int) -> Update:
    """Return the statement that adds to so many levels where none falls below zero."""
    numbers = range(count)
    each = [(_is(number), bindparam(f"delta_{number}", type_=Integer)) for number in numbers]
    after = StockLevel.quantity + case(*each)
    return (
        update(StockLevel)
        .with_hint(_BY_KEY, dialect_name="mysql")
        .with_hint(_BY_KEY, dialect_name="mariadb")
        .where(
            or_(*map(_is, numbers)),
            or_(StockLevel.place_kind == PlaceKind.OUTSIDE, after >= 0),
        )
        .values(quantity=after)
    )


def _shortages(deltas: Mapping[Key, int], levels: Levels) -> list[dict[str, object]]:
    """Say for each level that would go below zero how many there are and were wanted."""
    places = dict(db.session.execute(select(Place.id, Place.name)).all())
    items = dict(db.session.execute(select(Equipment.id, Equipment.name)).all())
    return [
        {
            "place": places[key.place],
            "equipment": items[key.equipment],
            "condition": key.condition,
            "there": levels[key],
            "wanted": -delta,
        }
        for key, delta in deltas.items()
        if levels[key] + delta < 0
    ]


def _row(move: Move, source: Source, at: datetime) -> dict[str, object]:
    return {
        "kind": move.kind,
        "equipment_id": move.equipment,
        "from_place_id": move.source.place,
        "from_condition": move.source.condition,
        "to_place_id": move.target.place,
        "to_condition": move.target.condition,
        "quantity": move.quantity,
        "source_type": source.type,
        "source_id": source.id,
        "moved_at": at,
    }


def _move(row: StockMove, kinds: Mapping[int, PlaceKind]) -> Move:
    def spot(place: int, condition: str) -> Spot:
        return Spot(place=place, kind=kinds[place], condition=Condition(condition))

    return Move(
        kind=MoveKind(row.kind),
        equipment=row.equipment_id,
        source=spot(row.from_place_id, row.from_condition),
        target=spot(row.to_place_id, row.to_condition),
        quantity=row.quantity,
    )
