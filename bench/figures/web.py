"""How long the unlucky wait when eight sell at once over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from bench import books, server
from bench.company import found
from bench.figure import Bars, Figure, in_turn
from bench.plan import Plan

BARS = Bars(must=0.20, aim=0.08)
EIGHT = 8
WORKERS = 2
_OF_A_HUNDRED = 0.99


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield p99 of a sale against p99 where writers wait by busy_timeout alone."""
    each = max(plan.sales // 2, 5)
    with ExitStack() as stack:
        ours = _shop(plan, "ours", "wsgi:app", each, stack)
        busy = _shop(plan, "busy", "bench.busy:app", each, stack)
        pairs = in_turn(plan.pairs, ours, busy)
    for name in ("ours", "busy"):
        with books.opened(books.sqlite_url(plan.home / f"web-{name}.sqlite3"), plan.home):
            books.prove(plan.home)
    note = f"8 clients, {each} sales each, gunicorn with 2 workers, SQLite"
    yield pairs.figure("p99 of a sale / with busy_timeout alone", BARS, unit="ms", note=note)


def _shop(plan: Plan, name: str, app: str, each: int, stack: ExitStack) -> Callable[[], float]:
    """Start a server; return what has eight clients sell there, and tells the p99 in ms."""
    file = plan.home / f"web-{name}.sqlite3"
    with books.opened(books.sqlite_url(file), plan.home):
        sellers = found(EIGHT)
    environ = server.settings(file, plan.home)
    running = stack.enter_context(server.started(environ, workers=WORKERS, app=app))
    visitors = [server.Visitor(running.address, seller) for seller in sellers]
    crew = stack.enter_context(ThreadPoolExecutor(EIGHT))

    def sell(visitor: server.Visitor) -> list[float]:
        return [visitor.sell() for _ in range(each)]

    def p99() -> float:
        waited = sorted(second for many in crew.map(sell, visitors) for second in many)
        return waited[int(len(waited) * _OF_A_HUNDRED)] * 1000

    p99()  # the first requests of a process load what it needs
    return p99
