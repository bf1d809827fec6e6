"""Whether a sale gets slower as the books grow."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice

from flask import Flask, current_app

from bench import books, loader
from bench.figure import Bars, Figure, in_turn
from bench.plan import Plan
from hsh.services.sales.transactions import confirm_sale

BARS = Bars(must=1.2, aim=1.05)
WARM_UP = 20


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield a sale after very many others against a sale after few, on SQLite."""
    with ExitStack() as stack:
        few = _selling(plan, plan.small, stack)
        many = _selling(plan, plan.large, stack)
        for sell in (few, many):
            sell(WARM_UP)
        pairs = in_turn(plan.pairs, lambda: many(plan.sales), lambda: few(plan.sales))
        books.prove(plan.home)
    name = f"ms a sale after {plan.large:,} / after {plan.small:,}"
    yield pairs.figure(name, BARS, unit="ms")


def _selling(plan: Plan, transactions: int, stack: ExitStack) -> Callable[[int], float]:
    """Open books of so many transactions; return how long a sale takes in them, in ms."""
    sellers = stack.enter_context(loader.opened(plan, transactions))
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    sales = sellers[0].sales()

    def sell(count: int) -> float:
        ready = list(islice(sales, count))
        with app.app_context():
            began = time.perf_counter()
            for sale in ready:
                confirm_sale(sale)
            return (time.perf_counter() - began) / count * 1000

    return sell
