"""Everything that changes is in the audit log, in an unbroken chain (law 7)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import batched

from sqlalchemy import DateTime, String, select, type_coerce

from hsh.models.books import AuditEntry, AuditHead
from hsh.queries.law import BATCH, Books, Fault, Found, PaperAnchor, law

GENESIS = "0" * 64
"""The hash before the first entry."""

_ENTRIES = select(
    AuditEntry.sequence,
    type_coerce(AuditEntry.at, DateTime).label("at"),  # in UTC, without saying so
    AuditEntry.actor_id,
    AuditEntry.action,
    AuditEntry.record_type,
    type_coerce(AuditEntry.record_ref, String).label("record_ref"),
    AuditEntry.number,
    AuditEntry.body,
    AuditEntry.previous_hash,
    AuditEntry.hash,
)


_AT = ',"at":"'
_NO_FORM, _FORM = len("null}"), len('"00000000-0000-0000-0000-000000000000"}')
"""How long the end of a body is behind its last key: no form was sent, or one with a UUID."""


@law("audit.chain")
def chain_is_unbroken(books: Books) -> Iterator[Fault]:
    """Prove that each entry is hashed over the one before, and its columns repeat its body."""
    last, link = 0, GENESIS
    for entry in books.stream(_ENTRIES, AuditEntry.sequence):
        sequence, *_, body, previous, sealed = entry
        if sequence != last + 1:
            yield Fault(f"entry {sequence}", after=last)
        if previous != link:
            yield Fault(f"entry {sequence}", previous_hash=previous, before=link)
        if sha256((previous + body).encode()).hexdigest() != sealed:
            yield Fault(f"entry {sequence}", hash="body")
        if not _says_at_a_glance(entry):
            yield from _differences(entry)
        last, link = sequence, sealed


@law("audit.head")
def head_is_the_last(books: Books) -> Iterator[Fault]:
    """Prove that the head of the chain is its newest entry, so that nothing was cut off."""
    query = select(AuditEntry.sequence, AuditEntry.hash).order_by(AuditEntry.sequence.desc())
    last = books.connection.execute(query.limit(1)).one_or_none()
    head = books.connection.execute(select(AuditHead.sequence, AuditHead.hash)).one_or_none()
    there = (last.sequence, last.hash) if last else (0, GENESIS)
    if head is None or (head.sequence, head.hash) != there:
        yield Fault("audit head", head=head and tuple(head), last=there)


@law("audit.paper_anchors")
def paper_agrees(books: Books) -> Iterator[Fault]:
    """Prove that every anchor that was printed outside the database is still there, unchanged."""
    for some in batched(books.anchors, BATCH // 10):
        wanted = [anchor.sequence for anchor in some]
        query = select(AuditEntry.sequence, AuditEntry.hash).where(AuditEntry.sequence.in_(wanted))
        there = {row.sequence: row.hash for row in books.rows(query)}
        yield from (fault for anchor in some for fault in _compare(anchor, there))


def _compare(anchor: PaperAnchor, there: dict[int, str]) -> Iterator[Fault]:
    found = there.get(anchor.sequence)
    if found is None or not found.startswith(anchor.prefix):
        yield Fault(f"anchor {anchor.sequence}", paper=anchor.prefix, book=found)


def _says_at_a_glance(entry: Found) -> bool:
    """Compare the search columns with the body without parsing it, which takes far longer.

    Canonical JSON has its keys in order, so each column's place in it is known: the first two at
    the beginning, the time behind a key that must be the only one of its name, the rest at the
    end. A no may be wrong, when a record's own data has such a key; a yes never is.
    """
    sequence, at, actor_id, action, record_type, ref, number, body, *_ = entry
    actor = "null," if actor_id is None else f'{{"id":{actor_id},"name":'
    if not body.startswith(f'{{"action":"{action}","actor":{actor}'):
        return False
    end = len(body) - (_NO_FORM if body.endswith("null}") else _FORM)
    named = "null" if number is None else f'"{number}"'
    tail = (
        f',"record":{{"number":{named},"ref":"{ref}","type":"{record_type}"}}'
        f',"sequence":{sequence},"submission":'
    )
    if not body.endswith(tail, 0, end):
        return False
    place = body.find(_AT)
    told = f'{at.isoformat()}+00:00","before":'
    only_one = body.find(_AT, place + 1) < 0
    return only_one and bool(body.startswith(told, place + len(_AT)))


def _differences(entry: Found) -> Iterator[Fault]:
    """Name the columns that do not say what the body says."""
    where = f"entry {entry.sequence}"
    try:
        body = json.loads(entry.body)
        record, actor = body["record"], body["actor"]
        said = {
            "sequence": body["sequence"],
            "at": datetime.fromisoformat(body["at"]).astimezone(UTC).replace(tzinfo=None),
            "actor_id": actor and actor["id"],
            "action": body["action"],
            "record_type": record["type"],
            "record_ref": record["ref"],
            "number": record["number"],
        }
    except (LookupError, TypeError, ValueError) as error:
        yield Fault(where, body=error)
        return
    for column, value in said.items():
        if getattr(entry, column) != value:
            yield Fault(where, column=column, is_now=getattr(entry, column), body_says=value)


LAWS = (chain_is_unbroken, head_is_the_last)
ON_PAPER = (paper_agrees,)
"""The laws that need anchors from outside the database."""
