"""Pages of a long list, found by where the last one ended: no OFFSET, no count (design part 4).

An index has the newest rows of one truck, of one depot, of one site, or of all. For two trucks
the database would read and sort everything they ever did, so their list has two shelves: the newest
rows of each are read, and the newest of those are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from hsh.db import db

PAGE = 50
EVERYWHERE = (true(),)
_CURSOR = re.compile(
    r"(?P<way>[ab])(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:]{8}\.[0-9]{6})?)"
    r"\.(?P<id>[0-9]{1,18})",
    re.ASCII,
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Rows, newest first. ``older`` and ``newer`` lead to the neighbours; None: there are none."""

    rows: list[Row[Any]]
    older: str | None
    newer: str | None


@dataclass(frozen=True)
class Order:
    """What a list is ordered by: a day or an instant, and within it the id."""

    day: InstrumentedAttribute[date] | InstrumentedAttribute[datetime]
    id: InstrumentedAttribute[int]
    read: Callable[[str], date] = date.fromisoformat
    """Reads what a cursor says of the day; ``instant`` where rows are ordered by one."""


def instant(text: str) -> datetime:
    """Return the instant that a cursor names, in UTC; raise ``ValueError`` if it is none."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


type Query = Select[*tuple[Any, ...]]
type Shelves = Sequence[ColumnElement[bool]]
"""Where the rows of a list are: for each row at least one of these conditions holds."""


def page(
    query: Query, order: Order, cursor: str, *, shelves: Shelves = EVERYWHERE, size: int = PAGE
) -> Page:
    """Return the page of ``query`` that ``cursor`` leads to; the first for an unknown cursor.

    The first two columns of ``query`` are the day and the id.
    """
    place = _place(cursor, order)
    if place is None:
        return _page(_newest(query, order, shelves, size), size, newer=False)
    way, day, at = place
    if way == "b":
        rows = _newest(query.where(_behind(order, day, at)), order, shelves, size)
        return _page(rows, size, newer=True)
    return _newer(query.where(_before(order, day, at)), order, shelves, size)


def _newest(query: Query, order: Order, shelves: Shelves, size: int) -> list[Row[Any]]:
    ordered = query.order_by(order.day.desc(), order.id.desc()).limit(size + 1)
    return _of_all(ordered, shelves, newest=True)[: size + 1]


def _of_all(ordered: Query, shelves: Shelves, *, newest: bool) -> list[Row[Any]]:
    """Return the rows of all shelves in one order, each once."""
    rows = [row for shelf in shelves for row in db.session.execute(ordered.where(shelf))]
    found = {(row[0], row[1]): row for row in rows}
    return [found[at] for at in sorted(found, reverse=newest)]


def _newer(query: Query, order: Order, shelves: Shelves, size: int) -> Page:
    """Return the page that comes before a row; at its top it is the first page."""
    ordered = query.order_by(order.day, order.id).limit(size + 1)
    rows = _of_all(ordered, shelves, newest=False)[: size + 1]
    shown = rows[size - 1 :: -1] if len(rows) > size else rows[::-1]
    return Page(
        rows=shown,
        older=_cursor("b", shown[-1]) if shown else None,
        newer=_cursor("a", shown[0]) if len(rows) > size else None,
    )


def _page(rows: list[Row[Any]], size: int, *, newer: bool) -> Page:
    shown = rows[:size]
    return Page(
        rows=shown,
        older=_cursor("b", shown[-1]) if len(rows) > size else None,
        newer=_cursor("a", shown[0]) if newer and shown else None,
    )


def _behind(order: Order, day: date, at: int) -> ColumnElement[bool]:
    return and_(order.day <= day, or_(order.day < day, order.id < at))


def _before(order: Order, day: date, at: int) -> ColumnElement[bool]:
    return and_(order.day >= day, or_(order.day > day, order.id > at))


def _cursor(way: str, row: Row[Any]) -> str:
    day, at = tuple(row)[:2]
    if isinstance(day, datetime):
        return f"{way}{day.replace(tzinfo=None).isoformat(timespec='microseconds')}.{at}"
    return f"{way}{day.isoformat()}.{at}"


def _place(cursor: str, order: Order) -> tuple[str, date, int] | None:
    """Return the way, the day and the id that ``cursor`` names; None if it names none."""
    named = _CURSOR.fullmatch(cursor)
    if named is None:
        return None
    try:
        return named["way"], order.read(named["day"]), int(named["id"])
    except ValueError:
        return None
