"""A form sent twice is done once, and is remembered with its answer (law 5)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from hsh.models.books import ApprovalRequest, AuditEntry, Submission
from hsh.models.logistics import Correction, Distribution, StockCount
from hsh.models.sales import Document, Transaction
from hsh.queries.law import Books, Fault, Found, Query, law

_SUBMISSIONS = select(Submission.client_temp_id, Submission.content_hash, Submission.outcome)
_INSTEAD = aliased(Submission)
_REPLACED = (
    select(Submission.client_temp_id, Submission.replaced_by)
    .outerjoin(_INSTEAD, _INSTEAD.client_temp_id == Submission.replaced_by)
    .where(
        Submission.replaced_by.is_not(None),
        or_(
            _INSTEAD.outcome.is_(None),
            _INSTEAD.outcome != Submission.outcome,
            _INSTEAD.replaced_by.is_not(None),
        ),
    )
)
_KEPT = select(Submission.client_temp_id, Submission.op, Submission.actor_id)
_TOLD = select(
    AuditEntry.sequence,
    func.substr(AuditEntry.body, -38, 36).label("form"),
    AuditEntry.action,
    AuditEntry.actor_id,
).where(AuditEntry.body.like('%"}'))
"""Canonical JSON ends with the submission, the last of its keys: null or a UUID in quotes."""
_HASH = re.compile(r"[0-9a-f]{64}")
_RECORDS: dict[str, Query] = {
    "distribution": select(Distribution.ref, Distribution.number),
    "count": select(StockCount.ref),
    "request": select(ApprovalRequest.ref),
    "correction": select(Correction.ref, Correction.number),
    "transaction": select(Transaction.ref, Document.transaction_number, Document.number).outerjoin(
        Document, Document.transaction_id == Transaction.id
    ),
}
"""Where the records stand that an answer can name, by ref, with their numbers."""


@law("submissions.answered")
def submissions_are_answered(books: Books) -> Iterator[Fault]:
    """Prove that every applied form has its content's hash and the answer that was given."""
    for some in books.batches(_SUBMISSIONS, Submission.client_temp_id):
        answers = {row.client_temp_id: _answer(row) for row in some}
        for form in (form for form, answer in answers.items() if answer is None):
            yield Fault(f"submission {form}", answer="unreadable")
        yield from _unkept(books, {f: a for f, a in answers.items() if a is not None})


@law("submissions.kept")
def submissions_are_kept(books: Books) -> Iterator[Fault]:
    """Prove that every form that the audit log tells of is remembered, with its act and person."""
    told_of = 0
    for some in books.batches(_TOLD, AuditEntry.sequence):
        told = {UUID(entry.form): entry for entry in some}
        told_of += len(told)
        there = books.rows(_KEPT.where(Submission.client_temp_id.in_(told)))
        kept = {row.client_temp_id: (row.op, row.actor_id) for row in there}
        for form, entry in told.items():
            if kept.get(form) != (entry.action, entry.actor_id):
                yield Fault(f"entry {entry.sequence}", submission=form, is_now=kept.get(form))
    done = select(func.count()).select_from(Submission).where(Submission.replaced_by.is_(None))
    count = books.connection.scalar(done) or 0
    if count > told_of:
        yield Fault("submissions", there=count, told_of=told_of)


@law("submissions.replaced")
def closed_forms_name_what_was_done(books: Books) -> Iterator[Fault]:
    """Prove that a form closed unperformed has the answer of the form done in its place."""
    for row in books.rows(_REPLACED):
        yield Fault(f"submission {row.client_temp_id}", replaced_by=row.replaced_by)


def _answer(row: Found) -> dict[str, Any] | None:
    """Return the answer to a form, or None when the form or its answer is not whole."""
    try:
        answer: dict[str, Any] = json.loads(row.outcome or "")
        UUID(answer["ref"])
    except (LookupError, TypeError, ValueError):
        return None
    return answer if _HASH.fullmatch(row.content_hash) and answer.get("record") else None


def _unkept(books: Books, answers: dict[UUID, dict[str, Any]]) -> Iterator[Fault]:
    """Yield the answers whose record is not there, or has other numbers."""
    for record, query in _RECORDS.items():
        some = {form: answer for form, answer in answers.items() if answer["record"] == record}
        there = _numbers(books, query, [UUID(answer["ref"]) for answer in some.values()])
        for form, answer in some.items():
            told = [number for name in ("number", "document") if (number := answer.get(name))]
            has = there.get(UUID(answer["ref"]))
            if has is None or has[: len(told)] != told:
                yield Fault(f"submission {form}", answered=told, record=has)


def _numbers(books: Books, query: Query, refs: Sequence[UUID]) -> dict[UUID, list[str]]:
    ref = query.selected_columns[0]
    return {row[0]: list(row[1:]) for row in books.rows(query.where(ref.in_(refs)))}


LAWS = (submissions_are_answered, submissions_are_kept, closed_forms_name_what_was_done)
