"""What driver and supervisor are warned of before a truck leaves: nothing of it stops them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from hsh.core import expiry
from hsh.core.expiry import Expiry
from hsh.core.words import Condition, Direction, PermitKind
from hsh.db import db
from hsh.models.registry import Equipment, Permit, Vehicle
from hsh.queries.logistics import stock

type Load = Mapping[tuple[Direction, str, Condition], int]
"""How many of each size (by code) and condition go onto the truck, or off it into the depot."""


@dataclass(frozen=True, kw_only=True)
class LicenceEnds:
    """The truck's licence is over, or ends soon."""

    on: date
    said: Expiry


@dataclass(frozen=True, kw_only=True)
class PermitEnds:
    """A permit of the driver is over, or ends soon."""

    kind: PermitKind
    on: date
    said: Expiry


@dataclass(frozen=True, kw_only=True)
class TooHeavy:
    """With this load the truck carries more kg, gross, than it may."""

    kg: Decimal
    most: Decimal


type Caution = LicenceEnds | PermitEnds | TooHeavy


def cautions(*, truck: int, driver: int, on: date, load: Load) -> list[Caution]:
    """Return what to be warned of when ``driver`` takes ``truck`` (ids) out on a day.

    ``load`` is what goes on and off beside what is on the truck now.
    """
    return [*_of_truck(truck, on, load), *_of_driver(driver, on)]


def _of_truck(truck: int, on: date, load: Load) -> Iterator[Caution]:
    row = db.session.get(Vehicle, truck)
    if row is None:
        return
    said = expiry.expiry(row.licence_expires_on, on)
    if said and row.licence_expires_on:
        yield LicenceEnds(on=row.licence_expires_on, said=said)
    kg = _weight(truck, load) if row.max_gross_kg else Decimal(0)
    if row.max_gross_kg and kg > row.max_gross_kg:
        yield TooHeavy(kg=kg, most=row.max_gross_kg)


def _of_driver(driver: int, on: date) -> Iterator[Caution]:
    permits = db.session.scalars(
        select(Permit)
        .where(Permit.driver_id == driver, Permit.active)
        .order_by(Permit.expires_on, Permit.id)
    )
    for permit in permits:
        said = expiry.expiry(permit.expires_on, on)
        if said:
            yield PermitEnds(kind=PermitKind(permit.kind), on=permit.expires_on, said=said)


def _weight(truck: int, load: Load) -> Decimal:
    """Return the kg, gross, on the truck after ``load``; one partly used counts as full."""
    there = Counter(stock.shelves([truck])[truck])
    for (direction, code, condition), quantity in load.items():
        there[code, condition] += quantity if direction == Direction.OUT else -quantity
    rows = db.session.execute(
        select(Equipment.code, Equipment.gross_kg, Equipment.tare_kg).where(
            Equipment.code.in_({code for code, _ in there})
        )
    )
    weights = {code: (gross or Decimal(0), tare or Decimal(0)) for code, gross, tare in rows}
    return sum(
        (
            weights[code][condition == Condition.EMPTY] * quantity
            for (code, condition), quantity in (+there).items()
            if code in weights
        ),
        Decimal(0),
    )
