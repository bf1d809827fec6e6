"""Proving that levels are what the moves add up to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from bench import loader
from bench.figure import Bars, Figure, NotCountedError, alone
from bench.plan import Plan
from hsh.db import db
from hsh.models.books import StockMove
from hsh.queries.books import stock_laws
from hsh.queries.law import Books

BARS = Bars(must=2.0, aim=0.7)
TEN_MILLION = 10_000_000


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield the seconds of one core that ten million moves would take."""
    with loader.opened(plan, plan.large):
        moves = db.session.scalar(select(func.count()).select_from(StockMove)) or 0
        seconds = sorted(_seconds(plan.home) for _ in range(plan.pairs))
    each = median(seconds) / moves
    note = f"{moves:,} moves in {median(seconds):.2f} s ({seconds[0]:.2f}..{seconds[-1]:.2f})"
    name = "levels against 10 million moves"
    yield alone(name, each * TEN_MILLION, BARS, unit="s", note=note)


def _seconds(home: Path) -> float:
    with db.engine.connect() as connection:
        books = Books(connection=connection, data_dir=home)
        began = time.process_time()
        check = stock_laws.levels_are_moves.check(books)
        took = time.process_time() - began
    if not check.ok:
        raise NotCountedError(check.detail)
    return took
