"""Whether a file of very many rows takes more memory than one of few."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import openpyxl

from bench import books, floor, loader, server
from bench.figure import Bars, Figure, NotCountedError, in_turn
from bench.plan import Plan
from hsh.config import ROOT

BARS = Bars(must=1.1, aim=1.02)
MIB = 1024
_COLUMNS = ("Number", "Net", "GST", "Total")
_ROWS = (
    "SELECT number, net, tax, payable FROM"
    " (SELECT d.transaction_number AS number, t.net, t.tax, t.payable, t.confirmed_on, t.id"
    " FROM transactions t JOIN documents d ON d.transaction_id = t.id)"
    " ORDER BY confirmed_on DESC, id DESC"
)
"""What the file must hold, as the bare driver reads it."""

type Cells = Sequence[Any]


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield the peak memory of exporting many sales against that of exporting few."""
    with ExitStack() as stack:
        many = _shop(plan, plan.rows, stack)
        few = _shop(plan, plan.small, stack)
        for kind, read in (("csv", _csv), ("xlsx", _xlsx)):
            # Memory does not go up and down with the machine's load: once tells.
            pairs = in_turn(1, lambda: many(kind, read), lambda: few(kind, read))  # noqa: B023
            name = f"memory of {kind.upper()}, {plan.rows:,} rows / {plan.small:,}"
            yield pairs.figure(name, BARS, unit="MiB", note="peak of the whole process")


def _shop(plan: Plan, rows: int, stack: ExitStack) -> Callable[..., float]:
    """Open books of so many sales; return what exports them and tells the peak in MiB."""
    stack.enter_context(loader.opened(plan, rows))
    file = loader.file_of(plan, rows)
    target = plan.home / f"export-{rows}"

    def export(kind: str, read: Callable[[Path], Iterator[Cells]]) -> float:
        environ = os.environ | server.settings(file, plan.home)
        command = [sys.executable, "-m", "bench.exporting", kind, str(target)]
        done = subprocess.run(  # noqa: S603 - our own program
            command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True
        )
        _require_right(file, rows, read(target))
        return int(done.stdout.splitlines()[-1]) / MIB

    return export


def _require_right(file: Path, least: int, found: Iterator[Cells]) -> None:
    """Require that the file's rows are those of the books, in order.

    Raises:
        NotCountedError: they are not, or there are fewer than ``least``.

    """
    head = list(next(found))
    at = [head.index(name) for name in _COLUMNS]
    bare = floor.Bare(books.sqlite_url(file))
    expected = bare.rows(_ROWS)
    bare.close()
    read = [(row[at[0]], *(round(float(row[place]) * 100) for place in at[1:])) for row in found]
    if len(expected) < least or read != expected:
        raise NotCountedError(f"the file of {len(expected)} rows is not what the books hold")


def _csv(file: Path) -> Iterator[Cells]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.reader(lines)


def _xlsx(file: Path) -> Iterator[Cells]:
    with file.open("rb") as opened:
        sheet = openpyxl.load_workbook(opened, read_only=True).active
        yield from sheet.iter_rows(values_only=True)
