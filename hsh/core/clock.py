"""The one place that asks what time it is, and what day that is in Singapore."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SINGAPORE = ZoneInfo("Asia/Singapore")
"""Decides the date and the year of every fact (law 10)."""


def _wall() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _wall


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return _source()


def today() -> date:
    """Return today's date in Singapore."""
    return business_date(now())


def business_date(instant: datetime) -> date:
    """Return the date that ``instant`` falls on in Singapore."""
    return instant.astimezone(SINGAPORE).date()


def beginning(day: date) -> datetime:
    """Return the instant at which ``day`` begins in Singapore."""
    return datetime.combine(day, time(), SINGAPORE)


@contextmanager
def running(source: Callable[[], datetime]) -> Iterator[None]:
    """Let ``source`` tell the time, in all threads, until the block ends."""
    global _source  # noqa: PLW0603 - a clock is global by nature; the block restores it
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before
