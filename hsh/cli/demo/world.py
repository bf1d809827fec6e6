"""What the player sees before it acts: places, people, and what stands where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, or_, select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.core.words import Condition, Outside
from hsh.db import db
from hsh.models.logistics import Correction, Distribution
from hsh.models.people import User, UserDepot, UserRole
from hsh.models.registry import (
    Assignment,
    Customer,
    Depot,
    Equipment,
    Meter,
    Place,
    Service,
    Site,
    Vehicle,
)
from hsh.models.sales import Transaction
from hsh.queries.registry import people
from hsh.queries.registry.places import outside
from hsh.queries.sales import holdings


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place by its row and its address."""

    id: int
    ref: UUID


@dataclass(frozen=True, kw_only=True)
class DepotView(Spot):
    """A depot, who oversees it, and the site of its walk-in customers."""

    supervisor: Actor
    counter: UUID | None


@dataclass(frozen=True, kw_only=True)
class TruckView(Spot):
    """A truck with the driver who has it today."""

    depot: DepotView
    driver: Actor
    driver_ref: UUID


@dataclass(frozen=True, kw_only=True)
class SiteView(Spot):
    """A site that may be visited."""

    code: str
    has_terms: bool


@dataclass(frozen=True, kw_only=True)
class MeterView:
    """A meter as the driver's page shows it."""

    ref: UUID
    digits: int
    decimals: int
    last: Decimal
    estimated: Decimal


def trucks(on: date) -> list[TruckView]:
    """Return the trucks that have a driver on the day ``on``, each with one of them."""
    rows = db.session.execute(
        select(Place.id, Place.ref, Vehicle.home_depot_id, User.username, User.ref)
        .join(Vehicle, Vehicle.place_id == Place.id)
        .join(Assignment, Assignment.truck_id == Place.id)
        .join(User, User.id == Assignment.driver_id)
        .where(
            Place.active,
            User.active,
            Assignment.starts_on <= on,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= on),
        )
        .order_by(Place.code, Assignment.id)
    ).all()
    stores = {depot.id: depot for depot in depots()}
    found: dict[int, TruckView] = {}
    for place, ref, home, username, driver_ref in rows:
        if home in stores and place not in found:
            found[place] = TruckView(
                id=place,
                ref=ref,
                depot=stores[home],
                driver=actor(username),
                driver_ref=driver_ref,
            )
    return list(found.values())


def depots() -> list[DepotView]:
    """Return the depots that a supervisor oversees, each with one of them."""
    rows = db.session.execute(
        select(Place.id, Place.ref, User.username, Depot.cash_sale_site_id)
        .join(Depot, Depot.place_id == Place.id)
        .join(UserDepot, UserDepot.depot_id == Place.id)
        .join(User, User.id == UserDepot.user_id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(Place.active, User.active, UserRole.role == Role.SUPERVISOR)
        .order_by(Place.code, User.id)
    ).all()
    refs = _refs({row.cash_sale_site_id for row in rows})
    found: dict[int, DepotView] = {}
    for place, ref, username, counter in rows:
        if place not in found:
            found[place] = DepotView(
                id=place, ref=ref, supervisor=actor(username), counter=refs.get(counter)
            )
    return list(found.values())


def sites() -> list[SiteView]:
    """Return every site that is visited: all but those of walk-in customers."""
    walk_in = select(Depot.cash_sale_site_id).where(Depot.cash_sale_site_id.is_not(None))
    rows = db.session.execute(
        select(Place.id, Place.ref, Place.code, Customer.terms_days)
        .join(Site, Site.place_id == Place.id)
        .join(Customer, Customer.id == Site.customer_id)
        .where(Place.active, Customer.active, Place.id.not_in(walk_in))
        .order_by(Place.code)
    )
    return [
        SiteView(id=place, ref=ref, code=code, has_terms=terms is not None)
        for place, ref, code, terms in rows
    ]


def meters(site: int) -> list[MeterView]:
    """Return the meters at a site as they are now."""
    rows = db.session.execute(
        select(Meter.ref, Meter.digits, Meter.decimals, Meter.last_reading, Meter.estimated)
        .where(Meter.site_id == site, Meter.active)
        .order_by(Meter.serial)
    )
    return [
        MeterView(ref=ref, digits=digits, decimals=decimals, last=last, estimated=estimated)
        for ref, digits, decimals, last, estimated in rows
    ]


def stock(place: int) -> dict[tuple[str, Condition], int]:
    """Return how many of each code and condition are at a place; zeros are left out."""
    codes = dict(db.session.execute(select(Equipment.id, Equipment.code)).all())
    there = holdings.counts(place)
    return {(codes[item], state): count for (item, state), count in there.items() if count}


def deposits(site: int) -> dict[str, int]:
    """Return how many deposits a site holds with us, by the size's code."""
    from_service = dict(
        db.session.execute(
            select(Service.id, Equipment.code).join(Equipment, Equipment.id == Service.equipment_id)
        ).all()
    )
    return {from_service[id_]: held.quantity for id_, held in holdings.deposits(site).items()}


def supplier() -> UUID:
    """Return the place that new gas comes from and empty cylinders go to."""
    return outside(Outside.SUPPLIER).ref


def actor(username: str) -> Actor:
    """Return who ``username`` is when they act."""
    person = people.credentials(username)
    if person is None:
        raise AssertionError(username)
    return person.actor


def last_day() -> date | None:
    """Return the newest day on which anything moved, None in books without a fact."""
    newest = [
        db.session.scalar(select(func.max(column)))
        for column in (
            Transaction.confirmed_at,
            Distribution.confirmed_at,
            Correction.confirmed_at,
        )
    ]
    return max((clock.business_date(at) for at in newest if at), default=None)


def _refs(places: set[int | None]) -> dict[int | None, UUID]:
    rows = db.session.execute(select(Place.id, Place.ref).where(Place.id.in_(places - {None})))
    return dict(rows.all())
