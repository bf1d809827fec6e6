"""What depots should never have fewer of, and what they have fewer of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, select

from hsh.core.canonical import canonical, digest
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import Condition, PlaceKind
from hsh.db import db
from hsh.models.books import StockLevel
from hsh.models.registry import Equipment, Place, StockMinimum
from hsh.queries import scope


@dataclass(frozen=True, kw_only=True)
class Short:
    """A size in a condition of which a depot has fewer than it should."""

    depot: UUID
    name: str
    code: str
    size: str
    condition: Condition
    there: int
    minimum: int


def below(actor: Actor) -> Sequence[Short]:
    """Return what is below its minimum at the depots whose stock ``actor`` may see."""
    there = func.coalesce(StockLevel.quantity, 0)
    level = and_(
        StockLevel.place_id == StockMinimum.depot_id,
        StockLevel.equipment_id == StockMinimum.equipment_id,
        StockLevel.condition == StockMinimum.condition,
    )
    rows = db.session.execute(
        select(
            Place.ref,
            Place.name,
            Equipment.code,
            Equipment.name,
            StockMinimum.condition,
            there,
            StockMinimum.quantity,
        )
        .join(Place, Place.id == StockMinimum.depot_id)
        .join(Equipment, Equipment.id == StockMinimum.equipment_id)
        .outerjoin(StockLevel, level)
        .where(
            StockMinimum.depot_id.in_(scope.depots(actor)),
            StockMinimum.quantity > there,
            Equipment.active,
        )
        .order_by(Place.name, Equipment.net_kg, Equipment.code, StockMinimum.condition)
    )
    return [
        Short(
            depot=ref,
            name=name,
            code=code,
            size=size,
            condition=Condition(state),
            there=count,
            minimum=minimum,
        )
        for ref, name, code, size, state, count, minimum in rows
    ]


def depot(actor: Actor, ref: UUID, *, lock: bool = False) -> Place:
    """Return the depot ``ref``; a service locks it.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    query = select(Place).where(
        Place.ref == ref, Place.kind == PlaceKind.DEPOT, Place.id.in_(scope.depots(actor))
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(what="depot")
    return found


def of(depot: int) -> dict[tuple[str, Condition], int]:
    """Return the minimums of a depot, by code of the size and condition; no zeros."""
    rows = db.session.execute(
        select(Equipment.code, StockMinimum.condition, StockMinimum.quantity)
        .join(Equipment, Equipment.id == StockMinimum.equipment_id)
        .where(StockMinimum.depot_id == depot, StockMinimum.quantity > 0)
    )
    return {(code, Condition(state)): quantity for code, state, quantity in rows}


def version(depot: int) -> int:
    """Return what tells these minimums from others: they are many rows without a version."""
    told = canonical(sorted([*key, count] for key, count in of(depot).items()))
    return int(digest(told)[:8], 16) >> 1
