"""Every transaction is sealed by one document and one audit entry (laws 3, 7 and 8)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from hsh.core import clock
from hsh.core.words import DocumentKind, PaymentMethod
from hsh.models.books import AuditEntry
from hsh.models.registry import Place
from hsh.models.sales import Document, Payment, Transaction
from hsh.queries.law import Books, Fault, Found, law

_first = aliased(Document)
_hash_in_body = func.instr(
    AuditEntry.body,
    literal('"content_hash":"').concat(Document.content_hash).concat(literal('"')),
)
_site, _source = aliased(Place), aliased(Place)


def _in_body(name: str, place: type[Place]) -> ColumnElement[int]:
    """Return where the audit entry says the code of ``place``; quotes in values are escaped."""
    return func.instr(
        AuditEntry.body, literal(f'"{name}":"').concat(place.code).concat(literal('"'))
    )


_action = case(
    (Transaction.voids_id.is_(None), literal("sale.confirm")), else_=literal("sale.void")
)
_SEALED = (
    select(
        Document.id,
        Document.number,
        Document.transaction_number,
        Document.kind,
        Document.customer_id,
        Document.issued_on,
        Document.due_on,
        Document.total,
        Document.anchor_hash,
        Transaction.ref,
        Transaction.customer_id.label("buyer_id"),
        Transaction.seller_id,
        Transaction.confirmed_at,
        Transaction.confirmed_on,
        Transaction.captured_at,
        Transaction.supply_on,
        Transaction.payment_method,
        Transaction.payable,
        Transaction.rounding,
        Transaction.voids_id,
        _action.label("action"),
        _first.kind.label("first_kind"),
        AuditEntry.hash.label("entry_hash"),
        AuditEntry.at.label("entry_at"),
        AuditEntry.actor_id.label("entry_actor"),
        AuditEntry.action.label("entry_action"),
        AuditEntry.record_ref.label("entry_ref"),
        AuditEntry.number.label("entry_number"),
        _hash_in_body.label("hash_in_body"),
        _in_body("site", _site).label("site_in_body"),
        _in_body("source", _source).label("source_in_body"),
    )
    .join(Transaction, Transaction.id == Document.transaction_id)
    .join(_site, _site.id == Transaction.site_id)
    .join(_source, _source.id == Transaction.source_id)
    .outerjoin(_first, _first.transaction_id == Transaction.voids_id)
    .outerjoin(AuditEntry, AuditEntry.sequence == Document.anchor_sequence)
)


@law("documents.one_each")
def one_document_each(books: Books) -> Iterator[Fault]:
    """Prove that each transaction has exactly one document."""
    documents = func.count(Document.id)
    query = (
        select(Transaction.id, documents.label("documents"))
        .outerjoin(Document, Document.transaction_id == Transaction.id)
        .group_by(Transaction.id)
        .having(documents != 1)
    )
    for row in books.rows(query):
        yield Fault(f"transaction {row.id}", documents=row.documents)


@law("documents.sealed")
def documents_are_sealed(books: Books) -> Iterator[Fault]:
    """Prove that a document agrees with its transaction and the audit entry that anchors it."""
    for row in books.stream(_SEALED, Document.id):
        agrees = _with_transaction(row) | _with_entry(row)
        wrong = [name for name, agreed in agrees.items() if not agreed]
        if wrong:
            yield Fault(row.number, differs=",".join(wrong))


@law("payments.settle")
def payments_settle(books: Books) -> Iterator[Fault]:
    """Prove that the whole amount was paid in the same act, or none when it goes on account."""
    due = case(
        (Transaction.payment_method == PaymentMethod.ON_ACCOUNT, literal(0)),
        else_=Transaction.payable,
    )
    payments, paid = func.count(Payment.id), func.coalesce(func.sum(Payment.amount), 0)
    agrees = and_(
        Payment.method == Transaction.payment_method,
        Payment.received_at == Transaction.confirmed_at,
    )
    otherwise = case((or_(agrees, Payment.id.is_(None)), 0), else_=1)
    query = (
        select(Transaction.id, due.label("due"), paid.label("paid"), payments.label("payments"))
        .outerjoin(Payment, Payment.transaction_id == Transaction.id)
        .group_by(Transaction.id, Transaction.payment_method, Transaction.payable)
        .having(
            or_(
                paid != due,
                payments != case((due == 0, 0), else_=1),
                func.coalesce(func.sum(otherwise), 0) != 0,
            )
        )
    )
    for row in books.rows(query):
        yield Fault(f"transaction {row.id}", due=row.due, paid=row.paid, payments=row.payments)


def _with_transaction(row: Found) -> dict[str, bool]:
    """Compare a document with its transaction, and the transaction's days with its instants."""
    today = clock.business_date(row.confirmed_at)
    happened = min(row.captured_at or row.confirmed_at, row.confirmed_at)
    supplied = today if row.voids_id else clock.business_date(happened)
    owed = row.payment_method == PaymentMethod.ON_ACCOUNT and not row.voids_id
    return {
        "kind": row.kind == _kind(row),
        "total": row.total == row.payable,
        "customer": row.customer_id == row.buyer_id,
        "issued_on": row.issued_on == row.confirmed_on == today,
        "supply_on": row.supply_on == supplied,
        "due_on": row.due_on >= row.issued_on if row.due_on else not owed,
    }


def _kind(row: Found) -> str:
    """Return the kind that a document must be: a void's is the other than the first's."""
    if row.voids_id:
        is_credit = row.first_kind == DocumentKind.INVOICE
    else:
        is_credit = row.payable - row.rounding < 0
    return DocumentKind.CREDIT_NOTE if is_credit else DocumentKind.INVOICE


def _with_entry(row: Found) -> dict[str, bool]:
    return {
        "anchor": row.anchor_hash == row.entry_hash,
        "audit_at": row.confirmed_at == row.entry_at,
        "audit_actor": row.seller_id == row.entry_actor,
        "audit_action": row.action == row.entry_action,
        "audit_record": row.ref == row.entry_ref,
        "audit_number": row.transaction_number == row.entry_number,
        "audit_content_hash": bool(row.hash_in_body),
        "audit_site": bool(row.site_in_body),
        "audit_source": bool(row.source_in_body),
    }


LAWS = (one_document_each, documents_are_sealed, payments_settle)
