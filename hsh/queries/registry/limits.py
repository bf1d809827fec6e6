"""Above how many cylinders in one act a second person approves."""

from __future__ import annotations

from hsh.core.words import CorrectionKind
from hsh.db import db
from hsh.models.registry import ApprovalLimits

ONLY = 1


def approval(kind: CorrectionKind) -> int | None:
    """Return above how many cylinders an act of ``kind`` is approved; None: never."""
    row = current()
    return getattr(row, kind.value) if row else None


def current() -> ApprovalLimits | None:
    """Return the limits that are set, None before the first time."""
    return db.session.get(ApprovalLimits, ONLY)
