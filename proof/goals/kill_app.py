"""``kill -9`` of the app under 8 sellers: what was acknowledged is there, and nothing by halves.

A process that sells in 8 threads is killed at any moment. Each seller's next sale has an outcome
that nobody knows: it is sent again, as a browser would, and is then done exactly once.
"""

from __future__ import annotations

import os
import signal
import time
import traceback
from dataclasses import dataclass, field
from random import Random
from typing import NoReturn

from proof.acts import Seller, do
from proof.books import Books, unsound
from proof.goal import Found, Goal, Task
from proof.selling import SELLERS, Told, is_there, lost, open_shop, serve, the_sellers, told

MOST_HEARD = 30
"""The most acknowledgements before a kill comes."""
LONGEST_WAIT = 0.03
"""Seconds from the last of them to the kill: longer than a sale."""
ROUNDS_ON_ONE = 25
"""Kills that one database goes through, so that proving it stays quick."""


@dataclass(kw_only=True)
class Shop:
    """The sellers, what they were told, and which sale of each comes next."""

    books: Books
    sellers: list[Seller]
    heard: list[Told] = field(default_factory=list)
    next: list[int] = field(default_factory=lambda: [0] * SELLERS)

    def hear(self, one: Told) -> None:
        """Note that a sale was acknowledged."""
        self.heard.append(one)
        self.next[one.seller] = one.n + 1


def run(task: Task) -> Found:
    """Kill the selling process ``task.size`` times."""
    rng = Random(task.seed)  # noqa: S311 - no secret
    found, acknowledged, settled = Found(count=task.size), 0, 0
    with task.books() as books:
        for first in range(0, task.size, ROUNDS_ON_ONE):
            books.again()
            open_shop(books)
            shop = Shop(books=books, sellers=the_sellers(books.world, rng.getrandbits(32)))
            for _ in range(first, min(first + ROUNDS_ON_ONE, task.size)):
                _sell_until_killed(shop, rng)
                settled += _settle(shop)
                _look(shop, found)
            acknowledged += len(shop.heard)
    found.more = {"acknowledged": acknowledged, "unknown_had_committed": settled}
    return found


def _sell_until_killed(shop: Shop, rng: Random) -> None:
    shop.books.let_go()
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        _be_the_app(shop, there)
    os.close(there)
    with os.fdopen(here, "rb") as pipe:
        for _ in range(rng.randint(1, MOST_HEARD)):
            _hear(shop, pipe.readline())
        time.sleep(rng.uniform(0, LONGEST_WAIT))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for line in pipe:
            _hear(shop, line)


def _be_the_app(shop: Shop, pipe: int) -> NoReturn:
    """Sell until killed. Nothing that was inherited from the parent is run or ended here."""
    try:
        serve(shop.books, shop.sellers, shop.next, pipe)
    except BaseException:  # noqa: BLE001 - the parent hears that the pipe is closed
        traceback.print_exc()
    finally:
        os._exit(1)


def _hear(shop: Shop, line: bytes) -> None:
    if not line:
        raise RuntimeError("the sellers went without a word")
    shop.hear(Told.read(line))


def _settle(shop: Shop) -> int:
    """Send every seller's next sale again; return how many of them had been committed."""
    had = 0
    with shop.books.app.app_context():
        for seller in shop.sellers:
            n = shop.next[seller.number]
            order = seller.sale(n)
            had += is_there(shop.books.owner, order.submission)
            shop.hear(told(seller, n, do(order)))
    return had


def _look(shop: Shop, found: Found) -> None:
    missing = lost(shop.books.owner, shop.sellers, shop.heard)
    found.lost += len(missing)
    found.faults += [*missing, *unsound(shop.books.owner), *shop.books.broken()]


GOAL = Goal(
    name="kill-app",
    promise="kill -9 of the app under 8 sellers: every acknowledged sale there, none by halves",
    run=run,
    quick=20,
    full=500,
)
