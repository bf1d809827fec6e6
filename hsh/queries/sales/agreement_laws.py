"""A price agreed for one sale is as it was audited, and used by one standing sale at most."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from hsh.core.canonical import canonical, plain_decimal
from hsh.models.books import AuditEntry
from hsh.models.registry import Equipment
from hsh.models.sales import Document, PriceAgreement, Transaction
from hsh.queries.law import Books, Fault, law

_TOLD = ("site_id", "equipment_id", "amount", "valid_until")
_ACTION = "price.agree"
_AGREED = select(
    PriceAgreement.ref,
    *(getattr(PriceAgreement, name) for name in _TOLD),
    AuditEntry.body,
).outerjoin(
    AuditEntry,
    and_(AuditEntry.record_ref == PriceAgreement.ref, AuditEntry.action == _ACTION),
)
_ENTRIES = select(AuditEntry.sequence, AuditEntry.record_ref).where(AuditEntry.action == _ACTION)
_void = aliased(Transaction)
_USED = (
    select(
        PriceAgreement.ref,
        PriceAgreement.site_id.label("at"),
        PriceAgreement.amount,
        PriceAgreement.used_by_id,
        Equipment.code,
        Transaction.site_id,
        Document.content,
        _void.id.label("void"),
    )
    .join(Equipment, Equipment.id == PriceAgreement.equipment_id)
    .join(Transaction, Transaction.id == PriceAgreement.used_by_id)
    .outerjoin(Document, Document.transaction_id == Transaction.id)
    .outerjoin(_void, _void.voids_id == Transaction.id)
)
_NAMING = (
    select(Document.transaction_id, Document.content)
    .join(Transaction, Transaction.id == Document.transaction_id)
    .outerjoin(_void, _void.voids_id == Transaction.id)
    .where(Document.content.contains('"agreed":'), Transaction.voids_id.is_(None))
    .where(_void.id.is_(None))
)


@law("agreements.as_audited")
def agreements_are_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that each price agreed for one sale is what its audit entry says, and none went."""
    kept = set()
    for row in books.rows(_AGREED):
        kept.add(row.ref)
        after = json.loads(row.body)["after"] if row.body else {}
        now = json.loads(canonical({name: getattr(row, name) for name in _TOLD}))
        wrong = [name for name in _TOLD if after.get(name) != now[name]]
        if wrong:
            yield Fault(f"agreement {row.ref}", differs=",".join(wrong))
    for row in books.rows(_ENTRIES):
        if row.record_ref not in kept:
            yield Fault(f"entry {row.sequence}", agreement="missing")


@law("agreements.used_once")
def agreements_are_used_once(books: Books) -> Iterator[Fault]:
    """Prove that what is used up stands, at its price, on the standing sale that used it."""
    used = {}
    for row in books.rows(_USED):
        used[str(row.ref)] = row.used_by_id
        lines = json.loads(row.content)["lines"] if row.content else []
        named = [
            line
            for line in lines
            if line.get("agreed") == str(row.ref)
            and (line["code"], line["unit_price"]) == (row.code, plain_decimal(row.amount))
        ]
        if not named or row.void is not None or row.at != row.site_id:
            yield Fault(f"agreement {row.ref}", used_by=row.used_by_id, lines=len(named))
    for row in books.rows(_NAMING):
        for line in json.loads(row.content)["lines"]:
            if "agreed" in line and used.get(line["agreed"]) != row.transaction_id:
                yield Fault(f"transaction {row.transaction_id}", agreement=line["agreed"])


LAWS = (agreements_are_as_audited, agreements_are_used_once)
