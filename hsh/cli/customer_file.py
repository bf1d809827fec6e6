"""A CSV file of customers: every row is taken or told why not, none is guessed at."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from hsh.core import address
from hsh.core.refusals import Invalid
from hsh.services.registry import checks
from hsh.services.registry.customer_import import ImportedCustomer

COLUMNS = ("name", "address", "latitude", "longitude")
MOST_BYTES = 10_000_000


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
    data = _bytes(path)
    reading = Reading(sha256=sha256(data).hexdigest())
    # What is not UTF-8 becomes a surrogate, so that only its own row is refused.
    text = data.decode("utf-8-sig", errors="surrogateescape")
    first_lines: dict[str, int] = {}
    for line, cells in _records(text):
        try:
            row = _row(cells)
            _check_first(row, line, first_lines)
        except Invalid as why:
            reading.bad.append(BadRow(line=line, why=why))
        else:
            reading.good.append(row)
    if not reading.good and not reading.bad:
        raise Invalid(reason="file_without_rows")
    return reading


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Invalid(reason="file_unreadable", why=error.strerror) from error
    if not data:
        raise Invalid(reason="file_empty")
    if len(data) > MOST_BYTES:
        raise Invalid(reason="file_too_big", most=MOST_BYTES // 1_000_000)
    return data


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line that it begins on; blank lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins_on = 1
    try:
        for cells in reader:
            if begins_on == 1:
                _check_header(cells)
            elif cells:
                yield begins_on, cells
            begins_on = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(reason="file_not_csv", line=reader.line_num) from error


def _check_header(cells: list[str]) -> None:
    if tuple(cells) != COLUMNS:
        raise Invalid(reason="file_columns", columns=", ".join(COLUMNS))


def _row(cells: list[str]) -> ImportedCustomer:
    if len(cells) != len(COLUMNS):
        raise Invalid(reason="row_cells", there=len(cells), wanted=len(COLUMNS))
    row = dict(zip(COLUMNS, cells, strict=True))
    for column, value in row.items():
        _check_text(column, value)
    return ImportedCustomer(
        name=address.tidy(row["name"]),
        address=_short_parts(address.parse(row["address"])),
        latitude=checks.position(row["latitude"], field="latitude"),
        longitude=checks.position(row["longitude"], field="longitude"),
    )


def _check_text(column: str, value: str) -> None:
    if any("\udc80" <= character <= "\udcff" for character in value):
        raise Invalid(field=column, reason="not_utf8")
    checks.name(value, field=column)


def _short_parts(parts: address.Address) -> address.Address:
    checks.optional(parts.unit, field="address", most=checks.CODE_LENGTH)
    return parts


def _check_first(row: ImportedCustomer, line: int, first_lines: dict[str, int]) -> None:
    first = first_lines.setdefault(row.key(), line)
    if first != line:
        raise Invalid(reason="row_again", first=first)
