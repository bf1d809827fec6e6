"""``kill -9`` of the database under 8 sellers: what was acknowledged is there when it is back.

A seller whose sale ended in an error cannot know whether it was committed. They send the same
form again until it is answered, and it is then done exactly once (law 5).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from random import Random

from sqlalchemy.exc import DBAPIError

from hsh.core.command import Outcome
from hsh.services.sales.orders import ConfirmSale
from proof import books as open_books
from proof.acts import Seller, do
from proof.books import Books
from proof.crew import in_threads
from proof.goal import Found, Goal, Task
from proof.selling import Told, is_there, lost, open_shop, the_sellers, told
from proof.server import Server, own_server

MOST_HEARD = 60
"""The most acknowledgements between two kills."""
VERIFY_EACH = 10
"""Kills between two proofs of all laws; the last kill is always followed by one."""
PAUSE = 0.02
"""Seconds between two tries while the database is away."""
LONGEST_AIM = 2.0
"""Seconds to wait for a commit on its way; every other kill comes at any moment."""
LONGEST_AWAY = 1.0
"""Seconds that the database stays away, beside its recovery."""
PATIENCE = 120


@dataclass(kw_only=True)
class Shop:
    """What sellers and killer share."""

    books: Books
    sellers: list[Seller]
    server: Server
    rng: Random
    kills: int
    heard: list[Told] = field(default_factory=list)
    unknown: list[bool] = field(default_factory=list)
    """For each sale that ended in an error: whether it had been committed."""
    found: Found = field(default_factory=Found)
    closed: threading.Event = field(default_factory=threading.Event)


def run(task: Task) -> Found:
    """Kill a server of our own ``task.size`` times."""
    with own_server() as server, open_books.on_server(server.owner, server.app) as books:
        open_shop(books)
        shop = Shop(
            books=books,
            sellers=the_sellers(books.world, task.seed),
            server=server,
            rng=Random(task.seed),  # noqa: S311 - no secret
            kills=task.size,
        )
        in_threads(books.app, _begin, _work(shop))
        _look(shop)
        shop.found.count = task.size
        shop.found.more = {
            "database": books.version(),
            "acknowledged": len(shop.heard),
            "unknown": len(shop.unknown),
            "unknown_had_committed": sum(shop.unknown),
        }
        return shop.found


def _work(shop: Shop) -> list[Callable[[], None]]:
    return [*(partial(_sell, shop, seller) for seller in shop.sellers), partial(_kill, shop)]


def _begin(work: Callable[[], None]) -> None:
    work()


def _sell(shop: Shop, seller: Seller) -> None:
    for n in count():
        if shop.closed.is_set():
            return
        shop.heard.append(told(seller, n, _until_answered(shop, seller.sale(n))))


def _until_answered(shop: Shop, order: ConfirmSale) -> Outcome:
    failed = False
    for _ in range(int(PATIENCE / PAUSE)):
        try:
            if failed:
                shop.unknown.append(is_there(shop.books.owner, order.submission))
                failed = False
            return do(order)
        except DBAPIError:
            failed = True
            time.sleep(PAUSE)
    raise RuntimeError("the books did not come back")


def _kill(shop: Shop) -> None:
    try:
        for turn in range(1, shop.kills + 1):
            _wait_for(shop, shop.rng.randint(1, MOST_HEARD))
            shop.server.await_commit(longest=shop.rng.choice((0, LONGEST_AIM)))
            command = shop.server.kill()
            time.sleep(shop.rng.uniform(0, LONGEST_AWAY))
            shop.server.start_again(command)
            if turn % VERIFY_EACH == 0:
                _look(shop)
    finally:
        shop.closed.set()


def _wait_for(shop: Shop, acknowledgements: int) -> None:
    enough = len(shop.heard) + acknowledgements
    deadline = time.monotonic() + PATIENCE
    while len(shop.heard) < enough:
        if time.monotonic() > deadline:
            raise RuntimeError("the sellers stand still")
        time.sleep(0.001)


def _look(shop: Shop) -> None:
    missing = lost(shop.books.owner, shop.sellers, list(shop.heard))
    shop.found.lost += len(missing)
    shop.found.faults += [*missing, *shop.books.broken()]


GOAL = Goal(
    name="kill-database",
    promise="kill -9 of the database under 8 sellers: as of the app; unknown commits are settled",
    run=run,
    quick=3,
    full=100,
    databases=frozenset({"mysql"}),
    needs=("mariadbd",),
)
