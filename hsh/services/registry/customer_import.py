"""Many customers at once, each with the one site that its row names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

from hsh.core.address import Address, natural_key
from hsh.core.command import Actor
from hsh.core.words import PlaceKind
from hsh.db import atomic, db
from hsh.models.registry import Customer, Place, Site
from hsh.queries.registry.customers import known_keys
from hsh.services.books import audit
from hsh.services.registry import customers, rates, records
from hsh.services.registry.customers import CustomerDetails, SiteDetails


@dataclass(frozen=True, kw_only=True)
class ImportedCustomer:
    """A business at an address, with its position in degrees as published, if it was."""

    name: str
    address: Address
    latitude: str | None = None
    longitude: str | None = None
    uen: str | None = None
    gst_number: str | None = None
    phone: str | None = None
    email: str | None = None
    contact: str | None = None
    terms_days: int | None = None
    kg_limit: Decimal | None = None
    household: bool = False
    price_list: str | None = None
    """A code; None pays by the standard list."""

    def key(self) -> str:
        """Return what tells this business from all others."""
        return natural_key(self.name, self.address)

    def details(self) -> CustomerDetails:
        """Return what it says of the customer."""
        return CustomerDetails(
            name=self.name,
            billing_address=customers.postal_lines(self.address),
            uen=self.uen,
            gst_number=self.gst_number,
            email=self.email,
            phone=self.phone,
            terms_days=self.terms_days,
        )

    def site(self) -> SiteDetails:
        """Return what it says of the site."""
        return SiteDetails(
            name=self.name,
            address=self.address,
            latitude=self.latitude,
            longitude=self.longitude,
            contact=self.contact,
            kg_limit=self.kg_limit,
            household=self.household,
        )


@dataclass(frozen=True, kw_only=True)
class CustomerFile:
    """The rows of a file, and the SHA-256 of its bytes for the audit."""

    name: str
    sha256: str
    rows: Sequence[ImportedCustomer]


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How many customers were new, and how many were there already."""

    new: int
    known: int


@atomic
def import_customers(file: CustomerFile, *, by: Actor | None) -> Imported:
    """Add the customers that are not there yet, all or none, under one audit entry."""
    known = known_keys(row.key() for row in file.rows)
    new = {row.key(): row for row in file.rows if row.key() not in known}
    added = add(list(new.values()), by=by, within=uuid4())
    done = Imported(new=len(new), known=len(file.rows) - len(new))
    audit.record(
        "customer.import",
        by,
        record_type="customer_file",
        ref=records.ref_of("customer_file", file.sha256),
        after={
            "file": file.name,
            "sha256": file.sha256,
            "new": done.new,
            "known": done.known,
            **pictures(added),
        },
    )
    return done


def add(
    rows: Sequence[ImportedCustomer], *, by: Actor | None, within: UUID
) -> list[tuple[Customer, Place, Site]]:
    """Insert a customer, a place and a site for each row; the caller's act audits them.

    ``within``: what their addresses follow from, so that a form sent again names the same.
    """
    standard = rates.standard_price_list(by=by)
    lists = {code: customers.price_list(code) for code in {row.price_list for row in rows} if code}
    buyers = [_customer(row, lists.get(row.price_list or "", standard), within) for row in rows]
    db.session.add_all(buyers)
    places = [
        _place(row, number, within) for number, row in enumerate(rows, customers.next_site_number())
    ]
    db.session.add_all(places)
    db.session.flush()
    sites = [
        Site(
            place_id=place.id, customer_id=buyer.id, **customers.site_values(row.site())
        )
        for row, buyer, place in zip(rows, buyers, places, strict=True)
    ]  # fmt: skip
    db.session.add_all(sites)
    db.session.flush()
    return list(zip(buyers, places, sites, strict=True))


def pictures(added: Sequence[tuple[Customer, Place, Site]]) -> dict[str, list[dict[str, object]]]:
    """Return what the audit keeps of customers and their sites."""
    return {
        Customer.__tablename__: [records.picture(customer) for customer, _, _ in added],
        Site.__tablename__: [records.picture(site) for _, _, site in added],
    }


def _customer(row: ImportedCustomer, price_list: int, within: UUID) -> Customer:
    return Customer(
        ref=uuid5(within, row.key()),
        natural_key=row.key(),
        price_list_id=price_list,
        active=True,
        version=1,
        **customers.customer_values(row.details()),
    )


def _place(row: ImportedCustomer, number: int, within: UUID) -> Place:
    return Place(
        ref=uuid5(within, f"{row.key()}/site"),
        kind=PlaceKind.SITE,
        code=customers.site_code(number),
        name=row.name,
        active=True,
        version=1,
    )
