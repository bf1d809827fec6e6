"""Places as logistics needs them: by address, with what may move there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import batched
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import Condition, Outside, PlaceKind
from hsh.db import db
from hsh.models.registry import Equipment, Place, Vehicle
from hsh.queries import scope

_AT_ONCE = 500


def correctable(actor: Actor, ref: UUID) -> Place:
    """Return a place whose stock ``actor`` may put right: a site too, whoever sells there.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    site = select(Place).where(Place.ref == ref, Place.kind == PlaceKind.SITE)
    return db.session.scalar(site) or own_or_outside(actor, ref)


def site(ref: UUID) -> tuple[UUID, str]:
    """Return the ref and name of the site ``ref``.

    Raises:
        NotFound: there is no such site.

    """
    found = db.session.scalar(select(Place).where(Place.ref == ref, Place.kind == PlaceKind.SITE))
    if found is None:
        raise NotFound(what="site")
    return found.ref, found.name


def depot_of(place: Place) -> int | None:
    """Return the id of the depot whose supervisors answer for ``place``; of a site nobody's."""
    match place.kind:
        case PlaceKind.DEPOT:
            return place.id
        case PlaceKind.TRUCK:
            return db.session.get_one(Vehicle, place.id).home_depot_id
        case _:
            return None


def outside_refs(codes: Collection[Outside]) -> dict[Outside, UUID]:
    """Return the refs of places outside, in the order of ``codes``."""
    rows = db.session.execute(select(Place.code, Place.ref).where(Place.code.in_(codes)))
    found = {Outside(code): ref for code, ref in rows}
    return {code: found[code] for code in codes}


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


def countable(actor: Actor, codes: Collection[str]) -> list[Place]:
    """Return those places of ``codes`` whose cylinders ``actor`` may count."""
    return [
        place
        for some in batched(sorted(code for code in codes if code.isascii()), _AT_ONCE)
        for place in db.session.scalars(
            select(Place).where(Place.code.in_(some), _countable(actor))
        )
    ]


def _countable(actor: Actor) -> ColumnElement[bool]:
    return or_(
        Place.kind == PlaceKind.SITE,
        Place.id.in_(scope.depots(actor)),
        Place.id.in_(scope.trucks(actor, clock.today())),
    )


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
