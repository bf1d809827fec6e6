"""Requests and what was decided about them are as the audit book tells it (law 7)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, select

from hsh.core.refs import act_of
from hsh.core.words import Decision
from hsh.models.books import Approval, ApprovalRequest, AuditEntry, Submission
from hsh.queries.law import Books, Fault, Found, law

_ASKED = and_(
    AuditEntry.record_ref == ApprovalRequest.ref, AuditEntry.action == "request.ask"
)  # fmt: skip
_ACTIONS = {
    Decision.ACCEPTED: "request.approve",
    Decision.REFUSED: "request.refuse",
    Decision.WITHDRAWN: "request.withdraw",
}
_REQUESTS = select(
    ApprovalRequest.id,
    ApprovalRequest.ref,
    ApprovalRequest.op,
    ApprovalRequest.content,
    ApprovalRequest.about,
    ApprovalRequest.depot_id,
    ApprovalRequest.reason,
    ApprovalRequest.requested_by,
    ApprovalRequest.requested_at,
    AuditEntry.at,
    AuditEntry.actor_id,
    AuditEntry.body,
).outerjoin(AuditEntry, _ASKED)
_DECISIONS = (
    select(
        Approval.id,
        Approval.verdict,
        Approval.reason,
        Approval.decided_by,
        Approval.decided_at,
        Approval.number,
        ApprovalRequest.ref,
        ApprovalRequest.op,
        ApprovalRequest.requested_by,
        AuditEntry.action,
        AuditEntry.at,
        AuditEntry.actor_id,
        AuditEntry.number.label("told"),
        AuditEntry.body,
    )
    .join(ApprovalRequest, ApprovalRequest.id == Approval.request_id)
    .outerjoin(
        AuditEntry,
        and_(
            AuditEntry.record_ref == ApprovalRequest.ref, AuditEntry.action.in_(_ACTIONS.values())
        ),
    )
)
_TOLD = select(AuditEntry.sequence, AuditEntry.action, AuditEntry.record_ref).where(
    AuditEntry.action.in_(("request.ask", *_ACTIONS.values()))
)


@law("requests.as_audited")
def requests_are_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that each request is told by one audit entry, with its person, time and wish."""
    for row in books.rows(_REQUESTS):
        told = _after(row)
        now = {
            "act": row.op,
            "wish": row.content,
            "about": str(row.about),
            "depot": row.depot_id,
            "reason": row.reason,
        }
        if (told, row.actor_id, row.at) != (now, row.requested_by, row.requested_at):
            yield Fault(f"request {row.ref}", told=told, reason=row.reason)


@law("requests.decided_as_audited")
def decisions_are_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that each decision is told by one entry; whoever asked can withdraw, and no more."""
    for row in books.rows(_DECISIONS):
        now = (_ACTIONS[Decision(row.verdict)], row.decided_by, row.decided_at, row.number)
        told = (row.action, row.actor_id, row.at, row.told)
        own = (row.decided_by == row.requested_by) != (row.verdict == Decision.WITHDRAWN)
        if now != told or own or _after(row).get("reason") != row.reason:
            yield Fault(f"request {row.ref}", decided=now, told=told)
    kept = {(row.ref, "request.ask") for row in books.rows(select(ApprovalRequest.ref))}
    kept |= {(row.ref, _ACTIONS[Decision(row.verdict)]) for row in books.rows(_DECISIONS)}
    for row in books.rows(_TOLD):
        if (row.record_ref, row.action) not in kept:
            yield Fault(f"entry {row.sequence}", request="missing")


@law("requests.carried_out")
def approved_requests_were_carried_out(books: Books) -> Iterator[Fault]:
    """Prove that what was approved was done, once, by who approved it; and nothing else was."""
    done = {
        row.client_temp_id: (row.op, row.actor_id)
        for row in books.rows(
            select(Submission.client_temp_id, Submission.op, Submission.actor_id).where(
                Submission.op.in_(select(ApprovalRequest.op))
            )
        )
    }
    decided = {row.ref: row for row in books.rows(_DECISIONS)}
    for row in books.rows(_REQUESTS):
        decision = decided.get(row.ref)
        granted = decision is not None and decision.verdict == Decision.ACCEPTED
        wanted = (row.op, decision.decided_by) if decision and granted else None
        if done.get(act_of(row.ref)) != wanted:
            yield Fault(f"request {row.ref}", done=done.get(act_of(row.ref)), decided=wanted)


def _after(row: Found) -> dict[str, Any]:
    told: dict[str, Any] = (json.loads(row.body)["after"] or {}) if row.body else {}
    return told


LAWS = (requests_are_as_audited, decisions_are_as_audited, approved_requests_were_carried_out)
