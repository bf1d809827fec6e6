"""The table that is printed and the file that is written."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pysqlite3

from bench.figure import Figure
from hsh.core import clock

FILE = Path(__file__).parent / "results.json"

_HEAD = ("figure", "ours", "floor", "ratio", "spread", "must", "aim", "")


def write(figures: Sequence[Figure], failures: Sequence[str]) -> None:
    """Write ``bench/results.json``."""
    body = {
        "at": clock.now().astimezone(clock.SINGAPORE).isoformat(timespec="seconds"),
        "machine": machine(),
        "figures": [asdict(figure) | {"ok": figure.ok} for figure in figures],
        "failures": failures,
    }
    FILE.write_text(json.dumps(body, indent=2) + "\n")


def say(figures: Sequence[Figure]) -> None:
    """Print the table."""
    rows = [_HEAD, *map(_row, figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    for row in rows:
        name, *cells, verdict = row
        aligned = [cell.rjust(width) for cell, width in zip(cells, widths[1:-1], strict=True)]
        line(f"{name.ljust(widths[0])}  {'  '.join(aligned)}  {verdict}".rstrip())
    for figure in figures:
        if figure.note:
            line(f"  {figure.name}: {figure.note}")


def line(text: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def machine() -> dict[str, object]:
    """Return what the figures depend on."""
    return {
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": pysqlite3.sqlite_version,
        "date": datetime.now(clock.SINGAPORE).date().isoformat(),
    }


def _row(figure: Figure) -> tuple[str, ...]:
    spread = figure.spread
    return (
        figure.name,
        f"{_short(figure.ours)} {figure.unit}",
        "" if figure.floor is None else _short(figure.floor),
        _short(figure.ratio),
        f"{_short(spread[0])}..{_short(spread[1])}" if spread else "",
        f"{'>=' if figure.more_is_better else '<='} {_short(figure.must)}",
        _short(figure.aim),
        _verdict(figure),
    )


def _verdict(figure: Figure) -> str:
    if not figure.ok:
        return "MISSED"
    return "aim" if figure.reaches(figure.aim) else "ok"


def _short(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"  # noqa: PLR2004
