"""What the cells of a file mean: numbers, days, yes and no, as people type them in Singapore."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import batched

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from hsh.core.refusals import Invalid
from hsh.db import db
from hsh.services.registry import checks

_MONEY = re.compile(r"(?:S?\$)? ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(\.[0-9]{1,4})?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_DAYS = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_YEARS = range(2000, 2101)
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"", "no", "n", "false", "0"}
_WRONG = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}
"""What a spreadsheet shows where a formula has no answer."""
_AT_ONCE = 500

type Cells = Mapping[str, str]
"""A row's cells by the names of the columns that were mapped."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that a kind of file has. ``spelled``: how headers call it, besides its name."""

    name: str
    needed: bool = False
    spelled: Collection[str] = field(default=())


@dataclass(frozen=True)
class Known:
    """The row's record is there already, and is left as it is."""


KNOWN = Known()


def text(cells: Cells, column: str, *, most: int = checks.NAME_LENGTH) -> str | None:
    """Return one line of text; None for nothing."""
    value = cells.get(column, "").strip()
    if any("\udc80" <= sign <= "\udcff" for sign in value):
        raise Invalid(field=column, reason="not_utf8")
    if value in _WRONG:
        raise Invalid(field=column, reason="spreadsheet_error")
    return checks.optional(value, field=column, most=most)


def needed(cells: Cells, column: str, *, most: int = checks.NAME_LENGTH) -> str:
    """Return one line of text that says something."""
    return checks.name(text(cells, column, most=most) or "", field=column, most=most)


def code(cells: Cells, column: str) -> str | None:
    """Return a code, in capitals; None for nothing."""
    value = text(cells, column, most=checks.CODE_LENGTH)
    return checks.code(value.upper(), field=column) if value else None


def amount(cells: Cells, column: str) -> Decimal | None:
    """Return a number that is not below zero: ``1,234.50``, ``$32.5``; None for nothing."""
    value = cells.get(column, "").strip()
    if not value:
        return None
    found = _MONEY.fullmatch(value)
    if not found:
        raise Invalid(field=column, reason="not_a_number")
    return Decimal(found[1].replace(",", "") + (found[2] or ""))


def number(cells: Cells, column: str) -> Decimal:
    """Return a number that has to be there."""
    value = amount(cells, column)
    if value is None:
        raise Invalid(field=column, reason="missing")
    return value


def whole(cells: Cells, column: str) -> int | None:
    """Return a whole number; None for nothing."""
    value = cells.get(column, "").strip()
    if not value:
        return None
    if not _WHOLE.fullmatch(value):
        raise Invalid(field=column, reason="not_a_whole_number")
    return int(value)


def day(cells: Cells, column: str) -> date:
    """Return a day: ``2026-11-20``, ``20 Nov 2026``, ``20/11/2026``."""
    value = needed(cells, column)
    for pattern in _DAYS:
        try:
            found = datetime.strptime(value, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if found.year in _YEARS:
            return found
    raise Invalid(field=column, reason="not_a_day")


def yes(cells: Cells, column: str) -> bool:
    """Return whether a cell says yes; nothing says no."""
    value = cells.get(column, "").strip().casefold()
    if value in _YES:
        return True
    if value in _NO:
        return False
    raise Invalid(field=column, reason="not_yes_or_no")


def attempted[T](read: Callable[[], T]) -> T | Invalid:
    """Return what ``read`` makes of a row, or why it cannot be taken in."""
    try:
        return read()
    except Invalid as no:
        return no


def named(
    rows: Iterable[Cells],
    column: str,
    key: InstrumentedAttribute[str],
    *more: ColumnElement[bool],
) -> dict[str, int]:
    """Return the ids of the records that a column names by their codes."""
    model = key.class_
    codes = {cells.get(column, "").strip().upper() for cells in rows} - {""}
    return {
        found: number
        for some in batched(sorted(codes), _AT_ONCE)
        for found, number in db.session.execute(
            select(key, model.id).where(key.in_([one for one in some if one.isascii()]), *more)
        )
    }
