"""What a supervisor is to look into is flagged, and what came of it is as it was audited."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import and_, exists, or_, select

from hsh.models.books import AuditEntry
from hsh.models.sales import Discrepancy, Flag, FlagReview, Transaction
from hsh.queries.law import Books, Fault, law

_IS_ODD = or_(
    and_(Transaction.claimed.is_not(None), Transaction.claimed != Transaction.payable),
    exists().where(Discrepancy.transaction_id == Transaction.id),
)
_UNFLAGGED = select(Transaction.id).where(
    _IS_ODD, ~exists().where(Flag.transaction_id == Transaction.id)
)
_MISFLAGGED = (
    select(Flag.id, Flag.transaction_id)
    .join(Transaction, Transaction.id == Flag.transaction_id)
    .where(or_(~_IS_ODD, Flag.created_at != Transaction.confirmed_at))
)
_ACTION = "discrepancy.close"
_SIDES = and_(AuditEntry.record_ref == Transaction.ref, AuditEntry.action == _ACTION)
_REVIEWED = (
    select(FlagReview, AuditEntry, Flag)
    .join(Transaction, Transaction.id == FlagReview.transaction_id)
    .outerjoin(Flag, Flag.transaction_id == FlagReview.transaction_id)
    .outerjoin(AuditEntry, _SIDES)
)
_COLUMNS = (
    FlagReview.transaction_id,
    FlagReview.reason,
    FlagReview.reviewed_by,
    FlagReview.reviewed_at,
    Flag.id.label("flag"),
    AuditEntry.actor_id,
    AuditEntry.at,
    AuditEntry.body,
)
_TOLD = (
    select(AuditEntry.sequence)
    .outerjoin(Transaction, Transaction.ref == AuditEntry.record_ref)
    .outerjoin(FlagReview, FlagReview.transaction_id == Transaction.id)
    .where(AuditEntry.action == _ACTION, FlagReview.id.is_(None))
)


@law("flags.of_their_sale")
def flags_are_of_their_sale(books: Books) -> Iterator[Fault]:
    """Prove that every sale with something odd is flagged in its act, and no other."""
    for row in books.rows(_UNFLAGGED):
        yield Fault(f"transaction {row.id}", flag="missing")
    for row in books.rows(_MISFLAGGED):
        yield Fault(f"flag {row.id}", transaction=row.transaction_id)


@law("flags.reviews_as_audited")
def reviews_are_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that what came of a flag is told by one audit entry, with its person and reason."""
    for row in books.rows(_REVIEWED.with_only_columns(*_COLUMNS)):
        told = row.body and json.loads(row.body)["after"]["reason"]
        is_told = (row.actor_id, row.at) == (row.reviewed_by, row.reviewed_at)
        if told != row.reason or not is_told or row.flag is None:
            yield Fault(f"review of {row.transaction_id}", told=told, reason=row.reason)
    for row in books.rows(_TOLD):
        yield Fault(f"entry {row.sequence}", review="missing")


LAWS = (flags_are_of_their_sale, reviews_are_as_audited)
