"""Corrections of stock: their list, and one of them as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import Condition, CorrectionKind, Series
from hsh.db import db
from hsh.models.books import StockMove
from hsh.models.logistics import Correction
from hsh.models.people import User
from hsh.models.registry import Equipment, Place
from hsh.queries import numbers, scope
from hsh.queries.days import between
from hsh.queries.keyset import EVERYWHERE, Order, Shelves
from hsh.queries.lists import Long

_SERIES = (Series.ADJUSTMENT, Series.TRANSFER, Series.DUMP, Series.WRITE_OFF)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What the list shows: a number, a kind, a place, days from and to."""

    number: str = ""
    kind: CorrectionKind | None = None
    place: UUID | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A correction in the list. ``quantity``: so many pieces moved."""

    ref: UUID
    number: str
    kind: CorrectionKind
    confirmed_at: datetime
    source: str
    target: str
    quantity: int
    reason: str
    person: str
    is_reversal: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """So many of one size that moved from a place and condition to another."""

    size: str
    source: str
    source_state: Condition
    target: str
    target_state: Condition
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Other:
    """The correction that takes this one back, or that this one takes back."""

    ref: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A correction, told in full."""

    row: Correction
    kind: CorrectionKind
    source: str
    target: str
    confirmed_by: str
    lines: Sequence[Line]
    reverses: Other | None
    reversed_by: Other | None


def load(actor: Actor, ref: UUID, *, lock: bool = False) -> Correction:
    """Return the correction ``ref``; a service locks its row.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    query = select(Correction).where(Correction.ref == ref, scope.corrections(actor, clock.today()))
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(what="correction")
    return found


def show(actor: Actor, ref: UUID) -> Shown:
    """Return what the page of the correction ``ref`` says.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    row = load(actor, ref)
    return Shown(
        row=row,
        kind=CorrectionKind(row.kind),
        source=db.session.get_one(Place, row.from_place_id).name,
        target=db.session.get_one(Place, row.to_place_id).name,
        confirmed_by=db.session.get_one(User, row.confirmed_by).name,
        lines=_lines(row),
        reverses=_other(Correction.id == row.reverses_id) if row.reverses_id else None,
        reversed_by=_other(Correction.reverses_id == row.id),
    )


def corrections(actor: Actor, wanted: Filter) -> Long:
    """Return the corrections that ``actor`` may see, newest first."""
    source, target = aliased(Place), aliased(Place)
    query = (
        select(
            Correction.id,
            Correction.ref,
            Correction.number,
            Correction.kind,
            Correction.confirmed_at,
            Correction.reason,
            Correction.reverses_id,
            source.name.label("source"),
            target.name.label("target"),
            User.name.label("person"),
        )
        .join(source, source.id == Correction.from_place_id)
        .join(target, target.id == Correction.to_place_id)
        .join(User, User.id == Correction.confirmed_by)
    )
    return Long(
        query=query,
        ref=Correction.ref,
        orders={"confirmed_at": Order(Correction.confirmed_at, Correction.id)},
        where=(scope.corrections(actor, clock.today()), *_conditions(wanted)),
        shelves=_shelves(wanted),
        dress=_counted,
        is_joined=not scope.sees_all(actor),
    )


def _shelves(wanted: Filter) -> Shelves:
    """Return where the corrections are: of a place, those that took away and those that brought."""
    if not wanted.place:
        return EVERYWHERE
    place = select(Place.id).where(Place.ref == wanted.place).scalar_subquery()
    return Correction.from_place_id == place, Correction.to_place_id == place


def _counted(rows: Sequence[Any]) -> list[Any]:
    """Return the rows, each with how many pieces moved."""
    moved = _pieces([row.id for row in rows])
    return [
        Listed(
            ref=row.ref, number=row.number, kind=CorrectionKind(row.kind), reason=row.reason,
            confirmed_at=row.confirmed_at, source=row.source, target=row.target,
            person=row.person, is_reversal=row.reverses_id is not None,
            quantity=moved.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip


def _pieces(ids: Sequence[int]) -> dict[int, int]:
    found = db.session.execute(
        select(StockMove.source_id, func.sum(StockMove.quantity))
        .where(StockMove.source_type == "correction", StockMove.source_id.in_(ids))
        .group_by(StockMove.source_id)
    )
    return {key: int(count) for key, count in found}


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = between(Correction.confirmed_at, wanted.since, wanted.until)
    if wanted.kind:
        conditions.append(Correction.kind == wanted.kind)
    if wanted.number:
        conditions.append(Correction.number.in_(numbers.like(wanted.number, *_SERIES)))
    return conditions


def _other(which: ColumnElement[bool]) -> Other | None:
    row: Any = db.session.execute(
        select(Correction.ref, Correction.number).where(which)
    ).one_or_none()
    return Other(ref=row.ref, number=row.number) if row else None


def _lines(row: Correction) -> list[Line]:
    """Return what it moved, in the order in which it was entered: its moves are its lines."""
    source, target = aliased(Place), aliased(Place)
    rows = db.session.execute(
        select(StockMove, Equipment.name, source.name, target.name)
        .join(Equipment, Equipment.id == StockMove.equipment_id)
        .join(source, source.id == StockMove.from_place_id)
        .join(target, target.id == StockMove.to_place_id)
        .where(StockMove.source_type == "correction", StockMove.source_id == row.id)
        .order_by(StockMove.id)
    )
    return [
        Line(
            size=size,
            source=came,
            source_state=Condition(move.from_condition),
            target=went,
            target_state=Condition(move.to_condition),
            quantity=move.quantity,
        )
        for move, size, came, went in rows
    ]
