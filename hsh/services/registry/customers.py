"""Customers, who buy and owe, and their sites, where cylinders stand: added."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid5

from sqlalchemy import select

from hsh.core.address import Address, natural_key
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import Invalid
from hsh.core.roles import require
from hsh.core.words import PlaceKind
from hsh.db import atomic, db
from hsh.models.registry import Customer, Place, PriceList, Site
from hsh.services.books.submissions import once
from hsh.services.registry import checks, equipment, finding, records

LONGEST_TERMS = 365
_SITE_CODE = "S{:06d}"
_NUMBERED = re.compile(r"S[0-9]{6}")


@dataclass(frozen=True, kw_only=True)
class CustomerDetails:
    """What the office knows of who buys."""

    name: str
    billing_address: str
    """Lines separated by newlines."""
    uen: str | None = None
    gst_number: str | None = None
    email: str | None = None
    phone: str | None = None
    terms_days: int | None = None
    """Days of credit; None pays at once."""
    buyer_reference: str | None = None


@dataclass(frozen=True, kw_only=True)
class SiteDetails:
    """What the office knows of where it is delivered."""

    name: str
    address: Address
    latitude: str | None = None
    longitude: str | None = None
    contact: str | None = None
    phone: str | None = None
    kg_limit: Decimal | None = None
    """The most LPG that may stand there, in kg (a licence's condition)."""
    household: bool = False


@dataclass(frozen=True, kw_only=True)
class NewCustomer(CustomerDetails):
    """Who buys. ``price_list`` is the list's id."""

    ref: UUID
    natural_key: str
    """From ``core.address.natural_key``."""
    price_list: int


@dataclass(frozen=True, kw_only=True)
class NewSite(SiteDetails):
    """Where it is delivered. ``customer`` is the customer's id."""

    ref: UUID
    customer: int
    code: str


@dataclass(frozen=True, kw_only=True)
class AddCustomer(Command):
    """A customer to add, with the first site; ``price_list`` is a code.

    Without a billing address the site's own is taken, without a code the next number.
    """

    op: ClassVar[str] = "customer.add"
    details: CustomerDetails
    price_list: str
    site: SiteDetails
    code: str | None = None
    through_meter: frozenset[str] = frozenset()
    """Codes of the sizes that the site pays for by its meter."""


@dataclass(frozen=True, kw_only=True)
class AddSite(Command):
    """One more site of ``customer``."""

    op: ClassVar[str] = "site.add"
    customer: UUID
    site: SiteDetails
    code: str | None = None
    through_meter: frozenset[str] = frozenset()


@atomic
@once
def register_customer(command: AddCustomer) -> Outcome:
    """Add a customer with the first site.

    Raises:
        Invalid: a value will not do, or the customer is known already.

    """
    require(command.actor.roles, command.op)
    ref, details, address = command.submission, command.details, command.site.address
    new = NewCustomer(
        ref=ref,
        natural_key=natural_key(details.name, address),
        price_list=price_list(command.price_list),
        **said(details) | {"billing_address": details.billing_address or postal_lines(address)},
    )
    row = records.register(customer_row(new), "customer.add", command, ref=ref)
    _begin_site(command, row.id, ref=uuid5(ref, "site"))
    return Outcome(record=Customer.__tablename__, ref=ref)


@atomic
@once
def register_site(command: AddSite) -> Outcome:
    """Add a site of a customer.

    Raises:
        NotFound: there is no such customer.
        Invalid: a value will not do.

    """
    require(command.actor.roles, command.op)
    customer = finding.customer(command.customer)
    _begin_site(command, customer.id, ref=command.submission)
    return Outcome(record=Site.__tablename__, ref=command.submission)


def _begin_site(command: AddCustomer | AddSite, customer: int, *, ref: UUID) -> None:
    """Add a site; the submission is told by the entry of the act's own record alone."""
    by = command if command.op == AddSite.op else command.actor
    new = NewSite(
        ref=ref, customer=customer, code=command.code or next_site_code(), **said(command.site)
    )
    place = records.new_place(ref, PlaceKind.SITE, new.code, new.name)
    records.register(site_row(new, place.id), AddSite.op, by, ref=ref)
    for size in finding.sizes(command.through_meter):
        equipment.charge_through_meter(place.id, size, by=command.actor)


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
    return Customer(
        ref=new.ref,
        natural_key=checks.free(
            Customer.natural_key, new.natural_key, field="name", reason="customer_known"
        ),
        price_list_id=new.price_list,
        active=True,
        version=1,
        **customer_values(new),
    )


def site_row(new: NewSite, place: int) -> Site:
    """Return the row that ``new`` becomes at ``place``, after its checks."""
    return Site(place_id=place, customer_id=new.customer, **site_values(new))


def customer_values(details: CustomerDetails) -> dict[str, Any]:
    """Return what a customer's row says of ``details``, after its checks."""
    if details.terms_days is not None and not 0 <= details.terms_days <= LONGEST_TERMS:
        raise Invalid(field="terms_days", reason="terms_days", most=LONGEST_TERMS)
    return {
        "name": checks.name(details.name),
        "uen": details.uen and checks.code(details.uen, field="uen"),
        "gst_number": details.gst_number and checks.code(details.gst_number, field="gst_number"),
        "billing_address": checks.lines(details.billing_address, field="billing_address"),
        "email": checks.email(details.email),
        "phone": checks.plain(details.phone, field="phone"),
        "terms_days": details.terms_days,
        "buyer_reference": checks.optional(details.buyer_reference, field="buyer_reference"),
    }


def site_values(details: SiteDetails) -> dict[str, Any]:
    """Return what a site's row says of ``details``, after its checks."""
    address, limit = details.address, details.kg_limit
    return {
        "street": checks.name(address.street, field="street"),
        "unit": checks.plain(address.unit, field="unit"),
        "building": checks.optional(address.building, field="building"),
        "postal_code": checks.postal_code(address.postal_code),
        "latitude": details.latitude and checks.position(details.latitude, field="latitude"),
        "longitude": details.longitude and checks.position(details.longitude, field="longitude"),
        "contact": checks.optional(details.contact, field="contact"),
        "phone": checks.plain(details.phone, field="phone"),
        "kg_limit": limit and checks.amount(limit, field="kg_limit"),
        "household": details.household,
    }


def postal_lines(address: Address) -> str:
    """Write an address as on an envelope, a line for each part."""
    parts = (address.street, address.building, address.unit, f"Singapore {address.postal_code}")
    return "\n".join(part for part in parts if part)


def price_list(code: str) -> int:
    """Return the id of a price list.

    Raises:
        Invalid: there is none of that code.

    """
    found = db.session.scalar(select(PriceList.id).where(PriceList.code == code))
    if found is None:
        raise Invalid(field="price_list", reason="no_such_price_list")
    return found


def next_site_code() -> str:
    """Return the code of the next site: S000471 after S000470."""
    return site_code(next_site_number())


def site_code(number: int) -> str:
    """Return the code of a site that bears a number."""
    return _SITE_CODE.format(number)


def next_site_number() -> int:
    """Return the number behind that of the last site whose code is one."""
    codes = db.session.scalars(
        select(Place.code)
        .where(Place.code.between(site_code(0), site_code(999_999)), Place.kind == PlaceKind.SITE)
        .order_by(Place.code.desc())
    )
    return next((int(code[1:]) for code in codes if _NUMBERED.fullmatch(code)), 0) + 1


def said(details: CustomerDetails | SiteDetails) -> dict[str, Any]:
    """Return the fields of ``details`` by name."""
    return {field.name: getattr(details, field.name) for field in fields(details)}
