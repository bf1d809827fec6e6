"""A place's statement: everything that came and left, each time with what there was then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import aliased

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import Condition, MoveKind
from hsh.db import db
from hsh.models.books import StockMove
from hsh.models.logistics import Correction, Distribution
from hsh.models.registry import Equipment, Place
from hsh.models.sales import Document, Transaction
from hsh.queries import keyset, scope
from hsh.queries.books import levels
from hsh.queries.keyset import PAGE


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What of a statement is shown: days from and to, a size (by code), a condition."""

    since: date | None = None
    until: date | None = None
    size: str = ""
    state: Condition | None = None


@dataclass(frozen=True, kw_only=True)
class Paper:
    """The record that moved stock; ``ref`` None when it is not for this person to see."""

    type: str
    number: str
    ref: UUID | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One change of one size in one condition: ``change`` below zero left the place."""

    at: datetime
    kind: MoveKind
    paper: Paper | None
    other: str
    """Where it came from or went to; the place itself, where only the condition changed."""
    size: str
    state: Condition
    change: int
    balance: int
    """How many there were of the size in the condition afterwards."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A page of a place's statement, newest first."""

    place: Place
    lines: Sequence[Line]
    after: str | None
    before: str | None


def statement(actor: Actor, ref: UUID, wanted: Filter, cursor: str = "") -> Statement:
    """Return a page of the statement of the place ``ref``.

    Raises:
        NotFound: there is no such place, or it is not for ``actor`` to look into.

    """
    place = one(actor, ref)
    source, target = aliased(Place), aliased(Place)
    query = (
        select(
            StockMove.moved_at,
            StockMove.id,
            StockMove,
            Equipment.code,
            Equipment.name,
            source.name.label("source"),
            target.name.label("target"),
        )
        .join(Equipment, Equipment.id == StockMove.equipment_id)
        .join(source, source.id == StockMove.from_place_id)
        .join(target, target.id == StockMove.to_place_id)
        .where(*_conditions(wanted))
    )
    page = keyset.page(
        query, _ORDER, cursor, shelves=_shelves(place, wanted.state), size=PAGE
    )  # fmt: skip
    lines = _lines(actor, place, page.rows)
    return Statement(
        place=place,
        lines=[line for line in lines if wanted.state in {None, line.state}],
        after=page.after,
        before=page.before,
    )


def one(actor: Actor, ref: UUID) -> Place:
    """Return the place ``ref`` whose moves ``actor`` may see.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    visible = scope.statements(actor, clock.today())
    found = db.session.scalar(select(Place).where(Place.ref == ref, visible))
    if found is None:
        raise NotFound(what="place")
    return found


_ORDER = keyset.Order(StockMove.moved_at, StockMove.id)


def _shelves(place: Place, state: Condition | None) -> keyset.Shelves:
    """Return where the moves are: what left is in one index, what came in another."""
    left = [StockMove.from_place_id == place.id]
    came = [StockMove.to_place_id == place.id]
    if state:
        left.append(StockMove.from_condition == state)
        came.append(StockMove.to_condition == state)
    return and_(*left), and_(*came)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since:
        conditions.append(StockMove.moved_at >= clock.beginning(wanted.since))
    if wanted.until:
        end = clock.beginning(wanted.until + timedelta(days=1))
        conditions.append(StockMove.moved_at < end)
    if wanted.size:
        conditions.append(Equipment.code == wanted.size)
    return conditions


def _lines(actor: Actor, place: Place, rows: Sequence[Row[Any]]) -> Iterator[Line]:
    """Yield the changes that ``rows`` made, from the newest back: each undoes its own."""
    if not rows:
        return
    balances: defaultdict[levels.Key, int] = defaultdict(
        int, levels.before([place.id], _later(rows[0].moved_at, rows[0].id))
    )
    papers = _papers(actor, {(r.StockMove.source_type, r.StockMove.source_id) for r in rows})
    for row in rows:
        for state, change in _changes(place.id, row.StockMove):
            key = place.id, row.code, state
            yield Line(
                at=row.moved_at,
                kind=MoveKind(row.StockMove.kind),
                paper=papers.get((row.StockMove.source_type, row.StockMove.source_id)),
                other=row.source if change > 0 else row.target,
                size=row.name,
                state=state,
                change=change,
                balance=balances[key],
            )
            balances[key] -= change


def _later(at: datetime, move: int) -> ColumnElement[bool]:
    """Return the condition under which a move comes after the one of the id ``move``, at ``at``."""
    return and_(StockMove.moved_at >= at, or_(StockMove.moved_at > at, StockMove.id > move))


def _changes(place: int, move: StockMove) -> Iterator[tuple[Condition, int]]:
    if move.to_place_id == place:
        yield Condition(move.to_condition), move.quantity
    if move.from_place_id == place:
        yield Condition(move.from_condition), -move.quantity


def _papers(actor: Actor, sources: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Paper]:
    """Return the records behind the moves, by their type and id."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for kind, record in sources:
        ids[kind].add(record)
    theirs = scope.transactions(actor)
    sales = (
        select(
            Transaction.id,
            Transaction.ref,
            Document.transaction_number.label("number"),
            theirs.label("seen"),
        )
        .join(Document, Document.transaction_id == Transaction.id)
        .where(Transaction.id.in_(ids["transaction"]))
    )
    runs = select(
        Distribution.id,
        Distribution.ref,
        Distribution.number,
        scope.distributions(actor).label("seen"),
    ).where(Distribution.id.in_(ids["distribution"]))
    acts = select(
        Correction.id,
        Correction.ref,
        Correction.number,
        scope.corrections(actor, clock.today()).label("seen"),
    ).where(Correction.id.in_(ids["correction"]))
    found: dict[tuple[str, int], Paper] = {}
    for kind, query in (("transaction", sales), ("distribution", runs), ("correction", acts)):
        for record, ref, number, seen in db.session.execute(query):
            paper = Paper(type=kind, number=number or "", ref=ref if seen else None)
            found[kind, record] = paper
    return found
