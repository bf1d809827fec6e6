"""Customers and sites, as the office looks them up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import Condition, EquipmentKind, PaymentMethod
from hsh.db import db
from hsh.models.books import StockLevel
from hsh.models.registry import (
    Customer,
    Equipment,
    Meter,
    Place,
    PriceList,
    Site,
    SiteEquipment,
)
from hsh.models.sales import Document, StoredPdf, Transaction
from hsh.queries import scope

_LATEST = 8

type SiteRow = tuple[Place, Site]


@dataclass(frozen=True, kw_only=True)
class Held:
    """So many cylinders of a size, with ``kg`` of gas in all of them when full."""

    name: str
    quantity: int
    kg: Decimal


@dataclass(frozen=True, kw_only=True)
class CustomerCard:
    """What a customer's page says; ``sales`` are those that the reader may see, newest first."""

    row: Customer
    price_list: PriceList
    sites: list[SiteRow]
    held: list[Held]
    on_account: int
    """In cents: what was sold on account, less what was credited."""
    sales: Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, kw_only=True)
class SiteCard:
    """What a site's page says."""

    place: Place
    row: Site
    customer: Customer
    through_meter: dict[str, str]
    """Names of the sizes that it pays for by its meter, by code."""
    meters: list[Meter]
    held: list[Held]
    sales: Sequence[Row[*tuple[Any, ...]]]


def card(actor: Actor, ref: UUID) -> CustomerCard:
    """Return what the page of the customer ``ref`` says.

    Raises:
        NotFound: there is none.

    """
    row = one(ref)
    sites = _sites_of([row.id])[row.id]
    return CustomerCard(
        row=row,
        price_list=db.session.get_one(PriceList, row.price_list_id),
        sites=sites,
        held=_held([place.id for place, _ in sites]),
        on_account=_on_account(row.id),
        sales=_sales(actor, customer=row.id),
    )


def one(ref: UUID) -> Customer:
    """Return the customer ``ref``.

    Raises:
        NotFound: there is none.

    """
    row = db.session.scalar(select(Customer).where(Customer.ref == ref))
    if row is None:
        raise NotFound(what="customer")
    return row


def site_card(actor: Actor, ref: UUID) -> SiteCard:
    """Return what the page of the site ``ref`` says.

    Raises:
        NotFound: there is none.

    """
    found = db.session.execute(
        select(Place, Site, Customer)
        .join(Site, Site.place_id == Place.id)
        .join(Customer, Customer.id == Site.customer_id)
        .where(Place.ref == ref)
    ).one_or_none()
    if found is None:
        raise NotFound(what="site")
    place, row, customer = found
    return SiteCard(
        place=place,
        row=row,
        customer=customer,
        through_meter=_through_meter(place.id),
        meters=list(
            db.session.scalars(
                select(Meter)
                .where(Meter.site_id == place.id)
                .order_by(Meter.active.desc(), Meter.serial)
            )
        ),
        held=_held([place.id]),
        sales=_sales(actor, site=place.id),
    )


def price_lists() -> list[tuple[str, str]]:
    """Return the code and name of every price list."""
    rows = db.session.execute(select(PriceList.code, PriceList.name).order_by(PriceList.id))
    return [(code, name) for code, name in rows]


def price_list_code(customer: Customer) -> str:
    """Return the code of the list by which ``customer`` pays."""
    return db.session.get_one(PriceList, customer.price_list_id).code


def sizes() -> list[tuple[str, str]]:
    """Return the code and name of each cylinder size, smallest first."""
    rows = db.session.execute(
        select(Equipment.code, Equipment.name)
        .where(Equipment.kind == EquipmentKind.CYLINDER, Equipment.active)
        .order_by(Equipment.net_kg, Equipment.code)
    )
    return [(code, name) for code, name in rows]


def _sites_of(customers: list[int]) -> defaultdict[int, list[SiteRow]]:
    found: defaultdict[int, list[SiteRow]] = defaultdict(list)
    rows = db.session.execute(
        select(Place, Site)
        .join(Site, Site.place_id == Place.id)
        .where(Site.customer_id.in_(customers))
        .order_by(Place.active.desc(), Place.name, Place.id)
    )
    for place, site in rows:
        found[site.customer_id].append((place, site))
    return found


def _held(places: list[int]) -> list[Held]:
    total = func.sum(StockLevel.quantity)
    rows = db.session.execute(
        select(Equipment.name, total, Equipment.net_kg)
        .join(Equipment, Equipment.id == StockLevel.equipment_id)
        .where(
            StockLevel.place_id.in_(places),
            StockLevel.condition == Condition.HELD,
            StockLevel.quantity != 0,
            Equipment.kind == EquipmentKind.CYLINDER,
        )
        .group_by(Equipment.id, Equipment.name, Equipment.net_kg, Equipment.code)
        .order_by(Equipment.net_kg, Equipment.code)
    )
    return [
        Held(name=name, quantity=int(count), kg=int(count) * (kg or Decimal(0)))
        for name, count, kg in rows
    ]


def _through_meter(site: int) -> dict[str, str]:
    rows = db.session.execute(
        select(Equipment.code, Equipment.name)
        .join(SiteEquipment, SiteEquipment.equipment_id == Equipment.id)
        .where(SiteEquipment.site_id == site, SiteEquipment.through_meter)
        .order_by(Equipment.net_kg, Equipment.code)
    )
    return {row.code: row.name for row in rows}


def _on_account(customer: int) -> int:
    sold = select(func.sum(Transaction.payable)).where(
        Transaction.customer_id == customer,
        Transaction.payment_method == PaymentMethod.ON_ACCOUNT,
    )
    return int(db.session.scalar(sold) or 0)


def _sales(
    actor: Actor, *, customer: int | None = None, site: int | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the newest sales at a site, or of a customer, by the index that has them in order."""
    query = (
        select(
            Transaction.ref,
            Transaction.confirmed_on,
            Transaction.payable,
            Document.transaction_number,
            Document.number,
            Document.due_on,
            StoredPdf.size,
            Place.name.label("site"),
        )
        .join(Document, Document.transaction_id == Transaction.id)
        .join(Place, Place.id == Transaction.site_id)
        .outerjoin(StoredPdf, StoredPdf.document_id == Document.id)
        .where(scope.transactions(actor))
        .limit(_LATEST)
    )
    if customer is not None:
        query = query.where(Document.customer_id == customer)
        return db.session.execute(
            query.order_by(Document.issued_on.desc(), Document.id.desc())
        ).all()
    query = query.where(Transaction.site_id == site)
    return db.session.execute(
        query.order_by(Transaction.confirmed_on.desc(), Transaction.id.desc())
    ).all()
