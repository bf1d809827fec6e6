"""Sales, as their pages and their services ask for them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.db import db
from hsh.models.sales import Document, MeterReading, Transaction, TransactionLine
from hsh.queries import scope

type Sale = tuple[Transaction, Document]


def load(actor: Actor, ref: UUID, *, lock: bool = False) -> Sale:
    """Return the sale ``ref`` with its document; a service locks the sale's row.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    query = (
        select(Transaction, Document)
        .join(Document, Document.transaction_id == Transaction.id)
        .where(Transaction.ref == ref, scope.transactions(actor))
    )
    row = db.session.execute(query.with_for_update(of=Transaction) if lock else query).one_or_none()
    if row is None:
        raise NotFound(what="sale")
    return row


def void_of(transaction: Transaction) -> Sale | None:
    """Return the void of ``transaction`` with its document, if it was voided."""
    return db.session.execute(
        select(Transaction, Document)
        .join(Document, Document.transaction_id == Transaction.id)
        .where(Transaction.voids_id == transaction.id)
    ).one_or_none()


def original_of(void: Transaction) -> Sale | None:
    """Return the sale that ``void`` takes back, with its document."""
    return db.session.execute(
        select(Transaction, Document)
        .join(Document, Document.transaction_id == Transaction.id)
        .where(Transaction.id == void.voids_id)
    ).one_or_none()


def lines(transaction: Transaction) -> list[TransactionLine]:
    """Return the lines of a sale in their order."""
    return list(
        db.session.scalars(
            select(TransactionLine)
            .where(TransactionLine.transaction_id == transaction.id)
            .order_by(TransactionLine.position)
        )
    )


def readings(transaction: Transaction) -> list[MeterReading]:
    """Return the meter readings taken with a sale."""
    return list(
        db.session.scalars(
            select(MeterReading)
            .where(MeterReading.transaction_id == transaction.id)
            .order_by(MeterReading.id)
        )
    )
