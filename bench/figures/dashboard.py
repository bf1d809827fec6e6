"""How long the office waits for its page of today, beside a page that shows fifty rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice

from flask import Flask, current_app, render_template_string

from bench import books, floor, loader
from bench.browser import Browser
from bench.company import Seller
from bench.figure import Bars, Figure, NotCountedError, in_turn
from bench.plan import Plan
from hsh.blueprints import formats
from hsh.cli.demo.company import SUPERVISOR
from hsh.core import clock
from hsh.db import db
from hsh.services.sales.transactions import confirm_sale

BARS = Bars(must=3, aim=2)
REQUESTS = 100
CHARTED = 30
_OF_A_HUNDRED = 0.95
_FIFTY = (
    "SELECT d.transaction_number, t.confirmed_at, s.name, p.name, t.payment_method, t.net, t.tax,"
    " t.payable FROM transactions t JOIN documents d ON d.transaction_id = t.id"
    " JOIN places s ON s.id = t.site_id JOIN places p ON p.id = t.source_id"
    " ORDER BY t.confirmed_on DESC, t.id DESC LIMIT 50"
)
_PAGE = """<!doctype html><html lang="en"><title>Sales</title><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></html>"""
_DAYS = "SELECT confirmed_on, sum(payable) FROM transactions WHERE confirmed_on > ? GROUP BY 1"


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield p95 of the supervisor's first page against p95 of the floor, in large books."""
    with loader.opened(plan, plan.large) as sellers:
        _sell(sellers, plan.sales)
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        bare = floor.Bare(books.sqlite_url(loader.file_of(plan, plan.large)))
        browser = Browser(app, SUPERVISOR)
        began = time.perf_counter()
        _require_right(browser, bare)
        first = (time.perf_counter() - began) * 1000
        plain = _plain(bare)
        ours = _timed(lambda: browser.get("/"))
        least = _timed(lambda: plain.get("/"))
        ours(), least()
        pairs = in_turn(plan.pairs, ours, least)
        listed = _timed(lambda: browser.get("/transactions"))()
        bare.close()
        books.prove(plan.home)
    note = (
        f"{plan.large:,} sales; the first of a process, which sums the month, {first:.0f} ms;"
        f" p95 of our own list of fifty sales {listed:.0f} ms"
    )
    yield pairs.figure("p95 of the office's Today / of 50 rows", BARS, unit="ms", note=note)


def _sell(sellers: list[Seller], sales: int) -> None:
    """Sell so often today: the page is about today."""
    for seller in sellers:
        for sale in islice(seller.sales(), -(-sales // len(sellers))):
            confirm_sale(sale)
    db.session.remove()


def _plain(bare: floor.Bare) -> Browser:
    """Return a browser at the least app that shows fifty rows of the same books."""
    app = Flask("floor")

    @app.get("/")
    def fifty() -> str:
        rows = bare.rows(_FIFTY)
        bare.let_go()
        return render_template_string(_PAGE, rows=rows)

    return Browser(app)


def _timed(ask: Callable[[], object]) -> Callable[[], float]:
    """Return what asks many times and tells the p95 in ms."""

    def p95() -> float:
        waited = []
        for _ in range(REQUESTS):
            began = time.perf_counter()
            ask()
            waited.append((time.perf_counter() - began) * 1000)
        return sorted(waited)[int(REQUESTS * _OF_A_HUNDRED)]

    return p95


def _require_right(browser: Browser, bare: floor.Bare) -> None:
    """Require that the page says what the bare driver adds up, for each day that it charts.

    Raises:
        NotCountedError: a day's sum is not there.

    """
    page = browser.get("/").text
    since = clock.today() - timedelta(days=CHARTED)
    sums = bare.rows(_DAYS, [since.isoformat()])
    bare.let_go()
    with current_app.test_request_context():
        for day, cents in sums:
            for words in (formats.day(date.fromisoformat(day)), formats.money(cents)):
                if words not in page:
                    raise NotCountedError(f"the page of today does not say {words} for {day}")
