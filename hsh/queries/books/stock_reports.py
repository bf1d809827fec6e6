"""Stock over time: what there was at the end of a day, and a depot's kilograms day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import or_, select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.words import Condition, EquipmentKind, PlaceKind
from hsh.db import db
from hsh.models.books import StockMove
from hsh.models.registry import Customer, Equipment, Place, Site
from hsh.queries import days, scope
from hsh.queries.books import levels

_AT_A_TIME = 1_000


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What was at a place of one size in one condition."""

    ref: UUID
    place: str
    kind: str
    code: str
    size: str
    condition: str
    quantity: int
    kg: Decimal
    """Gas in the full ones."""


@dataclass(frozen=True, kw_only=True)
class Out:
    """Cylinders of one size that a site held."""

    customer: str
    customer_ref: UUID
    site: str
    site_ref: UUID
    site_code: str
    size: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class DepotDay:
    """The gas in a depot's full cylinders on one day, in kg."""

    day: date
    depot: str
    ref: UUID
    opening: Decimal
    received: Decimal
    issued: Decimal

    @property
    def closing(self) -> Decimal:
        """What there was when the day was over."""
        return self.opening + self.received - self.issued


def at_end_of(actor: Actor, day: date) -> list[Stock]:
    """Return what the depots and trucks of ``actor`` held when ``day`` was over."""
    mine = or_(Place.id.in_(scope.depots(actor)), Place.id.in_(scope.trucks(actor, clock.today())))
    rows = db.session.execute(select(Place).where(mine).order_by(Place.kind, Place.name)).scalars()
    places = {place.id: place for place in rows}
    sizes = _sizes()
    found = [
        Stock(
            ref=places[place].ref, place=places[place].name, kind=places[place].kind,
            code=code, size=sizes[code].name, condition=condition, quantity=quantity,
            kg=_net_kg(sizes[code]) * quantity * (condition == Condition.FULL),
        )
        for (place, code, condition), quantity in levels.at_end_of(list(places), day).items()
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.kind, row.place, row.size, row.condition))


def at_customers(day: date) -> list[Out]:
    """Return the cylinders that customers held when ``day`` was over."""
    sites = select(Place.id).where(Place.kind == PlaceKind.SITE)
    sizes = _sizes()
    names = {
        row.id: row
        for row in db.session.execute(
            select(
                Place.id,
                Place.ref,
                Place.name,
                Place.code,
                Customer.name.label("customer"),
                Customer.ref.label("customer_ref"),
            )
            .join(Site, Site.place_id == Place.id)
            .join(Customer, Customer.id == Site.customer_id)
        )
    }
    found = [
        Out(
            customer=names[site].customer, customer_ref=names[site].customer_ref,
            site=names[site].name, site_ref=names[site].ref, site_code=names[site].code,
            size=sizes[code].name, quantity=quantity,
        )
        for (site, code, _condition), quantity in levels.at_end_of(sites, day).items()
        if site in names and sizes[code].kind == EquipmentKind.CYLINDER
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.customer, row.site, row.size))


def kilograms(actor: Actor, first: date, last: date) -> Iterator[DepotDay]:
    """Yield for each depot of ``actor`` and each day the gas in full cylinders, in kg."""
    query = select(Place).where(Place.id.in_(scope.depots(actor))).order_by(Place.name)
    sizes = _sizes()
    for depot in db.session.scalars(query).all():
        moved = _kg_by_day(depot.id, first, last)
        there = levels.at_end_of([depot.id], first - timedelta(days=1))
        opening = sum(
            (
                _net_kg(sizes[code]) * quantity
                for (_place, code, condition), quantity in there.items()
                if condition == Condition.FULL
            ),
            Decimal(0),
        )
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            came, went = moved.get(day, (Decimal(0), Decimal(0)))
            shown = DepotDay(
                day=day, depot=depot.name, ref=depot.ref, opening=opening, received=came,
                issued=went,
            )  # fmt: skip
            yield shown
            opening = shown.closing


def _kg_by_day(depot: int, first: date, last: date) -> dict[date, tuple[Decimal, Decimal]]:
    """Return what came to the depot and went from it, in kg, on each day of a period."""
    found: defaultdict[date, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0),) * 2)
    for sign, place, condition in (
        (1, StockMove.to_place_id, StockMove.to_condition),
        (-1, StockMove.from_place_id, StockMove.from_condition),
    ):
        query = (
            select(StockMove.moved_at, Equipment.net_kg, StockMove.quantity)
            .join(Equipment, Equipment.id == StockMove.equipment_id)
            .where(
                place == depot,
                condition == Condition.FULL,
                *days.between(StockMove.moved_at, first, last),
            )
            .execution_options(yield_per=_AT_A_TIME)
        )
        for at, kg, quantity in db.session.execute(query):
            day = clock.business_date(at)
            came, went = found[day]
            moved = (kg or Decimal(0)) * quantity
            found[day] = (came + moved, went) if sign > 0 else (came, went + moved)
    return found


def _sizes() -> dict[str, Equipment]:
    return {size.code: size for size in db.session.scalars(select(Equipment))}


def _net_kg(size: Equipment) -> Decimal:
    return size.net_kg or Decimal(0)
