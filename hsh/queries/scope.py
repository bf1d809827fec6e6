"""Whose records a person may see: the one place that decides ownership (law 11).

A driver sees the records of a truck for the days it was given to them; a supervisor those of
their depots; admin and accountant all. Reading for a page and loading in a service both go
through here. What is out of scope does not exist: NotFound, a 404.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.roles import Role
from hsh.core.words import PlaceKind
from hsh.db import db
from hsh.models.books import ApprovalRequest
from hsh.models.logistics import Correction, Distribution, StockCount
from hsh.models.people import User, UserDepot
from hsh.models.registry import Assignment, Place, Vehicle
from hsh.models.sales import Transaction
from hsh.queries import keyset

_SEES_ALL = {Role.ADMIN, Role.ACCOUNTANT}


def sees_all(actor: Actor) -> bool:
    """Tell whether every record is theirs to see."""
    return bool(_SEES_ALL & actor.roles)


def is_in_the_field(actor: Actor) -> bool:
    """Tell whether they drive, and do nothing else."""
    return actor.roles == {Role.DRIVER}


def distributions(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which ``actor`` sees a distribution."""
    return _records(actor, Distribution.truck_id, Distribution.depot_id, Distribution.planned_on)


def transactions(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which ``actor`` sees a sale."""
    return _records(actor, Transaction.source_id, Transaction.depot_id, Transaction.confirmed_on)


def distribution_shelves(actor: Actor) -> keyset.Shelves:
    """Return where a list of distributions finds all that ``distributions`` allows."""
    return _shelves(actor, Distribution.truck_id, Distribution.depot_id, Distribution.planned_on)


def transaction_shelves(actor: Actor) -> keyset.Shelves:
    """Return where a list of sales finds all that ``transactions`` allows."""
    return _shelves(actor, Transaction.source_id, Transaction.depot_id, Transaction.confirmed_on)


def trucks(actor: Actor, on: date | ColumnElement[date]) -> Select[int]:
    """Return the ids of the trucks that ``actor`` may drive or dispatch on the day ``on``."""
    depots = _depots_of(actor)
    driven = _given(actor, on).where(Assignment.truck_id == Vehicle.place_id).exists()
    return (
        select(Vehicle.place_id)
        .join(Place, Place.id == Vehicle.place_id)
        .where(
            Place.active,
            or_(
                driven if Role.DRIVER in actor.roles else false(),
                Vehicle.home_depot_id.in_(depots) if Role.SUPERVISOR in actor.roles else false(),
                true() if _SEES_ALL & actor.roles else false(),
            ),
        )
    )


def depots(actor: Actor) -> Select[int]:
    """Return the ids of the depots that ``actor`` may load from or oversees.

    A driver may load at any depot; a supervisor sees those given to them.
    """
    every = select(Place.id).where(Place.kind == PlaceKind.DEPOT, Place.active)
    if actor.roles & (_SEES_ALL | {Role.DRIVER}):
        return every
    return every.where(Place.id.in_(_depots_of(actor)))


def depot_ids(actor: Actor) -> tuple[int, ...]:
    """Return the depots that ``actor`` loads from or oversees."""
    return tuple(db.session.scalars(depots(actor).order_by(Place.id)))


def counters(actor: Actor) -> Select[int]:
    """Return the ids of the depots at whose counter ``actor`` sells: a supervisor's own."""
    mine = select(Place.id).where(Place.kind == PlaceKind.DEPOT, Place.active)
    if Role.SUPERVISOR not in actor.roles:
        return mine.where(false())
    return mine.where(Place.id.in_(_depots_of(actor)))


def statements(actor: Actor, on: date) -> ColumnElement[bool]:
    """Return the condition under which ``actor`` may see all that moved at a ``Place``.

    A supervisor sees it of their depots, the trucks that belong there, and of every site.
    """
    if _SEES_ALL & actor.roles:
        return true()
    if Role.SUPERVISOR not in actor.roles:
        return false()
    homes = select(Vehicle.place_id).where(Vehicle.home_depot_id.in_(_depots_of(actor)))
    return or_(
        Place.kind == PlaceKind.SITE,
        Place.id.in_(_depots_of(actor)),
        Place.id.in_(homes),
        Place.id.in_(trucks(actor, on)),
    )


def corrections(actor: Actor, on: date) -> ColumnElement[bool]:
    """Return the condition under which ``actor`` sees a correction: by one of its places."""
    if sees_all(actor):
        return true()
    theirs = select(Place.id).where(statements(actor, on), Place.kind != PlaceKind.OUTSIDE)
    return or_(Correction.from_place_id.in_(theirs), Correction.to_place_id.in_(theirs))


def counts(actor: Actor, on: date) -> ColumnElement[bool]:
    """Return the condition under which ``actor`` sees a stock count: by its place."""
    if sees_all(actor):
        return true()
    return StockCount.place_id.in_(select(Place.id).where(statements(actor, on)))


def requests(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which ``actor`` sees a request: their own, or their depots'."""
    if _SEES_ALL & actor.roles:
        return true()
    own = ApprovalRequest.requested_by == actor.id
    if Role.SUPERVISOR not in actor.roles:
        return own
    depot = ApprovalRequest.depot_id
    return or_(own, depot.is_(None), depot.in_(_depots_of(actor)))


def place(actor: Actor, ref: UUID, *, on: date) -> Place:
    """Return the depot or truck ``ref`` that ``actor`` may use on the day ``on``.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    within = or_(Place.id.in_(trucks(actor, on)), Place.id.in_(depots(actor)))
    found = db.session.scalar(select(Place).where(Place.ref == ref, within))
    if found is None:
        raise NotFound(what="place")
    return found


def _records(
    actor: Actor,
    truck: InstrumentedAttribute[int],
    depot: InstrumentedAttribute[int],
    day: InstrumentedAttribute[date],
) -> ColumnElement[bool]:
    if _SEES_ALL & actor.roles:
        return true()
    seen: list[ColumnElement[bool]] = [false()]
    if Role.DRIVER in actor.roles:
        seen.append(exists(_given(actor, day).where(Assignment.truck_id == truck)))
    if Role.SUPERVISOR in actor.roles:
        seen.append(depot.in_(_depots_of(actor)))
    return or_(*seen)


def _shelves(
    actor: Actor,
    truck: InstrumentedAttribute[int],
    depot: InstrumentedAttribute[int],
    day: InstrumentedAttribute[date],
) -> keyset.Shelves:
    """Return a shelf for each truck, from its first day with them to its last, and each depot.

    A shelf may hold more than is theirs: the days on which another drove their truck. They say
    where to look; ``_records`` alone says what may be seen.
    """
    if _SEES_ALL & actor.roles:
        return keyset.EVERYWHERE
    shelves: list[ColumnElement[bool]] = []
    if Role.DRIVER in actor.roles:
        spans = db.session.execute(_spans(actor))
        shelves += [and_(truck == one, day.between(first, last)) for one, first, last in spans]
    if Role.SUPERVISOR in actor.roles:
        shelves += [depot == one for one in db.session.scalars(_depots_of(actor))]
    return shelves


def _spans(actor: Actor) -> Select[int, date, date]:
    """Return each truck that was ever given to them, with the first day and the last."""
    last = func.max(func.coalesce(Assignment.ends_on, date.max))
    return (
        select(Assignment.truck_id, func.min(Assignment.starts_on), last)
        .where(Assignment.driver_id == actor.id)
        .group_by(Assignment.truck_id)
    )


def _given(
    actor: Actor, day: date | ColumnElement[date] | InstrumentedAttribute[date]
) -> Select[int]:
    return select(Assignment.truck_id).where(
        Assignment.driver_id == actor.id,
        Assignment.starts_on <= day,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
    )


def _depots_of(actor: Actor) -> Select[int]:
    return select(UserDepot.depot_id).where(UserDepot.user_id == actor.id)


def people(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which ``actor`` oversees a ``User``.

    A supervisor oversees those who ever drove a truck of their depots, and themselves.
    """
    if _SEES_ALL & actor.roles:
        return true()
    if Role.SUPERVISOR not in actor.roles:
        return User.id == actor.id
    theirs = (
        select(Assignment.id)
        .join(Vehicle, Vehicle.place_id == Assignment.truck_id)
        .where(Assignment.driver_id == User.id, Vehicle.home_depot_id.in_(_depots_of(actor)))
    )
    return or_(User.id == actor.id, exists(theirs))
