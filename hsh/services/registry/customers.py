"""Customers, who buy and owe, and their sites, where cylinders stand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from hsh.core.address import Address
from hsh.core.command import Actor
from hsh.core.refusals import Invalid
from hsh.core.words import PlaceKind
from hsh.db import atomic
from hsh.models.registry import Customer, Site
from hsh.services.registry import checks, records

LONGEST_TERMS = 365


@dataclass(frozen=True, kw_only=True)
class NewCustomer:
    """Who buys. ``price_list`` is the list's id."""

    ref: UUID
    name: str
    natural_key: str
    """From ``core.address.natural_key``."""
    billing_address: str
    """Lines separated by newlines."""
    price_list: int
    uen: str | None = None
    gst_number: str | None = None
    email: str | None = None
    phone: str | None = None
    terms_days: int | None = None
    """Days of credit; None pays at once."""
    buyer_reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewSite:
    """Where it is delivered. ``customer`` is the customer's id."""

    ref: UUID
    customer: int
    code: str
    name: str
    address: Address
    latitude: str | None = None
    longitude: str | None = None
    contact: str | None = None
    phone: str | None = None
    kg_limit: Decimal | None = None
    """The most LPG that may stand there, in kg (a licence's condition)."""


@atomic
def add_customer(new: NewCustomer, *, by: Actor | None) -> int:
    """Add a customer; return its id."""
    return records.register(customer_row(new), "customer.add", by, ref=new.ref).id


@atomic
def add_site(new: NewSite, *, by: Actor | None) -> int:
    """Add a site of a customer; return its id."""
    place = records.new_place(new.ref, PlaceKind.SITE, new.code, new.name)
    records.register(site_row(new, place.id), "site.add", by, ref=new.ref)
    return place.id


def customer_row(new: NewCustomer) -> Customer:
    """Return the row that ``new`` becomes, after its checks."""
    if new.terms_days is not None and not 0 <= new.terms_days <= LONGEST_TERMS:
        raise Invalid(field="terms_days", reason="terms_days", most=LONGEST_TERMS)
    return Customer(
        ref=new.ref,
        natural_key=checks.free(Customer.natural_key, new.natural_key, field="name"),
        name=checks.name(new.name),
        uen=new.uen and checks.code(new.uen, field="uen"),
        gst_number=new.gst_number and checks.code(new.gst_number, field="gst_number"),
        billing_address=checks.lines(new.billing_address, field="billing_address"),
        email=checks.email(new.email),
        phone=checks.optional(new.phone, field="phone", most=checks.CODE_LENGTH),
        terms_days=new.terms_days,
        buyer_reference=checks.optional(new.buyer_reference, field="buyer_reference"),
        price_list_id=new.price_list,
        active=True,
        version=1,
    )


def site_row(new: NewSite, place: int) -> Site:
    """Return the row that ``new`` becomes at ``place``, after its checks."""
    return Site(
        place_id=place,
        customer_id=new.customer,
        street=checks.name(new.address.street, field="street"),
        unit=checks.optional(new.address.unit, field="unit", most=checks.CODE_LENGTH),
        building=checks.optional(new.address.building, field="building"),
        postal_code=new.address.postal_code,
        latitude=new.latitude,
        longitude=new.longitude,
        contact=checks.optional(new.contact, field="contact"),
        phone=checks.optional(new.phone, field="phone", most=checks.CODE_LENGTH),
        kg_limit=new.kg_limit and checks.amount(new.kg_limit, field="kg_limit"),
    )


def postal_lines(address: Address) -> str:
    """Write an address as on an envelope, a line for each part."""
    parts = (address.street, address.building, address.unit, f"Singapore {address.postal_code}")
    return "\n".join(part for part in parts if part)
