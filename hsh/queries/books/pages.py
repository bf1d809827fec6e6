"""Pages of a list whose one key never goes back: an audit sequence, an id (design part 4)."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from hsh.db import db
from hsh.queries.keyset import PAGE, Page

_CURSOR = re.compile(r"(?P<way>[ab])(?P<key>[0-9]{1,18})", re.ASCII)


def page(
    query: Select[*tuple[Any, ...]],
    key: InstrumentedAttribute[int],
    cursor: str,
    *,
    size: int = PAGE,
) -> Page:
    """Return the page of ``query`` that ``cursor`` leads to; the first for an unknown cursor.

    The first column of ``query`` is ``key``; the newest row comes first.
    """
    place = _CURSOR.fullmatch(cursor)
    if place and place["way"] == "a":
        return _newer(query.where(key > int(place["key"])).order_by(key), size)
    if place:
        query = query.where(key < int(place["key"]))
    rows = list(db.session.execute(query.order_by(key.desc()).limit(size + 1)))
    shown = rows[:size]
    return Page(
        rows=shown,
        older=f"b{shown[-1][0]}" if len(rows) > size else None,
        newer=f"a{shown[0][0]}" if place and shown else None,
    )


def _newer(query: Select[*tuple[Any, ...]], size: int) -> Page:
    """Return the page before a row; at its top it is the first page."""
    rows = list(db.session.execute(query.limit(size + 1)))
    shown = rows[:size][::-1]
    return Page(
        rows=shown,
        older=f"b{shown[-1][0]}" if shown else None,
        newer=f"a{shown[0][0]}" if len(rows) > size else None,
    )
