"""Stock is moves, and never below zero (laws 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select

from hsh.core.stock import Move, Spot, is_known
from hsh.core.words import Condition, MoveKind, PlaceKind
from hsh.models.books import StockLevel, StockMove
from hsh.models.logistics import Correction, Distribution
from hsh.models.registry import Equipment, Place
from hsh.models.sales import Transaction
from hsh.queries.books import flows
from hsh.queries.books.names import place_kinds, spot
from hsh.queries.law import Books, Fault, law


@law("stock.levels_are_moves")
def levels_are_moves(books: Books) -> Iterator[Fault]:
    """Prove that every level is the sum of its moves, and every spot moved to has a level."""
    kept = {flows.Level(*row[:3]): row.quantity for row in books.rows(_LEVELS)}
    moved = books.remembered(flows.levels)
    for key in sorted(kept.keys() | moved.keys()):
        if kept.get(key) != moved.get(key, 0):
            yield Fault(spot(books, *key), level=kept.get(key), moves=moved.get(key))


@law("stock.zero_sum")
def zero_sum(books: Books) -> Iterator[Fault]:
    """Prove that all levels of an equipment add up to zero: it came from somewhere."""
    total = func.sum(StockLevel.quantity)
    query = (
        select(Equipment.code, total.label("sum"))
        .join(Equipment, Equipment.id == StockLevel.equipment_id)
        .group_by(Equipment.code)
        .having(total != 0)
    )
    for row in books.rows(query):
        yield Fault(row.code, sum=row.sum)


@law("stock.not_below_zero")
def not_below_zero(books: Books) -> Iterator[Fault]:
    """Prove that only outside is below zero, and each level carries its place's kind."""
    query = (
        _LEVELS.join(Place, Place.id == StockLevel.place_id)
        .add_columns(Place.kind)
        .where(
            or_(
                and_(StockLevel.quantity < 0, Place.kind != PlaceKind.OUTSIDE),
                StockLevel.place_kind != Place.kind,
            )
        )
    )
    for row in books.rows(query):
        where = spot(books, *row[:3])
        yield Fault(where, quantity=row.quantity, level_of=row.place_kind, place_is=row.kind)


@law("stock.known_moves")
def known_moves(books: Books) -> Iterator[Fault]:
    """Prove that every move is one that the trade knows, or undoes one."""
    kinds = books.remembered(place_kinds)
    for flow in books.remembered(flows.flows):
        if not _is_known(flow, kinds):
            source = spot(books, flow.source, flow.equipment, flow.source_condition)
            target = spot(books, flow.target, flow.equipment, flow.target_condition)
            yield Fault(source, kind=flow.kind, to=target)
    for row in books.rows(select(StockMove.id, StockMove.quantity).where(StockMove.quantity <= 0)):
        yield Fault(f"move {row.id}", quantity=row.quantity)


@law("stock.moves_have_a_source")
def moves_have_a_source(books: Books) -> Iterator[Fault]:
    """Prove that every move was made by a confirmed record, at the instant of its confirmation."""
    for name, record in _RECORDS.items():
        query = (
            select(StockMove.id, StockMove.source_id, StockMove.moved_at, record.confirmed_at)
            .outerjoin(record, record.id == StockMove.source_id)
            .where(
                StockMove.source_type == name,
                or_(record.confirmed_at.is_(None), record.confirmed_at != StockMove.moved_at),
            )
        )
        for row in books.rows(query):
            where = f"move {row.id} of {name} {row.source_id}"
            yield Fault(where, moved=row.moved_at, confirmed=row.confirmed_at)
    strangers = select(StockMove.id, StockMove.source_type).where(
        StockMove.source_type.not_in(_RECORDS)
    )
    for row in books.rows(strangers):
        yield Fault(f"move {row.id}", source_type=row.source_type)


_LEVELS = select(
    StockLevel.place_id,
    StockLevel.equipment_id,
    StockLevel.condition,
    StockLevel.quantity,
    StockLevel.place_kind,
)
_RECORDS: dict[str, type[Distribution | Transaction | Correction]] = {
    "distribution": Distribution,
    "transaction": Transaction,
    "correction": Correction,
}


def _is_known(flow: flows.Flow, kinds: dict[int, str]) -> bool:
    def end(place: int, condition: str) -> Spot:
        return Spot(place=place, kind=PlaceKind(kinds[place]), condition=Condition(condition))

    try:
        move = Move(
            kind=MoveKind(flow.kind),
            equipment=flow.equipment,
            source=end(flow.source, flow.source_condition),
            target=end(flow.target, flow.target_condition),
            quantity=1,
        )
    except (KeyError, ValueError):  # a place or a word that does not exist
        return False
    return is_known(move)


LAWS = (levels_are_moves, zero_sum, not_below_zero, known_moves, moves_have_a_source)
