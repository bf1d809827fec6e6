"""Stock counts: their list, and one of them with what differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import Condition
from hsh.db import db
from hsh.models.logistics import Correction, StockCount, StockCountLine
from hsh.models.people import User
from hsh.models.registry import Equipment, Place
from hsh.queries import scope
from hsh.queries.days import between
from hsh.queries.keyset import Order
from hsh.queries.lists import Long


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What the list shows: a place, open or closed ones, days on which they were opened."""

    place: UUID | None = None
    closed: bool | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many of one size in one condition were counted, and how many the ledger had then."""

    equipment: int
    code: str
    name: str
    condition: Condition
    counted: int
    expected: int

    @property
    def variance(self) -> int:
        """How many more were counted; below zero, how many are missing."""
        return self.counted - self.expected


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A count, told in full."""

    row: StockCount
    place: Place
    opened_by: str
    closed_by: str | None
    lines: list[Counted]
    correction: Correction | None
    """The adjustment that came of it."""


def load(actor: Actor, ref: UUID, *, lock: bool = False) -> StockCount:
    """Return the count ``ref``; a service locks its row.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    query = select(StockCount).where(StockCount.ref == ref, scope.counts(actor, clock.today()))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound(what="count")
    return found


def show(actor: Actor, ref: UUID) -> Shown:
    """Return what the page of the count ``ref`` says.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    row = load(actor, ref)
    made = select(Correction).where(Correction.ref == row.correction_ref)
    return Shown(
        row=row,
        place=db.session.get_one(Place, row.place_id),
        opened_by=db.session.get_one(User, row.opened_by).name,
        closed_by=db.session.get_one(User, row.closed_by).name if row.closed_by else None,
        lines=lines(row),
        correction=db.session.scalar(made) if row.correction_ref else None,
    )


def lines(row: StockCount) -> list[Counted]:
    """Return what was counted, smallest size first."""
    found = db.session.execute(
        select(StockCountLine, Equipment.code, Equipment.name)
        .join(Equipment, Equipment.id == StockCountLine.equipment_id)
        .where(StockCountLine.count_id == row.id)
        .order_by(Equipment.kind.desc(), Equipment.net_kg, Equipment.code, StockCountLine.id)
    )
    return [
        Counted(
            equipment=line.equipment_id,
            code=code,
            name=name,
            condition=Condition(line.condition),
            counted=line.counted,
            expected=line.expected,
        )
        for line, code, name in found
    ]


def counts(actor: Actor, wanted: Filter) -> Long:
    """Return the counts that ``actor`` may see, newest first."""
    query = (
        select(
            StockCount.id,
            StockCount.ref,
            StockCount.opened_at,
            StockCount.counted_at,
            StockCount.closed_at,
            Place.name.label("place"),
            User.name.label("person"),
            Correction.number,
            StockCount.correction_ref,
        )
        .join(Place, Place.id == StockCount.place_id)
        .join(User, User.id == StockCount.opened_by)
        .outerjoin(Correction, Correction.ref == StockCount.correction_ref)
    )
    return Long(
        query=query,
        ref=StockCount.ref,
        orders={"opened_at": Order(StockCount.opened_at, StockCount.id)},
        where=(scope.counts(actor, clock.today()), *_conditions(wanted)),
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = between(StockCount.opened_at, wanted.since, wanted.until)
    if wanted.place:
        place = select(Place.id).where(Place.ref == wanted.place).scalar_subquery()
        conditions.append(StockCount.place_id == place)
    if wanted.closed is not None:
        is_closed = StockCount.closed_at.is_not(None)
        conditions.append(is_closed if wanted.closed else ~is_closed)
    return conditions
