"""Document numbers without gaps, given out inside the act that needs them (law 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from hsh.core.words import Series
from hsh.db import execute, insert_or_ignore, notes
from hsh.models.books import Counter

_THESE = (
    Counter.series.in_(bindparam("names", expanding=True)),
    Counter.year == bindparam("in_year"),
)
_LOCK = (
    select(Counter.series, Counter.issued).where(*_THESE).order_by(Counter.series).with_for_update()
)
_ADVANCE = update(Counter).where(*_THESE).values(issued=Counter.issued + bindparam("taken"))


class _Counter(NamedTuple):
    """By this the act's notes know a counter that it has locked."""

    series: Series
    year: int


class _Stand(NamedTuple):
    """The last number of a counter, and how many of them the act has given out."""

    issued: int
    taken: int


def take(*series: Series, year: int) -> dict[Series, str]:
    """Give out the next number of each series, for example ``DIST-2026-000884``.

    The counters stay locked until the act ends, so take numbers last; they are moved on then.
    """
    known = notes().known
    new = [name for name in series if _Counter(name, year) not in known]
    if new:
        issued = _begun(new, year)
        known |= {_Counter(name, year): _Stand(issued[name], 0) for name in new}
    notes().last[_advance] = None
    return {name: number(name, year, _next(_Counter(name, year))) for name in series}


def number(series: str, year: int, issued: int) -> str:
    """Write a number as it is printed."""
    return f"{series}-{year}-{issued:06d}"


def _next(counter: _Counter) -> int:
    issued, taken = notes().known[counter]
    notes().known[counter] = _Stand(issued + 1, taken + 1)
    return int(issued) + 1


def _begun(series: Sequence[Series], year: int) -> dict[Series, int]:
    """Lock the counters of a year, and begin those that have none yet."""
    issued = _lock(series, year)
    missing = [name for name in series if name not in issued]
    if missing:
        rows = [{"series": name, "year": year, "issued": 0} for name in missing]
        execute(insert_or_ignore(Counter), rows)
        issued = _lock(series, year)
    return issued


def _lock(series: Sequence[Series], year: int) -> dict[Series, int]:
    rows = execute(_LOCK, {"names": series, "in_year": year})
    return {Series(name): last for name, last in rows}


def _advance() -> None:
    """Move the counters on by what the act took: as a rule the same of each, in one statement."""
    alike: defaultdict[tuple[int, int], list[Series]] = defaultdict(list)
    for counter, stand in notes().known.items():
        if isinstance(counter, _Counter):
            alike[counter.year, stand.taken].append(counter.series)
    for (year, taken), names in alike.items():
        execute(_ADVANCE, {"names": names, "in_year": year, "taken": taken})
