"""What verify found, kept so that the office sees how the books are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete

from hsh.core import clock
from hsh.db import append, atomic, db
from hsh.models.books import Verification
from hsh.queries.law import Check

KEPT = timedelta(days=400)
_MOST = 1_000
"""Characters of what is broken."""


@atomic
def note(checks: Sequence[Check]) -> None:
    """Keep what ``checks`` came to, and forget what is older than ``KEPT``."""
    now = clock.now()
    broken = [check.name for check in checks if not check.ok]
    append(
        Verification,
        verified_at=now,
        seconds=round(sum(check.seconds for check in checks)),
        laws=len(checks),
        broken=len(broken),
        detail=", ".join(broken)[:_MOST],
    )
    db.session.execute(delete(Verification).where(Verification.verified_at < now - KEPT))
