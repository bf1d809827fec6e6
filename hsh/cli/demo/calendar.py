"""The company works Monday to Saturday."""

from __future__ import annotations

from datetime import date, timedelta

_SUNDAY = 6
_DAY = timedelta(days=1)


def working_days(start: date, count: int) -> list[date]:
    """Return ``count`` working days, the first on ``start`` or the Monday after it."""
    days: list[date] = []
    day = start
    while len(days) < count:
        if day.weekday() != _SUNDAY:
            days.append(day)
        day += _DAY
    return days


def start_for(last: date, count: int) -> date:
    """Return the day on which ``count`` working days begin that end on ``last`` or before it."""
    day = last
    while count and working_days(day, count)[-1] > last:
        day -= _DAY
    return day
