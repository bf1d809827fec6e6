"""Pages of a long list, found by where the last one ended: no OFFSET, no count (design part 4).

An index has the newest rows of one truck, of one depot, of one site, or of all. For two trucks
the database would read and sort everything they ever did, so their list has two shelves: the newest
keys of each are read, and the rows of the newest of those are shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from hsh.db import db

PAGE = 50
EVERYWHERE = (true(),)
_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
_LONGEST = 3_000
"""A name of 200 letters takes up to twelve signs for each."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some rows in their order. The cursors lead to the rows before and after; None: no more."""

    rows: list[Any]
    after: str | None
    before: str | None


class Order:
    """What a list is ordered by: columns that one index carries, of which the last is unique."""

    def __init__(self, *keys: InstrumentedAttribute[Any], falling: bool = True) -> None:
        """``falling``: the greatest comes first, so of days the newest."""
        self.keys, self.falling = keys, falling

    def turned(self) -> Order:
        """Return the same order the other way round."""
        return Order(*self.keys, falling=not self.falling)


type Query = Select[*tuple[Any, ...]]
type Shelves = Sequence[ColumnElement[bool]]
"""Where the rows of a list are: for each row at least one of these conditions holds."""
type _Place = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Rows that are asked for. ``where`` holds for the keys' table without what is joined."""

    query: Query
    where: Sequence[ColumnElement[bool]]
    shelves: Shelves
    size: int

    def beyond(self, order: Order, place: _Place) -> _Asked:
        """Return those behind ``place``."""
        return replace(self, where=(*self.where, _beyond(order, place)))


def page(
    query: Query,
    order: Order,
    cursor: str,
    *,
    where: Sequence[ColumnElement[bool]] = (),
    shelves: Shelves = EVERYWHERE,
    size: int = PAGE,
) -> Page:
    """Return the page of ``query`` that ``cursor`` leads to; the first for an unknown cursor.

    With more shelves than one every condition stands in ``where``, on the table of the keys alone:
    a shelf is looked through for keys, and only the rows that are shown are joined.
    """
    place = _read(order, cursor)
    asked = _Asked(query=query.add_columns(*order.keys), where=where, shelves=shelves, size=size)
    if place is None:
        return _page(_first(asked, order), order, size, is_first=True)
    if cursor[0] == "b":
        return _page(_first(asked.beyond(order, place), order), order, size, is_first=False)
    return _preceding(asked.beyond(order.turned(), place), order)


def _first(asked: _Asked, order: Order) -> list[Row[Any]]:
    """Return a row more than a page has, of all shelves in one order, each once."""
    by = [key.desc() if order.falling else key.asc() for key in order.keys]
    if len(asked.shelves) == 1:
        ordered = asked.query.where(*asked.where, *asked.shelves).order_by(*by)
        return list(db.session.execute(ordered.limit(asked.size + 1)))
    keys = select(*order.keys).where(*asked.where).order_by(*by).limit(asked.size + 1)
    found = {tuple(row) for shelf in asked.shelves for row in db.session.execute(keys.where(shelf))}
    shown = sorted(found, reverse=order.falling)[: asked.size + 1]
    its = order.keys[-1].in_([place[-1] for place in shown])
    return list(db.session.execute(asked.query.where(its).order_by(*by))) if shown else []


def _preceding(asked: _Asked, order: Order) -> Page:
    """Return the page that comes before a row; at its top it is the first page."""
    rows, size = _first(asked, order.turned()), asked.size
    shown = rows[:size][::-1]
    return Page(
        rows=shown,
        after=_cursor("b", order, shown[-1]) if shown else None,
        before=_cursor("a", order, shown[0]) if len(rows) > size else None,
    )


def _page(rows: list[Row[Any]], order: Order, size: int, *, is_first: bool) -> Page:
    shown = rows[:size]
    return Page(
        rows=shown,
        after=_cursor("b", order, shown[-1]) if len(rows) > size else None,
        before=_cursor("a", order, shown[0]) if shown and not is_first else None,
    )


def _beyond(order: Order, place: _Place) -> ColumnElement[bool]:
    """Return the condition on what comes behind ``place``; the index finds it by the first key."""
    (key, *others), (value, *rest) = order.keys, place
    strictly: ColumnElement[bool] = key < value if order.falling else key > value
    if not others:
        return strictly
    loosely: ColumnElement[bool] = key <= value if order.falling else key >= value
    inner = _beyond(Order(*others, falling=order.falling), tuple(rest))
    return and_(loosely, or_(strictly, inner))


def _place_of(order: Order, row: Row[Any]) -> _Place:
    return tuple(row)[-len(order.keys) :]


def _cursor(way: str, order: Order, row: Row[Any]) -> str:
    return way + ".".join(_written(value) for value in _place_of(order, row))


def _written(value: object) -> str:
    return quote(str(value), safe="").replace(".", "%2E")


def _read(order: Order, cursor: str) -> _Place | None:
    """Return the keys that ``cursor`` tells, None when it was not made for this order."""
    parts = cursor[1:].split(".")
    if cursor[:1] not in {"a", "b"} or len(parts) != len(order.keys) or len(cursor) > _LONGEST:
        return None
    try:
        return tuple(
            _READERS[key.type.python_type](unquote(part, errors="strict"))
            for key, part in zip(order.keys, parts, strict=True)
        )
    except ValueError:
        return None


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _text(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text):
        raise ValueError(text)
    return text


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


_READERS: dict[type, Callable[[str], Any]] = {
    date: date.fromisoformat,
    datetime: _instant,
    int: _whole,
    str: _text,
}
