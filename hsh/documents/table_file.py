"""A table as a CSV file that a spreadsheet opens: UTF-8, and no cell would be a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the file. A character that is none is written as a question mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(harmless, header))
    writer.writerows(map(harmless, row) for row in rows)
    return (_MARK + text.getvalue()).encode(errors="replace")


def harmless(cell: str) -> str:
    """Return ``cell`` such that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
