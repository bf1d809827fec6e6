"""Lists of distributions: newest day first, page by page, narrowed as the office asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.refs import short_code
from hsh.core.words import Direction
from hsh.db import db
from hsh.models.logistics import Distribution, DistributionLine
from hsh.models.registry import Place, User, Vehicle
from hsh.queries import keyset, scope
from hsh.queries.logistics import states
from hsh.queries.logistics.states import State

LENGTH = 30
"""Distributions on a page."""

MOST_DRAFTS = 20
"""Open drafts shown at once: more than a day has."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the list is narrowed to; None does not narrow. Places by ref."""

    day: date | None = None
    truck: UUID | None = None
    depot: UUID | None = None
    state: State | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One distribution in a list.

    ``out`` and ``back`` count what leaves the depot and what comes into it; for a reversal that
    is the other way round than its lines say.
    """

    ref: UUID
    number: str | None
    planned_on: date
    depot: str
    truck: str
    plate: str
    driver: str
    state: State
    out: int
    back: int

    @property
    def short_code(self) -> str:
        """What a draft is called by, for it has no number."""
        return short_code(self.ref)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some entries, and the cursors of the pages on both sides."""

    entries: Sequence[Entry]
    older: str | None
    newer: str | None


def page(actor: Actor, wanted: Wanted, cursor: str = "") -> Page:
    """Return the page that ``cursor`` leads to, the newest for an unknown one."""
    query = _QUERY.where(scope.distributions(actor), *_conditions(wanted))
    # By its truck a distribution is found at once; by its depot, among those of all other trucks.
    shelves = keyset.EVERYWHERE if wanted.truck else scope.distribution_shelves(actor)
    found = keyset.page(query, _ORDER, cursor, shelves=shelves, size=LENGTH)
    return Page(entries=_entries(found.rows), older=found.older, newer=found.newer)


def open_drafts(actor: Actor, *, until: date) -> Sequence[Entry]:
    """Return the drafts for the day and those left over from before, oldest first."""
    rows = db.session.execute(
        _QUERY.where(
            scope.distributions(actor),
            states.condition(State.PENDING),
            Distribution.planned_on <= until,
        )
        .order_by(Distribution.planned_on, Distribution.id)
        .limit(MOST_DRAFTS)
    )
    return _entries(rows.all())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.day:
        found.append(Distribution.planned_on == wanted.day)
    if wanted.truck:
        found.append(Distribution.truck_id == _place_id(wanted.truck))
    if wanted.depot:
        found.append(Distribution.depot_id == _place_id(wanted.depot))
    if wanted.state:
        found.append(states.condition(wanted.state))
    return found


def _place_id(ref: UUID) -> ColumnElement[int]:
    return select(Place.id).where(Place.ref == ref).scalar_subquery()


def _entries(rows: Sequence[Any]) -> list[Entry]:
    totals = _totals([row.Distribution.id for row in rows])
    return [_entry(row, totals) for row in rows]


def _entry(row: Any, totals: Mapping[tuple[int, Direction], int]) -> Entry:
    run: Distribution = row.Distribution
    ways = (Direction.OUT, Direction.IN)
    out, back = (totals[run.id, way] for way in (ways[::-1] if run.reverses_id else ways))
    return Entry(
        ref=run.ref,
        number=run.number,
        planned_on=run.planned_on,
        depot=row.depot,
        truck=row.truck,
        plate=row.plate,
        driver=row.driver,
        state=states.of(run, is_reversed=bool(row.is_reversed)),
        out=out,
        back=back,
    )


def _totals(runs: Collection[int]) -> defaultdict[tuple[int, Direction], int]:
    rows = db.session.execute(
        select(
            DistributionLine.distribution_id,
            DistributionLine.direction,
            func.sum(DistributionLine.quantity),
        )
        .where(DistributionLine.distribution_id.in_(runs))
        .group_by(DistributionLine.distribution_id, DistributionLine.direction)
    )
    totals: defaultdict[tuple[int, Direction], int] = defaultdict(int)
    for run, direction, quantity in rows:
        totals[run, Direction(direction)] = int(quantity)
    return totals


_ORDER = keyset.Order(Distribution.planned_on, Distribution.id)
_depot, _truck = aliased(Place), aliased(Place)
_QUERY = (
    select(
        Distribution.planned_on,
        Distribution.id,
        Distribution,
        _depot.name.label("depot"),
        _truck.name.label("truck"),
        Vehicle.plate.label("plate"),
        User.name.label("driver"),
        states.is_reversed().label("is_reversed"),
    )
    .join(_depot, _depot.id == Distribution.depot_id)
    .join(_truck, _truck.id == Distribution.truck_id)
    .join(Vehicle, Vehicle.place_id == Distribution.truck_id)
    .join(User, User.id == Distribution.driver_id)
)
