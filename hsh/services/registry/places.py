"""Depots and trucks: the company's own places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from hsh.core.address import Address, natural_key
from hsh.core.command import Actor, Command
from hsh.core.words import PlaceKind
from hsh.db import atomic
from hsh.models.registry import Depot, Vehicle
from hsh.services.books.audit import By
from hsh.services.registry import checks, customers, rates, records

CASH_SALE = "Cash sale"
"""Every depot's walk-in customer; a name on documents, so the same in every language."""


@dataclass(frozen=True, kw_only=True)
class NewDepot:
    """A store of cylinders of the company's own."""

    ref: UUID
    code: str
    name: str
    address: Address
    phone: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewTruck:
    """A truck. ``home_depot`` is the depot's id."""

    ref: UUID
    code: str
    name: str
    plate: str
    home_depot: int
    licence_expires_on: date | None = None
    max_gross_kg: Decimal | None = None
    """The most kg of cylinders, gross, that it may carry."""


@atomic
def add_depot(new: NewDepot, *, by: By) -> int:
    """Add a depot with its ``Cash sale`` customer and site; return its id."""
    place = records.new_place(new.ref, PlaceKind.DEPOT, new.code, new.name)
    row = Depot(
        place_id=place.id,
        address=customers.postal_lines(new.address),
        phone=checks.plain(new.phone, field="phone"),
        cash_sale_site_id=_add_cash_sale(new, by=by.actor if isinstance(by, Command) else by),
    )
    records.register(row, "depot.add", by, ref=new.ref)
    return place.id


@atomic
def add_truck(new: NewTruck, *, by: By) -> int:
    """Add a truck; return its id."""
    place = records.new_place(new.ref, PlaceKind.TRUCK, new.code, new.name)
    row = Vehicle(
        place_id=place.id,
        plate=checks.free(Vehicle.plate, checks.code(new.plate, field="plate"), field="plate"),
        home_depot_id=new.home_depot,
        licence_expires_on=new.licence_expires_on,
        max_gross_kg=new.max_gross_kg and checks.amount(new.max_gross_kg, field="max_gross_kg"),
    )
    records.register(row, "truck.add", by, ref=new.ref)
    return place.id


def _add_cash_sale(new: NewDepot, *, by: Actor | None) -> int:
    """Add the customer and the site that stand for whoever walks in; return the site's id."""
    name = f"{CASH_SALE} ({new.name})"
    customer = customers.add_customer(
        customers.NewCustomer(
            ref=uuid5(new.ref, "cash-sale/customer"),
            name=CASH_SALE,
            natural_key=natural_key(name, new.address),
            billing_address=customers.postal_lines(new.address),
            price_list=rates.standard_price_list(by=by),
        ),
        by=by,
    )
    site = customers.NewSite(
        ref=uuid5(new.ref, "cash-sale/site"),
        customer=customer,
        code=f"CASH-{new.code}",
        name=name,
        address=new.address,
    )
    return customers.add_site(site, by=by)
