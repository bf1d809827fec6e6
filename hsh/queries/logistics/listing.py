"""Lists of distributions: newest day first, page by page, narrowed as the office asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, func, select, type_coerce
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.refs import short_code, short_range
from hsh.core.words import Direction
from hsh.db import db
from hsh.models.logistics import Distribution, DistributionLine
from hsh.models.people import User
from hsh.models.registry import Place, Vehicle
from hsh.queries import keyset, scope
from hsh.queries.keyset import EVERYWHERE
from hsh.queries.lists import Long
from hsh.queries.logistics import states
from hsh.queries.logistics.states import State

MOST_DRAFTS = 20
"""Open drafts shown at once: more than a day has."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the list is narrowed to; None does not narrow. Days from and to, places by ref."""

    since: date | None = None
    until: date | None = None
    truck: UUID | None = None
    depot: UUID | None = None
    state: State | None = None
    number: str = ""


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


def distributions(actor: Actor, wanted: Wanted) -> Long:
    """Return the distributions that ``actor`` may see as entries, newest day first."""
    # Those of one truck are found at once, and at a depot all but a driver's: on other shelves
    # they stand among all others.
    by_place = wanted.truck or (wanted.depot and not scope.is_in_the_field(actor))
    return Long(
        query=_QUERY,
        ref=Distribution.ref,
        orders={"planned_on": keyset.Order(Distribution.planned_on, Distribution.id)},
        where=(scope.distributions(actor), *_conditions(wanted)),
        shelves=EVERYWHERE if wanted.number or by_place else scope.distribution_shelves(actor),
        dress=_entries,
        is_joined=wanted != Wanted() or not scope.sees_all(actor),
    )


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
    if wanted.since:
        found.append(Distribution.planned_on >= wanted.since)
    if wanted.until:
        found.append(Distribution.planned_on <= wanted.until)
    if wanted.number:
        found.append(_called(wanted.number.strip()))
    if wanted.truck:
        found.append(Distribution.truck_id == _place_id(wanted.truck))
    if wanted.depot:
        found.append(Distribution.depot_id == _place_id(wanted.depot))
    if wanted.state:
        found.append(states.condition(wanted.state))
    return found


def _called(text: str) -> ColumnElement[bool]:
    """Find one by its number, or by the short code of its ref.

    By ids that are known: else SQLite walks through the list's own order and looks at each.
    """
    wanted = Distribution.number == text.upper()
    if code := short_range(text):
        wanted = type_coerce(Distribution.ref, String).between(*code)
    found = db.session.scalars(select(Distribution.id).where(wanted).limit(keyset.PAGE))
    return Distribution.id.in_(found.all())


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
