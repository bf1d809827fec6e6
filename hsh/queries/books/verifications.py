"""How the books are: what verify found when it ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from hsh.db import db
from hsh.models.books import Verification
from hsh.queries.keyset import Order
from hsh.queries.lists import Long

FRESH = timedelta(days=2)
"""A verify that is older says little about the books of today."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """What verify found last."""

    verified_at: datetime
    laws: int
    broken: int


def latest() -> Health | None:
    """Return the newest; None when verify never ran."""
    newest = select(Verification).order_by(Verification.id.desc()).limit(1)
    row = db.session.scalar(newest)
    if row is None:
        return None
    return Health(verified_at=row.verified_at, laws=row.laws, broken=row.broken)


def is_due(now: datetime, *, after: timedelta) -> bool:
    """Tell whether the books were not verified for so long."""
    last = latest()
    return last is None or now - last.verified_at > after


def every() -> Long:
    """Return all of them, newest first."""
    query = select(
        Verification.id,
        Verification.verified_at,
        Verification.seconds,
        Verification.laws,
        Verification.broken,
        Verification.detail,
    )
    return Long(
        query=query, ref=Verification.id, orders={"verified_at": Order(Verification.id)}, where=()
    )
