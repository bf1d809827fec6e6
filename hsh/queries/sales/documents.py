"""Documents, as downloads and the worker ask for them."""

from __future__ import annotations

from pathlib import PurePosixPath
from uuid import UUID

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.db import db
from hsh.models.registry import Logo
from hsh.models.sales import Document, StoredPdf, Transaction
from hsh.queries import scope


def load(actor: Actor, transaction: UUID) -> Document:
    """Return the document of a sale.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    found = db.session.scalar(
        select(Document)
        .join(Transaction, Transaction.id == Document.transaction_id)
        .where(Transaction.ref == transaction, scope.transactions(actor))
    )
    if found is None:
        raise NotFound(what="document")
    return found


def stored(document: Document) -> StoredPdf | None:
    """Return where the document's PDF was stored, if it was."""
    return db.session.scalar(select(StoredPdf).where(StoredPdf.document_id == document.id))


def logo(sha256: str | None) -> dict[str, bytes]:
    """Return the picture that a document names, by its hash."""
    image = db.session.scalar(select(Logo.image).where(Logo.sha256 == sha256))
    return {sha256: image} if sha256 and image else {}


def file_path(document: Document) -> PurePosixPath:
    """Return the PDF's place below the data directory (law 8)."""
    counted = document.transaction_number.rsplit("-", 1)[-1]
    day = document.issued_on
    return PurePosixPath("invoices", f"{day:%Y%m}", f"TRX-{day:%Y%m%d}-{counted}.pdf")
