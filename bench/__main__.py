"""``python -m bench [group ...]``: measure, print, write, and exit with 1 when a must is missed."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
import traceback
from pathlib import Path

from bench import report
from bench.figure import Figure
from bench.figures import GROUPS
from bench.plan import Plan

SMALLER = 20
"""How many times smaller ``--quick`` makes everything: to see that it runs, not how fast."""


def main() -> int:
    """Measure what was asked for; return the exit code."""
    asked = _arguments()
    logging.disable(logging.INFO)  # the log of requests
    with tempfile.TemporaryDirectory(prefix="hsh-bench-") as home:
        figures, failures = _measure(asked.groups or list(GROUPS), _plan(asked, Path(home)))
    report.say(figures)
    report.write(figures, failures)
    for failure in failures:
        report.line(f"NOT COUNTED  {failure}")
    return 0 if not failures and all(figure.ok for figure in figures) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("groups", nargs="*", choices=[[], *GROUPS], metavar="group")
    parser.add_argument("--pairs", type=int, default=5, help="measurements of each side (5)")
    parser.add_argument("--quick", action="store_true", help="everything 20 times smaller")
    parser.add_argument("--keep", type=Path, help="keep the large books here for the next run")
    return parser.parse_args()


def _plan(asked: argparse.Namespace, home: Path) -> Plan:
    smaller = SMALLER if asked.quick else 1
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
    return Plan(
        home=home,
        pairs=asked.pairs,
        sales=max(200 // smaller, 10),
        queue=max(500 // smaller, 10),
        large=1_000_000 // smaller,
        rows=100_000 // smaller,
        small=1_000,
        keep=asked.keep,
    )


def _measure(groups: list[str], plan: Plan) -> tuple[list[Figure], list[str]]:
    figures: list[Figure] = []
    failures: list[str] = []
    for name in groups:
        began = time.monotonic()
        try:
            figures += GROUPS[name](plan)
        except Exception as error:  # noqa: BLE001 - the other groups are measured all the same
            traceback.print_exc()
            failures.append(f"{name}: {type(error).__name__}: {error}")
        report.line(f"{name}: {time.monotonic() - began:.0f} s")
    return figures, failures


if __name__ == "__main__":
    sys.exit(main())
