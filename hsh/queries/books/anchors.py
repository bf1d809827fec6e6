"""Anchors that were printed outside the database, held against the audit book (law 7)."""

from __future__ import annotations

import re
from enum import StrEnum

from sqlalchemy import select

from hsh.core.canonical import digest
from hsh.core.refusals import Invalid
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.queries.law import PaperAnchor

_SEQUENCE = re.compile(r"[0-9]{1,15}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{16,64}", re.ASCII)


class Answer(StrEnum):
    """What became of an anchor."""

    MATCH = "match"
    DIFFERS = "differs"
    NOT_THERE = "not_there"


def read(sequence: str, digits: str) -> PaperAnchor:
    """Return the anchor that stands on a slip; its hash may be grouped by spaces as printed.

    Raises:
        Invalid: not a whole number, or not 16 to 64 hex digits.

    """
    if not _SEQUENCE.fullmatch(sequence.strip()) or not int(sequence):
        raise Invalid(field="sequence", reason="anchor_sequence")
    prefix = "".join(digits.split()).lower()
    if not _HASH.fullmatch(prefix):
        raise Invalid(field="digits", reason="anchor_hash")
    return PaperAnchor(sequence=int(sequence), prefix=prefix)


def look_up(anchor: PaperAnchor) -> Answer:
    """Tell whether the audit book still has the entry that ``anchor`` was printed from.

    The entry agrees when what stands in it now still comes to the hash on paper.
    """
    entry = db.session.execute(
        select(AuditEntry.hash, AuditEntry.previous_hash, AuditEntry.body).where(
            AuditEntry.sequence == anchor.sequence
        )
    ).one_or_none()
    if entry is None:
        return Answer.NOT_THERE
    sealed = digest(entry.previous_hash + entry.body) == entry.hash
    agrees = sealed and entry.hash.startswith(anchor.prefix)
    return Answer.MATCH if agrees else Answer.DIFFERS
