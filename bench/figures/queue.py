"""A tablet's queue of sales, held against the same rows written one by one by the bare driver."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from statistics import median
from uuid import uuid4

from bench import books, floor, server
from bench.company import Seller, found
from bench.figure import Bars, Figure, NotCountedError, in_turn
from bench.figures.sales import WARM_UP, copy
from bench.plan import Plan
from hsh.blueprints.device.batch import Batch, Ready, State
from hsh.blueprints.device.items import Item, Sender
from hsh.core.command import Command
from hsh.services.sales.transactions import confirm_sale

SQLITE = Bars(must=0.8, aim=0.3)
MARIADB = Bars(must=0.5, aim=0.2)
AGAIN = Bars(must=0.2, aim=0.1)


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield how long a queue takes beside single sales, and sent again beside the first time."""
    file, repeated = plan.home / "queue.sqlite3", plan.home / "queue-floor.sqlite3"
    url = books.sqlite_url(file)
    beside = f"through HTTP {_over_http(plan):.2f} s"
    with books.opened(url, plan.home):
        [seller] = found()
        books.copied(file, repeated)
        yield from _compare(
            "SQLite", SQLITE, plan, seller, url, books.sqlite_url(repeated), beside=beside
        )
    with books.mariadb(plan.home) as running:
        ours, other = running.database("queue"), running.database("queue_floor")
        with books.opened(ours, plan.home):
            [seller] = found()
            with books.opened(other, plan.home):
                pass
            copy(ours, other)
            yield from _compare("MariaDB", MARIADB, plan, seller, ours, other)


def _over_http(plan: Plan) -> float:
    """Return the seconds that a tablet waits for its queue, on SQLite, the middle of all tries."""
    file = plan.home / "queue-http.sqlite3"
    with books.opened(books.sqlite_url(file), plan.home):
        [seller] = found()
    with server.started(server.settings(file, plan.home), workers=1) as running:
        visitor = server.Visitor(running.address, seller)
        waits = [visitor.send_queue(plan.queue) for _ in range(plan.pairs)]
    with books.opened(books.sqlite_url(file), plan.home):
        books.prove(plan.home)
    return median(waits)


def _compare(  # noqa: PLR0913 - two sides of one comparison, and its words
    where: str,
    bars: Bars,
    plan: Plan,
    seller: Seller,
    ours: str,
    repeated: str,
    *,
    beside: str = "",
) -> Iterator[Figure]:
    sides = floor.Bare(ours), floor.Bare(repeated)
    sales = seller.sales()
    for sale in islice(sales, WARM_UP):
        confirm_sale(sale)
    sides[1].write(floor.sales_since(sides[0], floor.newest(sides[1])))
    queues: list[list[Ready]] = []

    def by_the_queue() -> float:
        queues.append([_ready(sale) for sale in islice(sales, plan.queue)])
        return _sent(seller, queues[-1])

    def by_the_driver() -> float:
        ready = floor.sales_since(sides[0], floor.newest(sides[1]))
        began = time.perf_counter()
        sides[1].write(ready)
        return time.perf_counter() - began

    first = in_turn(plan.pairs, by_the_queue, by_the_driver)
    floor.require_equal(*sides)
    waiting = iter(queues)
    again = in_turn(1, lambda: _sent(seller, next(waiting)), lambda: first.ours[0])
    for side in sides:
        side.close()
    books.prove(plan.home)
    name = f"{plan.queue} of a queue / single, {where}"
    yield first.figure(name, bars, unit="s", note=beside)
    yield again.figure(f"the same sent again / first, {where}", AGAIN, unit="s")


def _sent(seller: Seller, queue: list[Ready]) -> float:
    """Return how many seconds a queue of parsed commands takes.

    Raises:
        NotCountedError: one of them was not applied.

    """
    batch = Batch(sender=Sender(actor=seller.actor, user=uuid4(), device="bench"))
    began = time.perf_counter()
    batch.run_ready(queue)
    took = time.perf_counter() - began
    if {result.state for result in batch.results.values()} != {State.APPLIED}:
        raise NotCountedError("a sale of the queue was not applied")
    return took


def _ready(sale: Command) -> Ready:
    item = Item(
        form=sale.submission, op=sale.op, path="", seq=0, fields={}, refs=(), captured_at=None,
        user=None, replaces=None, report=None,
    )  # fmt: skip
    return Ready(item=item, command=sale)
