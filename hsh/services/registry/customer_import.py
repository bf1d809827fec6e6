"""Many customers at once, each with the one site that its row names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from hsh.core.address import Address, natural_key
from hsh.core.command import Actor
from hsh.core.words import PlaceKind
from hsh.db import atomic, db
from hsh.models.registry import Customer, Place, Site
from hsh.queries.registry.customers import known_keys
from hsh.services.books import audit
from hsh.services.registry import customers, rates, records


@dataclass(frozen=True, kw_only=True)
class ImportedCustomer:
    """A business at an address, with its position in degrees as published."""

    name: str
    address: Address
    latitude: str
    longitude: str

    def key(self) -> str:
        """Return what tells this business from all others."""
        return natural_key(self.name, self.address)


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
    added = _add(list(new.values()), price_list=rates.standard_price_list(by=by))
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
            "customers": added,
        },
    )
    return done


def _add(rows: Sequence[ImportedCustomer], *, price_list: int) -> list[dict[str, object]]:
    """Insert a customer, a place and a site for each row; return what the audit keeps of them."""
    buyers = [_customer(row, price_list) for row in rows]
    db.session.add_all(buyers)
    places = [_place(row, number) for number, row in enumerate(rows, customers.next_site_number())]
    db.session.add_all(places)
    db.session.flush()
    sites = zip(rows, buyers, places, strict=True)
    db.session.add_all([_site(row, buyer, place) for row, buyer, place in sites])
    db.session.flush()
    return [
        {"ref": buyer.ref, "site": place.ref, "code": place.code}
        for buyer, place in zip(buyers, places, strict=True)
    ]


def _customer(row: ImportedCustomer, price_list: int) -> Customer:
    return Customer(
        ref=uuid4(),
        natural_key=row.key(),
        name=row.name,
        billing_address=customers.postal_lines(row.address),
        price_list_id=price_list,
        active=True,
        version=1,
    )


def _place(row: ImportedCustomer, number: int) -> Place:
    return Place(
        ref=uuid4(),
        kind=PlaceKind.SITE,
        code=customers.site_code(number),
        name=row.name,
        active=True,
        version=1,
    )


def _site(row: ImportedCustomer, buyer: Customer, place: Place) -> Site:
    return Site(
        place_id=place.id,
        customer_id=buyer.id,
        street=row.address.street,
        unit=row.address.unit,
        building=row.address.building,
        postal_code=row.address.postal_code,
        latitude=row.latitude,
        longitude=row.longitude,
    )
