"""A place's statement: everything that came and left, each time with what there was then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, override
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
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
from hsh.queries import lists, scope
from hsh.queries.books import levels
from hsh.queries.days import between
from hsh.queries.keyset import Order, Page, Shelves
from hsh.queries.lists import Extent, Long


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

    @property
    def came(self) -> int | None:
        """How many came; None where they left."""
        return self.change if self.change > 0 else None

    @property
    def left(self) -> int | None:
        """How many left; None where they came."""
        return -self.change if self.change < 0 else None


type _Balances = defaultdict[levels.Key, int]
"""What a place holds, by place, size and condition."""


@dataclass(frozen=True, kw_only=True)
class Statement(Long):
    """A place's statement, newest first. Its rows are lines: a move within the place has two."""

    actor: Actor
    place: Place
    state: Condition | None

    @override
    def page(self, cursor: str, sort: str) -> Page:
        """Return the page that ``cursor`` leads to, each line with what there was then."""
        found = super().page(cursor, sort)
        return replace(found, rows=self._lines(found.rows, sort, None))

    @override
    def extent(self) -> Extent:
        """Count and add up what left and what came, each by its own index."""
        most, counts, sums = lists.MOST, [], []
        for shelf in self.shelves:
            some = select(StockMove.quantity).where(shelf, *self.where).limit(most + 1).subquery()
            count, sum_ = db.session.execute(select(func.count(), func.sum(some.c.quantity))).one()
            counts.append(count)
            sums.append(int(sum_ or 0))
        if sum(counts) > most:
            return Extent(count=most, is_more=True)
        return Extent(count=sum(counts), sums=dict(zip(("left", "came"), sums, strict=True)))

    @override
    def batches(self, sort: str, cursor: str = "") -> Iterator[Page]:
        """Yield all lines; what there was is carried from one page to the next."""
        moves = Long(
            query=self.query, ref=self.ref, orders=self.orders, where=self.where,
            shelves=self.shelves,
        )  # fmt: skip
        balances: _Balances | None = None
        for found in moves.batches(sort, cursor):
            if balances is None and found.rows:
                balances = self._balances(found.rows[0], sort)
            yield replace(found, rows=self._lines(found.rows, sort, balances))

    def _lines(self, rows: Sequence[Row[Any]], sort: str, kept: _Balances | None) -> list[Line]:
        if not rows:
            return []
        balances = self._balances(rows[0], sort) if kept is None else kept
        lines = _lines(self.actor, self.place, rows, balances, falls=_falls(sort))
        return [line for line in lines if self.state in {None, line.state}]

    def _balances(self, first: Row[Any], sort: str) -> _Balances:
        """Return what there was: after the newest row when it leads, before the oldest else."""
        undone = _later(first.moved_at, first.id, too=not _falls(sort))
        return defaultdict(int, levels.before([self.place.id], undone))


def _falls(sort: str) -> bool:
    """Tell whether the newest leads."""
    return not sort.startswith("-")


def statement(actor: Actor, ref: UUID, wanted: Filter) -> Statement:
    """Return the statement of the place ``ref``.

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
    )
    return Statement(
        query=query,
        ref=StockMove.id,
        orders={"at": Order(StockMove.moved_at, StockMove.id)},
        where=_conditions(wanted),
        shelves=_shelves(place, wanted.state),
        actor=actor,
        place=place,
        state=wanted.state,
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


def _shelves(place: Place, state: Condition | None) -> Shelves:
    """Return where the moves are: what left is in one index, what came in another."""
    left = [StockMove.from_place_id == place.id]
    came = [StockMove.to_place_id == place.id]
    if state:
        left.append(StockMove.from_condition == state)
        came.append(StockMove.to_condition == state)
    return and_(*left), and_(*came)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = between(StockMove.moved_at, wanted.since, wanted.until)
    if wanted.size:
        size = select(Equipment.id).where(Equipment.code == wanted.size).scalar_subquery()
        conditions.append(StockMove.equipment_id == size)
    return conditions


def _lines(
    actor: Actor, place: Place, rows: Sequence[Row[Any]], balances: _Balances, *, falls: bool
) -> Iterator[Line]:
    """Yield the changes that ``rows`` made, and leave in ``balances`` what there was beyond them.

    From the newest back, each undoes its own; from the oldest on, each adds its own.
    """
    papers = _papers(actor, {(r.StockMove.source_type, r.StockMove.source_id) for r in rows})
    for row in rows:
        for state, change in _changes(place.id, row.StockMove):
            key = place.id, row.code, state
            balances[key] += 0 if falls else change
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
            balances[key] -= change if falls else 0


def _later(at: datetime, move: int, *, too: bool) -> ColumnElement[bool]:
    """Return the condition that a move comes after the one of the id ``move``, at ``at``.

    ``too``: or is that one itself.
    """
    behind = StockMove.id >= move if too else StockMove.id > move
    return and_(StockMove.moved_at >= at, or_(StockMove.moved_at > at, behind))


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
