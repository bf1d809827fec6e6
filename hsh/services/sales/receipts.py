"""Receipts: every print is counted and audited, and each after the first says COPY."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.roles import require
from hsh.db import append, atomic, db
from hsh.documents.content import Anchor, Content, Numbers
from hsh.models.sales import Document, ReceiptPrint, Transaction
from hsh.queries.sales import transactions
from hsh.services.books import audit
from hsh.services.sales import record


@dataclass(frozen=True, kw_only=True)
class Slip:
    """What a receipt is printed from. ``copy`` 0 is the original."""

    content: Content
    numbers: Numbers
    anchor: Anchor
    copy: int


def look(actor: Actor, ref: UUID) -> Slip:
    """Return the receipt as the next print would show it; counts nothing.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    sale, document = transactions.load(actor, ref)
    return _slip(document, _printed(sale))


@atomic
def print_receipt(actor: Actor, ref: UUID) -> Slip:
    """Count one more print of a sale's receipt, audit it, and return what to print.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    require(actor.roles, "receipt.print")
    sale, document = transactions.load(actor, ref, lock=True)
    copy = _printed(sale)
    append(
        ReceiptPrint,
        transaction_id=sale.id,
        copy=copy,
        printed_by=actor.id,
        printed_at=clock.now(),
    )
    audit.record(
        "receipt.print",
        actor,
        record_type=record.RECORD,
        ref=sale.ref,
        number=document.transaction_number,
        after={"document": document.number, "copy": copy},
    )
    return _slip(document, copy)


def _printed(sale: Transaction) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(ReceiptPrint)
            .where(ReceiptPrint.transaction_id == sale.id)
        )
        or 0
    )


def _slip(document: Document, copy: int) -> Slip:
    return Slip(
        content=json.loads(document.content),
        numbers=Numbers(document=document.number, transaction=document.transaction_number),
        anchor=Anchor(sequence=document.anchor_sequence, hash=document.anchor_hash),
        copy=copy,
    )
