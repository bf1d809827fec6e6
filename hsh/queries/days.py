"""Days in Singapore as conditions on instants, which are kept in UTC."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from hsh.core import clock

_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


def span(since: date | None, until: date | None) -> tuple[datetime, datetime]:
    """Return when the day ``since`` begins and the day ``until`` is over; None is any."""
    first, last = max(since or _FIRST, _FIRST), min(until or _LAST, _LAST)
    return (
        datetime.combine(first, time(), clock.SINGAPORE),
        datetime.combine(last, time(), clock.SINGAPORE) + timedelta(days=1),
    )


def between(
    column: InstrumentedAttribute[datetime], since: date | None, until: date | None
) -> list[ColumnElement[bool]]:
    """Return the conditions that an instant lies on one of those days; none for no days."""
    begin, end = span(since, until)
    return [column >= begin, column < end] if since or until else []
