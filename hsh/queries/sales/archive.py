"""The list of tax documents, for those who download them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import DocumentKind
from hsh.db import db
from hsh.models.registry import Customer
from hsh.models.sales import Document, StoredPdf, Transaction
from hsh.queries import keyset, scope
from hsh.queries.lists import Long
from hsh.queries.sales.journal import numbers_like

_BY_SALE = keyset.Order(Transaction.confirmed_on, Transaction.id)
"""For trucks and depots, which are the sale's: a document is issued on the day of its sale."""
_BY_DOCUMENT = keyset.Order(Document.issued_on, Document.id)
_MOST_CUSTOMERS = 50
_MOST_WORDS = 6


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What the list shows: days from and to, words of the customer, a number, a kind."""

    since: date | None = None
    until: date | None = None
    customer: str = ""
    number: str = ""
    kind: DocumentKind | None = None


def documents(actor: Actor, wanted: Filter) -> Long:
    """Return the documents that ``actor`` may see, newest first."""
    order, shelves = _way(actor, wanted)
    query = (
        select(
            Document.issued_on,
            Document.id,
            Document.number,
            Document.transaction_number,
            Document.kind,
            Transaction.net,
            Transaction.tax,
            Document.total,
            Document.due_on,
            Customer.name.label("customer"),
            Transaction.ref,
            StoredPdf.size,
        )
        .join(Transaction, Transaction.id == Document.transaction_id)
        .join(Customer, Customer.id == Document.customer_id)
        .outerjoin(StoredPdf, StoredPdf.document_id == Document.id)
    )
    return Long(
        query=query,
        ref=Document.number,
        orders={"issued_on": order},
        where=(*_visible(actor), *_conditions(wanted, order)),
        shelves=shelves,
        sums={"total": Document.total},
        is_joined=bool(wanted.customer) or not scope.sees_all(actor),
    )


def transaction_of(actor: Actor, number: str) -> UUID:
    """Return the ref of the transaction that the document ``number`` belongs to.

    Raises:
        NotFound: there is no such document, or it is not theirs.

    """
    ref = db.session.scalar(
        select(Transaction.ref)
        .join(Document, Document.transaction_id == Transaction.id)
        .where(Document.number.in_(numbers_like(number)), scope.transactions(actor))
    )
    if ref is None:
        raise NotFound(what="document")
    return ref


def _visible(actor: Actor) -> list[ColumnElement[bool]]:
    """Return what makes a document theirs; nothing for who sees all, so that no sale is read."""
    if scope.sees_all(actor):
        return []
    return [Transaction.id == Document.transaction_id, scope.transactions(actor)]


def _way(actor: Actor, wanted: Filter) -> tuple[keyset.Order, keyset.Shelves]:
    """Return in which order the list is read, and from which shelves.

    A customer's documents, and credit notes, are few: they are read and each is asked about.
    """
    if wanted.customer:
        found = _customers(wanted.customer)
        return _BY_DOCUMENT, [Document.customer_id == customer for customer in found]
    shelves = scope.transaction_shelves(actor)
    few = wanted.number or wanted.kind == DocumentKind.CREDIT_NOTE
    if few or shelves is keyset.EVERYWHERE:
        return _BY_DOCUMENT, keyset.EVERYWHERE
    return _BY_SALE, shelves


def _conditions(wanted: Filter, order: keyset.Order) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since:
        conditions.append(order.keys[0] >= wanted.since)
    if wanted.until:
        conditions.append(order.keys[0] <= wanted.until)
    if wanted.kind:
        conditions.append(Document.kind == wanted.kind)
    if wanted.number:
        found = numbers_like(wanted.number)
        conditions.append(or_(Document.number.in_(found), Document.transaction_number.in_(found)))
    return conditions


def _customers(text: str) -> list[int]:
    words = text.split()[:_MOST_WORDS]
    return list(
        db.session.scalars(
            select(Customer.id)
            .where(*(Customer.name.icontains(word, autoescape=True) for word in words))
            .order_by(Customer.name)
            .limit(_MOST_CUSTOMERS)
        )
    )
