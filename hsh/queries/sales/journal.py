"""The list of sales, and what one sale's page says beyond its document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import aliased

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.core.words import Series
from hsh.db import db
from hsh.models.people import User
from hsh.models.registry import Customer, Place
from hsh.models.sales import Document, Transaction
from hsh.queries import keyset, numbers, scope
from hsh.queries.books import approvals, discrepancies
from hsh.queries.books.discrepancies import Flagged, Lacking
from hsh.queries.lists import Long
from hsh.queries.sales import cautions, sites, transactions
from hsh.queries.sales.cautions import Cautions

_ORDERS = {"day": keyset.Order(Transaction.confirmed_on, Transaction.id)}


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What the list shows: days, truck or depot, seller, words of the site, a number."""

    since: date | None = None
    until: date | None = None
    source: UUID | None = None
    seller: UUID | None = None
    site: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """The void of a sale, or the sale that a void took back; ``ref`` None when not theirs."""

    number: str
    document: str
    ref: UUID | None


@dataclass(frozen=True, kw_only=True)
class SalePage:
    """A sale with its document, what it is linked to, and what a supervisor should look at."""

    sale: Transaction
    document: Document
    customer: Customer
    site: Place
    source: Place
    seller: str
    void: Link | None
    original: Link | None
    lacking: list[Lacking]
    flagged: Flagged | None
    void_asked: UUID | None
    """The request for a void that waits for a supervisor."""
    cautions: Cautions


def sales(actor: Actor, wanted: Filter) -> Long:
    """Return the sales that ``actor`` may see, newest first."""
    site, source, void = aliased(Place), aliased(Place), aliased(Transaction)
    query = (
        select(
            Transaction.confirmed_on,
            Transaction.id,
            Transaction.ref,
            Transaction.confirmed_at,
            Transaction.net,
            Transaction.tax,
            Transaction.payable,
            Transaction.payment_method,
            Transaction.voids_id,
            Document.transaction_number,
            Document.number,
            site.name.label("site"),
            Customer.name.label("customer"),
            source.name.label("source"),
            void.id.label("void"),
        )
        .join(Document, Document.transaction_id == Transaction.id)
        .join(site, site.id == Transaction.site_id)
        .join(Customer, Customer.id == Transaction.customer_id)
        .join(source, source.id == Transaction.source_id)
        .outerjoin(void, void.voids_id == Transaction.id)
    )
    return Long(
        query=query,
        ref=Transaction.ref,
        orders=_ORDERS,
        where=(scope.transactions(actor), *_conditions(actor, wanted)),
        shelves=_shelves(actor, wanted),
        sums={"net": Transaction.net, "tax": Transaction.tax, "payable": Transaction.payable},
        is_joined=bool(wanted.site) and not scope.sees_all(actor),
    )


def sale_page(actor: Actor, ref: UUID) -> SalePage:
    """Return what the page of the sale ``ref`` says.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    sale, document = transactions.load(actor, ref)
    return SalePage(
        sale=sale,
        document=document,
        customer=db.session.get_one(Customer, sale.customer_id),
        site=db.session.get_one(Place, sale.site_id),
        source=db.session.get_one(Place, sale.source_id),
        seller=db.session.get_one(User, sale.seller_id).name,
        void=_link(actor, transactions.void_of(sale)),
        original=_link(actor, transactions.original_of(sale)),
        void_asked=approvals.pending_about(ref, "sale.void"),
        lacking=discrepancies.lacking([sale.id]).get(sale.id, []),
        flagged=discrepancies.of_sale(sale.id),
        cautions=cautions.of_sale(sale),
    )


def stores(actor: Actor) -> list[Place]:
    """Return the trucks and depots by which ``actor`` may look for sales."""
    trucks = Place.id.in_(scope.trucks(actor, clock.today()))
    depots = Place.id.in_(scope.depots(actor)) if actor.roles - {Role.DRIVER} else false()
    query = select(Place).where(or_(trucks, depots)).order_by(Place.kind, Place.name)
    return list(db.session.scalars(query))


def sellers(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the ref and name of each person whose sales ``actor`` may look for."""
    query = select(User.ref, User.name).where(scope.people(actor)).order_by(User.name, User.id)
    return [(ref, name) for ref, name in db.session.execute(query)]


def numbers_like(text: str) -> list[str]:
    """Return the numbers of sales and documents that ``text`` may mean."""
    return numbers.like(text, Series.TRANSACTION, Series.INVOICE, Series.CREDIT_NOTE)


def _shelves(actor: Actor, wanted: Filter) -> keyset.Shelves:
    """Return a shelf for each site that was asked for, or where this person's sales are.

    A driver's few sales are gone through for the site: on its shelf they stand among all others'.
    """
    if wanted.site and not scope.is_in_the_field(actor):
        return [Transaction.site_id == site for site in sites.matching_ids(wanted.site)]
    if wanted.source or wanted.seller or wanted.number:
        return keyset.EVERYWHERE
    return scope.transaction_shelves(actor)


def _conditions(actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since:
        conditions.append(Transaction.confirmed_on >= wanted.since)
    if wanted.until:
        conditions.append(Transaction.confirmed_on <= wanted.until)
    if wanted.site and scope.is_in_the_field(actor):
        conditions.append(Transaction.site_id.in_(sites.matching_ids(wanted.site)))
    if wanted.source:
        chosen = select(Place.id).where(Place.ref == wanted.source).scalar_subquery()
        conditions.append(Transaction.source_id == chosen)
    if wanted.seller:
        person = select(User.id).where(User.ref == wanted.seller).scalar_subquery()
        conditions.append(Transaction.seller_id == person)
    if wanted.number:
        found = numbers_like(wanted.number)
        papers = or_(Document.transaction_number.in_(found), Document.number.in_(found))
        conditions.append(Transaction.id.in_(select(Document.transaction_id).where(papers)))
    return conditions


def _link(actor: Actor, other: transactions.Sale | None) -> Link | None:
    if other is None:
        return None
    sale, document = other
    seen = db.session.scalar(
        select(Transaction.ref).where(Transaction.id == sale.id, scope.transactions(actor))
    )
    return Link(number=document.transaction_number, document=document.number, ref=seen)
