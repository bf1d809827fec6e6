"""Sales a second through the service, against the same rows written by the bare driver."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice

from bench import books, floor
from bench.company import Seller, found
from bench.figure import Bars, Figure, in_turn
from bench.plan import Plan
from hsh.services.sales.transactions import confirm_sale

SQLITE = Bars(must=0.25, aim=0.45, more_is_better=True)
MARIADB = Bars(must=0.50, aim=0.80, more_is_better=True)
WARM_UP = 20


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield the figures of one seller on SQLite and on MariaDB."""
    yield on_sqlite(plan)
    with books.mariadb(plan.home) as server:
        yield on_mariadb(plan, server)


def on_sqlite(plan: Plan) -> Figure:
    """Sell into one file, repeat the rows in a copy of it as it was before."""
    file = plan.home / "ours.sqlite3"
    url, copy = books.sqlite_url(file), plan.home / "floor.sqlite3"
    with books.opened(url, plan.home):
        [seller] = found()
        books.copied(file, copy)
        name = "sales/s, SQLite, 1 writer"
        return _compare(name, SQLITE, plan, seller, url, books.sqlite_url(copy))


def on_mariadb(plan: Plan, server: books.Server) -> Figure:
    """Sell into one database, repeat the rows in another that began the same."""
    ours, repeated = server.database("ours"), server.database("floor")
    with books.opened(ours, plan.home):
        [seller] = found()
        with books.opened(repeated, plan.home):
            pass
        copy(ours, repeated)
        name = "sales/s, MariaDB, 1 client"
        return _compare(name, MARIADB, plan, seller, ours, repeated)


def _compare(name: str, bars: Bars, plan: Plan, seller: Seller, ours: str, repeated: str) -> Figure:
    sides = floor.Bare(ours), floor.Bare(repeated)
    sales = seller.sales()
    for sale in islice(sales, WARM_UP):
        confirm_sale(sale)
    sides[1].write(floor.sales_since(sides[0], floor.newest(sides[1])))

    def through_the_service() -> float:
        ready = list(islice(sales, plan.sales))
        began = time.perf_counter()
        for sale in ready:
            confirm_sale(sale)
        return plan.sales / (time.perf_counter() - began)

    def by_the_driver() -> float:
        ready = floor.sales_since(sides[0], floor.newest(sides[1]))
        began = time.perf_counter()
        sides[1].write(ready)
        return len(ready) / (time.perf_counter() - began)

    pairs = in_turn(plan.pairs, through_the_service, by_the_driver)
    floor.require_equal(*sides)
    for side in sides:
        side.close()
    books.prove(plan.home)
    return pairs.figure(name, bars, unit="/s")


def copy(ours: str, to: str) -> None:
    """Give the floor's database the rows that ours begins with."""
    source, target = floor.Bare(ours), floor.Bare(to)
    floor.copy_rows(source, target)
    source.close()
    target.close()
