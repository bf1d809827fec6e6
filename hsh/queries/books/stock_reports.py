"""Stock over time: what there was at the end of a day, and a depot's kilograms day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, func, or_, select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.words import Condition, EquipmentKind, PlaceKind
from hsh.db import db
from hsh.models.books import StockLevel, StockMove
from hsh.models.registry import Customer, Equipment, Place, Site
from hsh.queries import days, scope

_AT_A_TIME = 1_000
type _Spot = tuple[int, int, str]
"""A place, an equipment and a condition."""


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What was at a place of one size in one condition."""

    place: str
    kind: str
    size: str
    condition: str
    quantity: int
    kg: Decimal
    """Gas in the full ones."""


@dataclass(frozen=True, kw_only=True)
class Out:
    """Cylinders of one size that a site held."""

    customer: str
    site: str
    site_code: str
    size: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class DepotDay:
    """The gas in a depot's full cylinders on one day, in kg."""

    day: date
    depot: str
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
    held = _levels(StockLevel.place_id.in_(places), set(places), day)
    sizes = _sizes()
    found = [
        Stock(
            place=places[place].name, kind=places[place].kind, size=sizes[size].name,
            condition=condition, quantity=quantity,
            kg=(sizes[size].net_kg or Decimal(0)) * quantity * (condition == Condition.FULL),
        )
        for (place, size, condition), quantity in held.items()
        if quantity
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.kind, row.place, row.size, row.condition))


def at_customers(day: date) -> list[Out]:
    """Return the cylinders that customers held when ``day`` was over."""
    held = _levels(StockLevel.place_kind == PlaceKind.SITE, None, day)
    sizes = _sizes()
    names = {
        key: (customer, site, code)
        for key, customer, site, code in db.session.execute(
            select(Place.id, Customer.name, Place.name, Place.code)
            .join(Site, Site.place_id == Place.id)
            .join(Customer, Customer.id == Site.customer_id)
        )
    }
    found = [
        Out(
            customer=names[site][0], site=names[site][1], site_code=names[site][2],
            size=sizes[size].name, quantity=quantity,
        )
        for (site, size, _condition), quantity in held.items()
        if quantity and site in names and sizes[size].kind == EquipmentKind.CYLINDER
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row.customer, row.site, row.size))


def kilograms(actor: Actor, first: date, last: date) -> Iterator[DepotDay]:
    """Yield for each depot of ``actor`` and each day the gas in full cylinders, in kg."""
    query = select(Place).where(Place.id.in_(scope.depots(actor))).order_by(Place.name)
    for depot in db.session.scalars(query).all():
        moved = _kg_by_day(depot.id, first)
        now = sum(
            (
                (kg or Decimal(0)) * quantity
                for kg, quantity in db.session.execute(
                    select(Equipment.net_kg, StockLevel.quantity)
                    .join(Equipment, Equipment.id == StockLevel.equipment_id)
                    .where(StockLevel.place_id == depot.id, StockLevel.condition == Condition.FULL)
                )
            ),
            Decimal(0),
        )
        opening = now - sum((came - went for came, went in moved.values()), Decimal(0))
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            came, went = moved.get(day, (Decimal(0), Decimal(0)))
            shown = DepotDay(day=day, depot=depot.name, opening=opening, received=came, issued=went)
            yield shown
            opening = shown.closing


def _kg_by_day(depot: int, since: date) -> dict[date, tuple[Decimal, Decimal]]:
    """Return what came to the depot and went from it, in kg, on each day since the first."""
    found: defaultdict[date, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0),) * 2)
    begin, _end = days.span(since, None)
    for sign, place, condition in (
        (1, StockMove.to_place_id, StockMove.to_condition),
        (-1, StockMove.from_place_id, StockMove.from_condition),
    ):
        query = (
            select(StockMove.moved_at, Equipment.net_kg, StockMove.quantity)
            .join(Equipment, Equipment.id == StockMove.equipment_id)
            .where(place == depot, condition == Condition.FULL, StockMove.moved_at >= begin)
            .execution_options(yield_per=_AT_A_TIME)
        )
        for at, kg, quantity in db.session.execute(query):
            day = clock.business_date(at)
            came, went = found[day]
            moved = (kg or Decimal(0)) * quantity
            found[day] = (came + moved, went) if sign > 0 else (came, went + moved)
    return found


def _levels(here: ColumnElement[bool], places: set[int] | None, day: date) -> dict[_Spot, int]:
    """Return the levels when ``day`` was over: those of now, less what moved since."""
    level = StockLevel
    held = defaultdict(
        int,
        {
            (place, size, condition): quantity
            for place, size, condition, quantity in db.session.execute(
                select(level.place_id, level.equipment_id, level.condition, level.quantity).where(
                    here
                )
            )
        },
    )
    _begin, end = days.span(None, day)
    for sign, place, condition in (
        (-1, StockMove.to_place_id, StockMove.to_condition),
        (1, StockMove.from_place_id, StockMove.from_condition),
    ):
        key = (place, StockMove.equipment_id, condition)
        rows = db.session.execute(
            select(*key, func.sum(StockMove.quantity))
            .where(StockMove.moved_at >= end)
            .group_by(*key)
        )
        for where, size, state, quantity in rows:
            if (where, size, state) in held or (places and where in places):
                held[where, size, state] += sign * int(quantity)
    return held


def _sizes() -> dict[int, Equipment]:
    return {size.id: size for size in db.session.scalars(select(Equipment))}
