"""What a driver waits for on a slow tablet, without a network and when it is back."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from flask import Flask, current_app
from playwright.sync_api import Page
from sqlalchemy import select

from bench import books, lighthouse, server, tablet
from bench.browser import Browser
from bench.company import SIZE, Seller, found
from bench.figure import Bars, Figure, NotCountedError, alone
from bench.plan import Plan
from hsh.db import db
from hsh.models.sales import Transaction

SAVED = Bars(must=300, aim=150)
SENT = Bars(must=5, aim=2)
START = Bars(must=1.5, aim=1)
SCRIPTS = Bars(must=40, aim=30)
TAPS = Bars(must=8, aim=5)
MARKS = {
    "performance": Bars(must=95, aim=100, more_is_better=True),
    "accessibility": Bars(must=100, aim=100, more_is_better=True),
    "best-practices": Bars(must=95, aim=100, more_is_better=True),
}
STARTS = 5
KB = 1000
_OF_A_HUNDRED = 0.95
_SLOW = f"CPU slowed down {tablet.SLOWDOWN} times"

_WATCH = """() => {
  self.took = new Promise((done) => {
    let tapped;
    const note = (event) => { tapped = event.timeStamp; };
    document.addEventListener("click", note, { capture: true, once: true });
    new MutationObserver((_, watch) => {
      if (!document.querySelector("#saved h1")) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - tapped)));
    }).observe(document.body, { childList: true, subtree: true });
  });
}"""
"""From the tap until "Saved on this tablet" is painted."""
_USABLE = """async () => document.readyState === "complete" && Boolean(self.hsh?.flush)
    && document.querySelector("#main h1")?.checkVisibility()"""
_ACTS = "async () => (await self.hsh.store.all()).map((one) => [one.client_temp_id, one.state])"
_ALL_SENT = """async () => (await self.hsh.store.all()).every((item) => item.state === "sent")"""


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield what is told of a driver's tablet in real Chromium."""
    file = plan.home / "field.sqlite3"
    with ExitStack() as stack, books.opened(books.sqlite_url(file), plan.home):
        [seller] = found()
        db.session.remove()
        environ = server.settings(file, plan.home)
        running = stack.enter_context(server.started(environ, workers=1))
        address = "http://{}:{}".format(*running.address)
        with tablet.tablet(address, plan.home) as one:
            with one.on() as page:
                tablet.sign_in(page, seller.actor.username)
                yield from _queue(page, seller, max(plan.queue // 10, 3))
                yield _taps(page, seller)
                cookie = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())
            yield from _marks(address, seller, cookie)
            stack.close()  # no server, and no network either
            yield _cold_start(one)
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        yield _scripts(Browser(app, seller.actor.username))
        books.prove(plan.home)


def _queue(page: Page, seller: Seller, sales: int) -> Iterator[Figure]:
    """Sell without a network, then let it come back; every sale is in the books, once, in order."""
    site = f"/sites/{seller.site}/sale"
    before = len(_sold())
    page.context.set_offline(True)
    waits = sorted(_tap(page, site) for _ in range(sales))
    acts = page.evaluate(_ACTS)
    if [state for _, state in acts] != ["waiting"] * sales:
        raise NotCountedError(f"not all is saved: {acts}")
    began = time.perf_counter()
    page.context.set_offline(False)
    tablet.until(page, _ALL_SENT)
    took = time.perf_counter() - began
    if [uuid for uuid, _ in acts] != _sold()[before:]:
        raise NotCountedError("what was sent is not in the books once and in order")
    saved = waits[int((len(waits) - 1) * _OF_A_HUNDRED)]
    note = f"p95 of {sales}, {_SLOW}; median {median(waits):.0f} ms, longest {waits[-1]:.0f} ms"
    yield alone('tap to "Saved on this tablet", offline', saved, SAVED, unit="ms", note=note)
    yield alone(f"{sales} waiting sales sent after reconnect", took, SENT, unit="s", note=_SLOW)


def _tap(page: Page, site: str) -> float:
    page.goto(site)
    page.fill(f"[name='delivery-{SIZE}']", "1")
    page.evaluate(_WATCH)
    page.locator("#visit button.primary").tap()
    return float(page.evaluate("() => self.took"))


def _sold() -> list[str]:
    """Return the refs of all sales in the books, in the order in which they were numbered."""
    refs = db.session.scalars(select(Transaction.ref).order_by(Transaction.id)).all()
    db.session.rollback()
    return [str(ref) for ref in refs]


def _taps(page: Page, seller: Seller) -> Figure:
    """Sell one size again, from the site's page until its slip goes to the printer."""
    before, taps = len(_sold()), 0
    page.goto(f"/sites/{seller.site}")
    for name in ("Sell here", "Same as last time", "Confirm, ", "Print receipt"):
        main = page.locator("main")
        links, buttons = (main.get_by_role(role, name=name) for role in ("link", "button"))
        links.or_(buttons).first.tap()
        taps += 1
    page.locator("#printing").wait_for()
    if len(_sold()) != before + 1:
        raise NotCountedError("the repeat sale is not in the books")
    return alone("taps for a repeat sale, from its page to the slip", taps, TAPS, unit="taps")


def _marks(address: str, seller: Seller, cookie: str) -> Iterator[Figure]:
    """Let Lighthouse look at the pages of a driver; the worst page counts."""
    pages = (
        "/", "/distributions", "/distributions/plan?way=load", "/sites",
        f"/sites/{seller.site}", f"/sites/{seller.site}/sale", f"/transactions/{_sold()[-1]}",
        "/pending",
    )  # fmt: skip
    marks = lighthouse.marks(address, pages, cookie)
    for name, bars in MARKS.items():
        worst = min(pages, key=lambda page: marks[page][name])
        note = ", ".join(
            f"{page.split('/')[-1][:8] or 'today'} {marks[page][name]:.0f}" for page in pages
        )
        yield alone(f"Lighthouse, {name}", marks[worst][name], bars, unit="of 100", note=note)


def _cold_start(one: tablet.Tablet) -> Figure:
    """Open the installed app in a browser that was closed, with no server and no network."""
    waits = []
    for _ in range(STARTS):
        with one.on(offline=True) as page:
            began = time.perf_counter()
            page.goto("/", wait_until="commit")
            tablet.until(page, _USABLE)
            waits.append(time.perf_counter() - began)
            page.get_by_text("No network. This is how it was at").wait_for()
    note = f"median of {STARTS}, longest {max(waits):.2f} s, {_SLOW}; until Today is there"
    return alone("offline cold start", median(waits), START, unit="s", note=note)


def _scripts(browser: Browser) -> Figure:
    """Weigh every script that a driver's tablet keeps, as it is sent, htmx and the worker too."""
    worker = browser.get("/sw.js").data.decode()
    shell = json.loads(worker.partition("self.SHELL = ")[2].partition(";\n")[0])
    names = ["/sw.js", *(name for name in shell["assets"] if ".js" in name)]
    size = sum(len(gzip.compress(browser.get(name).data, mtime=0)) for name in names)
    note = f"{len(names)} files, also those that few pages load"
    return alone("JavaScript with htmx, gzip", size / KB, SCRIPTS, unit="KB", note=note)
