"""The audit book: who did what to which record, in the same transaction, chained (law 7)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update

from hsh.core import clock
from hsh.core.canonical import canonical, digest
from hsh.core.command import Actor, Command
from hsh.db import append_last, execute, notes
from hsh.documents.content import Anchor
from hsh.models.books import AuditEntry, AuditHead

type By = Command | Actor | None
"""Who acts: the command, or the actor where no form was sent, or None for the system itself."""

GENESIS = "0" * 64
"""The hash before the first entry."""

_HEAD = select(AuditHead.sequence, AuditHead.hash).where(AuditHead.id == 1).with_for_update()
_MOVE_HEAD = (
    update(AuditHead)
    .where(AuditHead.id == 1)
    .values(sequence=bindparam("newest"), hash=bindparam("link"))
)


def record(  # noqa: PLR0913 - an audit entry has this many sides, all named
    action: str,
    by: By,
    *,
    record_type: str,
    ref: UUID,
    number: str | None = None,
    before: object = None,
    after: object = None,
    at: datetime | None = None,
) -> Anchor:
    """Append an entry and return its place in the chain, to be printed outside the database.

    Locks the head of the chain until the act ends, so record last of all; the entries of an act
    are written together when it ends.
    """
    actor = by.actor if isinstance(by, Command) else by
    at = at or clock.now()
    head = notes().know(Anchor, _lock_head)
    sequence = head.sequence + 1
    body = canonical(
        {
            "sequence": sequence,
            "at": at,
            "actor": _person(actor),
            "action": action,
            "record": {"type": record_type, "ref": ref, "number": number},
            "before": before,
            "after": after,
            **_envelope(by),
        }
    )
    link = chain(head.hash, body)
    entry = {
        "sequence": sequence,
        "at": at,
        "actor_id": actor.id if actor else None,
        "action": action,
        "record_type": record_type,
        "record_ref": ref,
        "number": number,
        "body": body,
        "previous_hash": head.hash,
        "hash": link,
    }
    append_last(AuditEntry, entry)
    newest = Anchor(sequence=sequence, hash=link)
    notes().known[Anchor] = newest
    notes().last[_move_head] = None
    return newest


def _lock_head() -> Anchor:
    head = execute(_HEAD).one()
    return Anchor(sequence=head.sequence, hash=head.hash)


def _move_head() -> None:
    newest: Anchor = notes().known[Anchor]
    execute(_MOVE_HEAD, {"newest": newest.sequence, "link": newest.hash})


def chain(previous: str, body: str) -> str:
    """Return the hash of an entry: over the hash before it and its own body."""
    return digest(previous + body)


def _person(actor: Actor | None) -> dict[str, object] | None:
    if actor is None:
        return None
    return {"id": actor.id, "username": actor.username, "name": actor.name, "roles": actor.roles}


def _envelope(by: By) -> dict[str, object]:
    command = by if isinstance(by, Command) else None
    told: dict[str, object] = {
        "submission": command and command.submission,
        "captured_at": command and command.captured_at,
        "device": command and command.device,
    }
    if command and command.approved_by:
        told["approved_by"] = _person(command.approved_by)
    if command and command.asked_by:
        told["asked_by"] = _person(command.asked_by)
    if command and command.replaces:
        told["replaces"] = command.replaces
    return told
