"""What the submissions book knows of forms, many at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from hsh.core.words import Verdict
from hsh.db import db, execute
from hsh.models.books import RefusedSubmission, Settlement, Submission
from hsh.models.logistics import Distribution
from hsh.models.sales import Transaction

MOST_SETTLED = 200
"""The most settlements that are told at once."""

_KNOWN = select(
    Submission.client_temp_id,
    Submission.actor_id,
    Submission.content_hash,
    Submission.outcome,
    Submission.replaced_by,
).where(Submission.client_temp_id.in_(bindparam("forms", expanding=True)))
_IDS = {
    "distribution": select(Distribution.ref, Distribution.id).where(
        Distribution.ref.in_(bindparam("refs", expanding=True))
    ),
    "transaction": select(Transaction.ref, Transaction.id).where(
        Transaction.ref.in_(bindparam("refs", expanding=True))
    ),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A form that was done, or closed because ``replaced_by`` was done in its place."""

    actor: int
    content_hash: str
    outcome: str
    replaced_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What a supervisor decided about a form; ``outcome`` is the book's JSON."""

    form: UUID
    verdict: Verdict
    reason: str
    outcome: str


def known(forms: Collection[UUID]) -> dict[UUID, Known]:
    """Return those of ``forms`` that the book knows."""
    if not forms:
        return {}
    rows = execute(_KNOWN, {"forms": list(forms)})
    return {
        row.client_temp_id: Known(
            row.actor_id, row.content_hash, row.outcome or "", row.replaced_by
        )
        for row in rows
    }


def record_ids(record: str, refs: Collection[UUID]) -> dict[UUID, int]:
    """Return the ids of records of one type, by ref."""
    if record not in _IDS or not refs:
        return {}
    rows = execute(_IDS[record], {"refs": list(refs)})
    return {row.ref: row.id for row in rows}


def settled(user: int, since: datetime) -> list[Settled]:
    """Return what was decided since then about the forms of ``user``, newest first."""
    rows = db.session.execute(
        select(Settlement.client_temp_id, Settlement.verdict, Settlement.reason, Submission.outcome)
        .join(Submission, Submission.client_temp_id == Settlement.client_temp_id)
        .where(
            Settlement.settled_at > since,
            Settlement.client_temp_id.in_(
                select(RefusedSubmission.client_temp_id).where(RefusedSubmission.actor_id == user)
            ),
        )
        .order_by(Settlement.id.desc())
        .limit(MOST_SETTLED)
    )
    return [
        Settled(
            form=row.client_temp_id,
            verdict=Verdict(row.verdict),
            reason=row.reason,
            outcome=row.outcome,
        )
        for row in rows
    ]
