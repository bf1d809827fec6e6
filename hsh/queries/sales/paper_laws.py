"""PDFs are the bytes that were stored, none was forgotten, every print is known (laws 7, 8, 12)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import String, and_, cast, exists, func, literal, or_, select

from hsh.models.books import AuditEntry, OutboxMessage
from hsh.models.sales import Document, ReceiptPrint, StoredPdf
from hsh.queries.law import Books, Fault, Found, law

STORE_PDF = "document.store"
"""The outbox topic that asks the worker for a document's PDF."""

_STORED = select(
    StoredPdf.document_id,
    StoredPdf.path,
    StoredPdf.sha256,
    StoredPdf.size,
    Document.transaction_number,
    Document.issued_on,
).outerjoin(Document, Document.id == StoredPdf.document_id)
_WAITING = select(OutboxMessage.id, OutboxMessage.record_id).where(
    OutboxMessage.topic == STORE_PDF, OutboxMessage.done_at.is_(None)
)
_NOT_STORED = (
    select(Document.id, Document.number)
    .outerjoin(StoredPdf, StoredPdf.document_id == Document.id)
    .where(StoredPdf.document_id.is_(None))
)


@law("pdfs.unchanged")
def stored_pdfs_are_unchanged(books: Books) -> Iterator[Fault]:
    """Prove that the file stands where the rule puts it, with its size and hash."""
    for row in books.stream(_STORED, StoredPdf.document_id):
        wrong = _wrong(books.data_dir, row)
        if wrong:
            yield Fault(row.path, **wrong)


@law("pdfs.audited")
def stored_pdfs_are_audited(books: Books) -> Iterator[Fault]:
    """Prove that the audit log holds the hash that each PDF was stored with."""
    hashed = literal('"sha256":"').concat(StoredPdf.sha256).concat(literal('"'))
    entry = and_(
        AuditEntry.number == Document.transaction_number,
        AuditEntry.action == "document.store",
        func.instr(AuditEntry.body, hashed) > 0,
    )
    entries = func.count(AuditEntry.sequence)
    query = (
        select(StoredPdf.path, entries.label("entries"))
        .join(Document, Document.id == StoredPdf.document_id)
        .outerjoin(AuditEntry, entry)
        .group_by(StoredPdf.document_id, StoredPdf.path)
        .having(entries != 1)
    )
    for row in books.rows(query):
        yield Fault(row.path, entries=row.entries)


@law("receipts.audited")
def prints_are_audited(books: Books) -> Iterator[Fault]:
    """Prove that the prints of a receipt are counted from 0, each with its audit entry."""
    entries = (
        select(AuditEntry.number, func.count().label("entries"))
        .where(AuditEntry.action == "receipt.print")
        .group_by(AuditEntry.number)
        .subquery()
    )
    prints = (
        select(
            ReceiptPrint.transaction_id,
            func.count().label("prints"),
            func.max(ReceiptPrint.copy).label("last"),
        )
        .group_by(ReceiptPrint.transaction_id)
        .subquery()
    )
    query = (
        select(Document.transaction_number, prints.c.prints, prints.c.last, entries.c.entries)
        .outerjoin(prints, prints.c.transaction_id == Document.transaction_id)
        .outerjoin(entries, entries.c.number == Document.transaction_number)
        .where(
            or_(
                func.coalesce(prints.c.prints, 0) != func.coalesce(entries.c.entries, 0),
                prints.c.prints != prints.c.last + 1,
            )
        )
    )
    for row in books.rows(query):
        shows = {"prints": row.prints, "last": row.last, "entries": row.entries}
        yield Fault(row.transaction_number, **shows)


@law("receipts.by_whom")
def prints_are_by_whom_they_say(books: Books) -> Iterator[Fault]:
    """Prove that each print was made by the person whom its audit entry names."""
    copied = literal('"copy":').concat(cast(ReceiptPrint.copy, String)).concat(literal(","))
    entry = exists().where(
        AuditEntry.number == Document.transaction_number,
        AuditEntry.action == "receipt.print",
        AuditEntry.actor_id == ReceiptPrint.printed_by,
        func.instr(AuditEntry.body, copied) > 0,
    )
    query = (
        select(Document.transaction_number, ReceiptPrint.copy, ReceiptPrint.printed_by)
        .join(Document, Document.transaction_id == ReceiptPrint.transaction_id)
        .where(~entry)
    )
    for row in books.rows(query):
        yield Fault(row.transaction_number, copy=row.copy, printed_by=row.printed_by)


@law("pdfs.not_forgotten")
def no_pdf_is_forgotten(books: Books) -> Iterator[Fault]:
    """Prove that a document without stored PDF has a message that still asks for it."""
    waiting = {row.record_id for row in books.stream(_WAITING, OutboxMessage.id)}
    for row in books.stream(_NOT_STORED, Document.id):
        if row.id not in waiting:
            yield Fault(row.number, stored=None, outbox=None)


def _wrong(data_dir: Path, row: Found) -> dict[str, object]:
    """Return what is wrong with a stored file; its path is never followed out of its folder."""
    if row.transaction_number is None:
        return {"document": None}
    _, year, place = row.transaction_number.split("-")
    day = row.issued_on.strftime("%Y%m%d")
    meant = f"invoices/{day[:6]}/TRX-{day}-{place}.pdf"
    if row.path != meant or year != day[:4]:
        return {"meant": meant}
    try:
        content = (data_dir / row.path).read_bytes()
    except OSError as error:
        return {"file": error.strerror}
    found = hashlib.sha256(content).hexdigest()
    if found != row.sha256:
        return {"sha256": found, "stored": row.sha256}
    return {} if len(content) == row.size else {"size": len(content), "stored": row.size}


LAWS = (
    stored_pdfs_are_unchanged,
    stored_pdfs_are_audited,
    no_pdf_is_forgotten,
    prints_are_audited,
    prints_are_by_whom_they_say,
)
