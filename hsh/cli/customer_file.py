"""A CSV or XLSX file of customers: every row is taken or told why not, none is guessed at."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from hsh.core.refusals import Invalid
from hsh.services.imports import customers, sheet
from hsh.services.registry import checks
from hsh.services.registry.customer_import import ImportedCustomer

COLUMNS = ("name", "address", "latitude", "longitude")


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A row that cannot be taken. ``line`` counts from 1, the header being line 1."""

    line: int
    why: Invalid


@dataclass(kw_only=True)
class Reading:
    """What a file holds."""

    sha256: str
    good: list[ImportedCustomer] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def read(path: Path) -> Reading:
    """Read the whole file.

    Raises:
        Invalid: it cannot be read as such a file at all.

    """
    found = sheet.read(_bytes(path))
    if found.header != COLUMNS:
        raise Invalid(reason="file_columns", columns=", ".join(COLUMNS))
    reading = Reading(sha256=found.sha256)
    first_lines: dict[str, int] = {}
    for row in found.rows:
        try:
            customer = _row(row.cells)
            _check_first(customer, row.line, first_lines)
        except Invalid as why:
            reading.bad.append(BadRow(line=row.line, why=why))
        else:
            reading.good.append(customer)
    return reading


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(sheet.MOST_BYTES + 1)
    except OSError as error:
        raise Invalid(reason="file_unreadable", why=error.strerror) from error


def _row(cells: tuple[str, ...]) -> ImportedCustomer:
    """Return the customer of a row that says all that a published list says."""
    if len(cells) != len(COLUMNS):
        raise Invalid(reason="row_cells", there=len(cells), wanted=len(COLUMNS))
    row = dict(zip(COLUMNS, cells, strict=True))
    found = customers.read(row)
    for column, value in row.items():
        checks.name(value, field=column)
    return found


def _check_first(row: ImportedCustomer, line: int, first_lines: dict[str, int]) -> None:
    first = first_lines.setdefault(row.key(), line)
    if first != line:
        raise Invalid(reason="row_again", first=first)
