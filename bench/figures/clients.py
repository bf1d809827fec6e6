"""What gapless numbers and the audit chain cost when eight sell at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from bench import books, clients
from bench.company import found
from bench.figure import Bars, Figure, in_turn
from bench.plan import Plan
from hsh.db import execute
from hsh.services.books import audit, numbering

EIGHT = 8
BARS = Bars(must=0.50, aim=0.60, more_is_better=True)
_OWN_RANGE = 100_000_000
"""How far apart the clients' numbers lie where none waits for another."""


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield ours against the same sale whose numbers may have gaps and whose audit is no chain."""
    with books.mariadb(plan.home) as server:
        ours, loose = server.database("chained"), server.database("loose")
        with books.opened(loose, plan.home):
            loose_sellers = found(EIGHT)
        with books.opened(ours, plan.home):
            sellers = found(EIGHT)
            pairs = _pairs(plan, (ours, sellers), (loose, loose_sellers))
            books.prove(plan.home)
    yield pairs.figure("sales/s, MariaDB, 8 clients / loose", BARS, unit="/s")


def _pairs(plan: Plan, chained: Any, loose: Any) -> Any:
    each = max(plan.sales // EIGHT, 4)
    with (
        clients.at(chained[0], plan.home, chained[1], lambda _: nullcontext()) as ours,
        clients.at(loose[0], plan.home, loose[1], _neither) as floor,
    ):
        return in_turn(plan.pairs, lambda: ours.sell(each), lambda: floor.sell(each))


@contextmanager
def _neither(client: int) -> Iterator[None]:
    """Take numbers and audit places from a range of the client's own: nobody waits for anybody."""
    free = count((client + 1) * _OWN_RANGE)

    def take(*series: str, year: int) -> dict[str, str]:
        return {name: numbering.number(name, year, next(free)) for name in series}

    def headless(statement: Any, values: Any = None) -> Any:
        if statement is audit._HEAD:  # noqa: SLF001
            head = SimpleNamespace(sequence=next(free), hash=audit.GENESIS)
            return SimpleNamespace(one=lambda: head)
        return None if statement is audit._MOVE_HEAD else execute(statement, values)  # noqa: SLF001

    with patch.object(numbering, "take", take), patch.object(audit, "execute", headless):
        yield
