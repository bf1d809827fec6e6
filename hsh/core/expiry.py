"""When a licence or permit is over, and when someone should see to it."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

NOTICE = timedelta(days=30)
"""So long before it ends, whoever is concerned is told."""


class Expiry(StrEnum):
    """What is to be said of the end of a licence or permit."""

    OVER = "over"
    SOON = "soon"


def expiry(ends: date | None, on: date) -> Expiry | None:
    """Return what is to be said on a day of what holds up to and with ``ends``; None: nothing."""
    if ends is None or on + NOTICE < ends:
        return None
    return Expiry.OVER if ends < on else Expiry.SOON
