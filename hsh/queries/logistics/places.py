"""Places as logistics needs them: by address, with what may move there."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_, select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import Condition, PlaceKind
from hsh.db import db
from hsh.models.registry import Equipment, Place
from hsh.queries import scope


def own_or_outside(actor: Actor, ref: UUID) -> Place:
    """Return a depot or truck that ``actor`` may use today, or a place outside.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    today = clock.today()
    found = db.session.scalar(
        select(Place).where(
            Place.ref == ref,
            or_(
                Place.kind == PlaceKind.OUTSIDE,
                Place.id.in_(scope.depots(actor)),
                Place.id.in_(scope.trucks(actor, today)),
            ),
        )
    )
    if found is None:
        raise NotFound(what="place")
    return found


def lacking(
    short: Iterable[tuple[int, int, str, int]],
) -> dict[UUID, list[tuple[str, Condition, int]]]:
    """Return what is missing at each place, by its ref: code of the size, condition, how many."""
    found: dict[UUID, list[tuple[str, Condition, int]]] = {}
    for place, equipment, condition, quantity in short:
        ref = db.session.get_one(Place, place).ref
        code = db.session.get_one(Equipment, equipment).code
        found.setdefault(ref, []).append((code, Condition(condition), quantity))
    return found
