"""What supervisors decided about parked forms is as the audit book tells it (law 7)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import and_, select

from hsh.core.words import Verdict
from hsh.models.books import AuditEntry, Settlement
from hsh.queries.law import Books, Fault, law

_ACTIONS = {Verdict.ACCEPTED: "refusal.accept", Verdict.REFUSED: "refusal.refuse"}
_SIDES = and_(
    AuditEntry.record_ref == Settlement.client_temp_id, AuditEntry.action.in_(_ACTIONS.values())
)
_SETTLED = select(Settlement, AuditEntry).outerjoin(AuditEntry, _SIDES)
_TOLD = (
    select(AuditEntry.sequence)
    .outerjoin(Settlement, _SIDES)
    .where(AuditEntry.action.in_(_ACTIONS.values()), Settlement.id.is_(None))
)
_COLUMNS = (
    Settlement.client_temp_id,
    Settlement.verdict,
    Settlement.reason,
    Settlement.settled_by,
    AuditEntry.action,
    AuditEntry.actor_id,
    AuditEntry.body,
)


@law("settlements.as_audited")
def settlements_are_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that each decision is told by one audit entry, with its person and reason."""
    for row in books.rows(_SETTLED.with_only_columns(*_COLUMNS)):
        told = row.body and json.loads(row.body)["after"]["reason"]
        now = (_ACTIONS[Verdict(row.verdict)], row.settled_by, row.reason)
        if now != (row.action, row.actor_id, told):
            yield Fault(f"settlement of {row.client_temp_id}", told=told, reason=row.reason)
    for row in books.rows(_TOLD):
        yield Fault(f"entry {row.sequence}", settlement="missing")


LAWS = (settlements_are_as_audited,)
