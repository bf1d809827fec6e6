"""How many of each size and condition a depot should never have fewer of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid, StaleVersion
from hsh.core.roles import require
from hsh.core.words import Condition
from hsh.db import atomic, db
from hsh.models.registry import Equipment, StockMinimum
from hsh.queries.registry import minimums
from hsh.services.books import audit
from hsh.services.books.submissions import once
from hsh.services.registry import records

MOST = 9_999
MANY = "minimum_change"
"""Its one audit entry tells all minimums of the depot, before and after."""


@dataclass(frozen=True, kw_only=True)
class Minimum:
    """So many of a size (by code) in a condition."""

    equipment: str
    condition: Condition
    quantity: int


@dataclass(frozen=True, kw_only=True)
class SetMinimums(Command):
    """The minimums of a depot, as they were seen at ``version``; what is not named is 0."""

    op: ClassVar[str] = "minimum.set"
    depot: UUID
    version: int
    wanted: tuple[Minimum, ...]


@atomic
@once
def set_minimums(command: SetMinimums) -> Outcome:
    """Set the minimums of a depot.

    Raises:
        NotFound: there is no such depot, or it is not theirs.
        StaleVersion: someone changed them meanwhile.
        Invalid: a size is unknown, or a figure beyond reason.

    """
    require(command.actor.roles, command.op)
    place = minimums.depot(command.actor, command.depot, lock=True)
    if minimums.version(place.id) != command.version:
        raise StaleVersion(what="minimums")
    before = _told(place.id)
    wanted = _checked(command)
    for row in _rows(place.id):
        row.quantity = wanted.pop((row.equipment_id, Condition(row.condition)), 0)
    db.session.add_all(
        StockMinimum(depot_id=place.id, equipment_id=size, condition=state, quantity=quantity)
        for (size, state), quantity in wanted.items()
        if quantity
    )
    db.session.flush()
    table = StockMinimum.__tablename__
    audit.record(
        command.op,
        command,
        record_type=MANY,
        ref=records.ref_of(MANY, place.id),
        before={table: before},
        after={table: _told(place.id)},
    )
    return Outcome(record=MANY, ref=records.ref_of(MANY, place.id))


def _checked(command: SetMinimums) -> dict[tuple[int, Condition], int]:
    """Return what is wanted, by id of the size."""
    ids = dict(db.session.execute(select(Equipment.code, Equipment.id)).all())
    for one in command.wanted:
        if one.equipment not in ids:
            raise Invalid(field=one.condition.value, reason="unknown_equipment")
        if not 0 <= one.quantity <= MOST:
            raise Invalid(field=one.condition.value, reason="too_many", most=MOST)
    return {(ids[one.equipment], one.condition): one.quantity for one in command.wanted}


def _rows(depot: int) -> list[StockMinimum]:
    return list(
        db.session.scalars(
            select(StockMinimum)
            .where(StockMinimum.depot_id == depot)
            .order_by(StockMinimum.equipment_id, StockMinimum.condition)
        )
    )


def _told(depot: int) -> list[dict[str, object]]:
    return [records.picture(row) for row in _rows(depot)]
