"""The bytes of a CSV or XLSX file become a header and rows of text, within bounds."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from zipfile import BadZipFile, ZipFile

from hsh.core.refusals import Invalid

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 50
MOST_CHARACTERS = 2_000
"""In one cell."""
_MOST_UNPACKED = 100_000_000
_MOST_PARTS = 1_000
_MOST_RATIO = 200
"""An honest workbook is packed to a twentieth; a bomb to a thousandth."""
_SEPARATORS = ",;\t|"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNREAD = re.compile("[\udc80-\udcff]")
_NO_TABLE = (b"<", b"%pdf", b"{\\rtf")
"""How pages and papers begin that are often named like a spreadsheet."""
_SAID = re.compile(r"sep=(.)(?:\r\n|\r|\n)")
"""Excel's own first line, which only says what stands between cells."""
_QUOTED = re.compile(r'"[^"]*"')
_FORMULA = re.compile(rb"<f[ />]")
_ZIP = b"PK\x03\x04"
_TEXT_BEYOND_ASCII = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A record of the file; ``line`` is where it begins, the header being line 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a file holds, and the SHA-256 of its bytes."""

    sha256: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read(data: bytes) -> Sheet:
    """Read a whole file.

    A byte that is no character becomes a lone surrogate, so that only its own row is refused.

    Raises:
        Invalid: it is no such file, or beyond the bounds.

    """
    if not data:
        raise Invalid(field="file", reason="file_empty")
    if len(data) > MOST_BYTES:
        raise Invalid(field="file", reason="file_too_big", most=MOST_BYTES // 1_000_000)
    records = _workbook(data) if data.startswith(_ZIP) else _csv(_text(data))
    header: tuple[str, ...] | None = None
    rows: list[Row] = []
    for line, cells in records:
        _check_cells(line, cells)
        if not any(cells):
            continue
        if header is None:
            header = tuple(_UNREAD.sub("\ufffd", cell.strip()) for cell in cells)
        else:
            rows.append(Row(line=line, cells=tuple(cells)))
        if len(rows) > MOST_ROWS:
            raise Invalid(field="file", reason="file_too_long", most=MOST_ROWS)
    if not header or not rows:
        raise Invalid(field="file", reason="file_without_rows")
    return Sheet(sha256=sha256(data).hexdigest(), header=header, rows=tuple(rows))


def _check_cells(line: int, cells: list[str]) -> None:
    if len(cells) > MOST_COLUMNS:
        raise Invalid(field="file", reason="file_too_wide", line=line, most=MOST_COLUMNS)
    if any(len(cell) > MOST_CHARACTERS for cell in cells):
        raise _cell_too_long(line)


def _cell_too_long(line: int) -> Invalid:
    return Invalid(field="file", reason="cell_too_long", line=line, most=MOST_CHARACTERS)


def _text(data: bytes) -> str:
    """Return the characters: UTF-8, or Windows-1252 where nothing beyond ASCII is UTF-8."""
    if data.startswith(_UTF16) or b"\x00" in data:
        raise Invalid(field="file", reason="file_not_text")
    if data.lstrip()[:5].lower().startswith(_NO_TABLE):
        raise Invalid(field="file", reason="file_not_text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding = "utf-8-sig" if _TEXT_BEYOND_ASCII.search(data) else "cp1252"
        return data.decode(encoding, errors="surrogateescape")


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line that it begins on; blank lines are none."""
    said = _SAID.match(text)
    first = _QUOTED.sub("", "".join(text.lstrip().splitlines()[:1]))
    separator = said[1] if said else max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins_on = 1
    try:
        if said:
            next(reader)
            begins_on = 2
        for cells in reader:
            if cells:
                yield begins_on, cells
            begins_on = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            raise _cell_too_long(reader.line_num) from error
        raise Invalid(field="file", reason="file_not_csv", line=reader.line_num) from error


def _workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first sheet, with their numbers; blank ones are none."""
    _check_no_bomb(data)
    import openpyxl  # noqa: PLC0415 - a tenth of a second: only who brings a workbook pays

    def rows(*, results: bool) -> Iterator[tuple[object, ...]]:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=results)
        page = book.worksheets[0]
        page.reset_dimensions()  # what the file says of its own size may be a lie
        yield from page.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)

    try:
        if _has_formulas(data):
            yield from _cells(_checked(rows(results=True), rows(results=False)))
        else:
            yield from _cells(rows(results=True))
    except Invalid:
        raise
    except Exception as error:  # any broken part raises something else
        raise Invalid(field="file", reason="file_not_xlsx") from error


def _has_formulas(data: bytes) -> bool:
    with ZipFile(io.BytesIO(data)) as packed:
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(packed.read(name)) for name in sheets)


def _checked(
    results: Iterable[tuple[object, ...]], formulas: Iterable[tuple[object, ...]]
) -> Iterator[tuple[object, ...]]:
    """Yield the results; a formula whose result the file does not have is no empty cell."""
    for line, (row, asked) in enumerate(zip(results, formulas, strict=True), start=1):
        for value, formula in zip(row, asked, strict=True):
            if value is None and formula is not None:
                raise Invalid(field="file", reason="formula_without_result", line=line)
        yield row


def _cells(rows: Iterable[tuple[object, ...]]) -> Iterator[tuple[int, list[str]]]:
    for line, values in enumerate(rows, start=1):
        if line > 2 * MOST_ROWS:
            raise Invalid(field="file", reason="file_too_long", most=MOST_ROWS)
        cells = [_written(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def _check_no_bomb(data: bytes) -> None:
    try:
        with ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except (BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError) as error:
        raise Invalid(field="file", reason="file_not_xlsx") from error
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > _MOST_PARTS
        or unpacked > _MOST_UNPACKED
        or unpacked > _MOST_RATIO * max(len(data), 1)
    ):
        raise Invalid(field="file", reason="file_too_big", most=MOST_BYTES // 1_000_000)


def _written(value: object) -> str:
    """Write a cell as one would have typed it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float():
            return f"{value:.10f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
