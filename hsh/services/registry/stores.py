"""Depots and trucks, as an admin adds and changes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core import address
from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid
from hsh.core.roles import require
from hsh.core.words import PlaceKind
from hsh.db import atomic, db
from hsh.models.registry import Depot, Place, Vehicle
from hsh.services.books.submissions import once
from hsh.services.registry import checks, places, versions


@dataclass(frozen=True, kw_only=True)
class AddDepot(Command):
    """A depot that is new. Its address is one of Singapore, as on an envelope."""

    op: ClassVar[str] = "depot.add"
    code: str
    name: str
    address: str
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class EditDepot(Command):
    """What a depot is to be, as an admin saw it at ``version``."""

    op: ClassVar[str] = "depot.edit"
    record: UUID
    version: int
    name: str
    address: str
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class AddTruck(Command):
    """A truck that is new; its code is its first plate. ``home_depot`` is a depot's code."""

    op: ClassVar[str] = "truck.add"
    name: str
    plate: str
    home_depot: str
    licence_expires_on: date | None
    max_gross_kg: Decimal | None


@dataclass(frozen=True, kw_only=True)
class EditTruck(Command):
    """What a truck is to be, as an admin saw it at ``version``."""

    op: ClassVar[str] = "truck.edit"
    record: UUID
    version: int
    name: str
    plate: str
    home_depot: str
    licence_expires_on: date | None
    max_gross_kg: Decimal | None


@atomic
@once
def register_depot(command: AddDepot) -> Outcome:
    """Add a depot, with the site that stands for its walk-in customers.

    Raises:
        Invalid: a value will not do, or the code is taken.

    """
    require(command.actor.roles, command.op)
    new = places.NewDepot(
        ref=command.submission,
        code=command.code,
        name=command.name,
        address=address.parse(", ".join(command.address.splitlines())),
        phone=command.phone,
    )
    places.add_depot(new, by=command)
    return Outcome(record=Depot.__tablename__, ref=command.submission)


@atomic
@once
def edit_depot(command: EditDepot) -> Outcome:
    """Change a depot; documents keep what they froze.

    Raises:
        NotFound: there is no such depot.
        StaleVersion: someone changed it meanwhile.
        Invalid: a value will not do.

    """
    require(command.actor.roles, command.op)
    row = versions.locked(Depot, command.record, seen=command.version)
    with versions.change(row, command):
        db.session.get_one(Place, row.place_id).name = checks.name(command.name)
        row.address = checks.lines(command.address, field="address")
        row.phone = checks.plain(command.phone, field="phone")
    return versions.outcome(row)


@atomic
@once
def register_truck(command: AddTruck) -> Outcome:
    """Add a truck.

    Raises:
        Invalid: a value will not do, or the plate is taken.

    """
    require(command.actor.roles, command.op)
    new = places.NewTruck(
        ref=command.submission,
        code=checks.free(Place.code, checks.code(command.plate, field="plate"), field="plate"),
        name=command.name,
        plate=command.plate,
        home_depot=_depot(command.home_depot),
        licence_expires_on=command.licence_expires_on,
        max_gross_kg=command.max_gross_kg,
    )
    places.add_truck(new, by=command)
    return Outcome(record=Vehicle.__tablename__, ref=command.submission)


@atomic
@once
def edit_truck(command: EditTruck) -> Outcome:
    """Change a truck; what it did keeps the depot of its day.

    Raises:
        NotFound: there is no such truck.
        StaleVersion: someone changed it meanwhile.
        Invalid: a value will not do, or the plate is taken.

    """
    require(command.actor.roles, command.op)
    row = versions.locked(Vehicle, command.record, seen=command.version)
    limit = command.max_gross_kg
    with versions.change(row, command):
        db.session.get_one(Place, row.place_id).name = checks.name(command.name)
        if command.plate != row.plate:
            plate = checks.code(command.plate, field="plate")
            row.plate = checks.free(Vehicle.plate, plate, field="plate")
        row.home_depot_id = _depot(command.home_depot)
        row.licence_expires_on = command.licence_expires_on
        row.max_gross_kg = limit and checks.amount(limit, field="max_gross_kg")
    return versions.outcome(row)


def _depot(code: str) -> int:
    found = db.session.scalar(
        select(Place.id).where(Place.kind == PlaceKind.DEPOT, Place.code == code, Place.active)
    )
    if found is None:
        raise Invalid(field="home_depot", reason="no_such_depot", code=code)
    return found
