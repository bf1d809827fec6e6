"""Document numbers without gaps, given out inside the act that needs them (law 4)."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from hsh.core.words import Series
from hsh.db import execute, insert_or_ignore
from hsh.models.books import Counter

_THESE = (
    Counter.series.in_(bindparam("names", expanding=True)),
    Counter.year == bindparam("in_year"),
)
_LOCK = (
    select(Counter.series, Counter.issued).where(*_THESE).order_by(Counter.series).with_for_update()
)
_ADVANCE = update(Counter).where(*_THESE).values(issued=Counter.issued + 1)


def take(*series: Series, year: int) -> dict[Series, str]:
    """Give out the next number of each series, for example ``DIST-2026-000884``.

    The counters stay locked until the act ends, so take numbers last.
    """
    issued = _lock(series, year)
    missing = [name for name in series if name not in issued]
    if missing:
        rows = [{"series": name, "year": year, "issued": 0} for name in missing]
        execute(insert_or_ignore(Counter), rows)
        issued = _lock(series, year)
    execute(_ADVANCE, {"names": series, "in_year": year})
    return {name: number(name, year, last + 1) for name, last in issued.items()}


def number(series: str, year: int, issued: int) -> str:
    """Write a number as it is printed."""
    return f"{series}-{year}-{issued:06d}"


def _lock(series: tuple[Series, ...], year: int) -> dict[Series, int]:
    rows = execute(_LOCK, {"names": series, "in_year": year})
    return {Series(name): last for name, last in rows}
