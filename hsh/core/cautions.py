"""What is warned of and not forbidden: too much gas at a site, a home disturbed at night."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

from hsh.core.clock import SINGAPORE

FIRST, LAST = time(7), time(21)
"""Homes are delivered to from the first to the last, in Singapore."""


def is_late(at: datetime) -> bool:
    """Tell whether nobody should ring at a home at that instant."""
    return not FIRST <= at.astimezone(SINGAPORE).time() <= LAST


def too_much(kg: Decimal, limit: Decimal | None) -> Decimal | None:
    """Return ``kg`` where it is more than a site's licence allows; without one all is allowed."""
    return kg if limit is not None and kg > limit else None
