"""How many bytes a driver's tablet loads on its first visit."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

from flask import Flask, current_app

from bench import books
from bench.browser import Browser
from bench.company import found
from bench.figure import Bars, Figure, alone
from bench.plan import Plan
from hsh.db import db

BARS = Bars(must=46, aim=30)
KB = 1000
_ASSET = re.compile(r"""(?:src|href)="(/[^"#]+\.[a-z0-9]+(?:\?[^"#]*)?)|url\(["']?([^"')#]+)""")


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield the size of the driver's first page with everything that it loads, in gzip."""
    with books.opened(books.sqlite_url(plan.home / "visit.sqlite3"), plan.home):
        [seller] = found()
        db.session.remove()
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        browser = Browser(app, seller.actor.username)
        sizes = _loaded(browser, "/")
        sale = _loaded(browser, f"/sites/{seller.site}/sale")
    largest = sorted(sizes.items(), key=lambda one: -one[1])[:4]
    note = f"{len(sizes)} files: " + ", ".join(f"{path} {size}" for path, size in largest)
    note += f" ...; with the sale's page first {sum(sale.values()) / KB:.1f} KB"
    yield alone("first visit, gzip", sum(sizes.values()) / KB, BARS, unit="KB", note=note)


def _loaded(browser: Browser, page: str) -> dict[str, int]:
    """Return the compressed size of a page and of every file that it names, also indirectly."""
    sizes: dict[str, int] = {}
    waiting = [page, "/sw.js"]
    while waiting:
        path = waiting.pop()
        if path not in sizes:
            body = browser.get(path).data
            sizes[path.split("?")[0]] = len(gzip.compress(body, mtime=0))
            waiting += _named(body, path)
    return sizes


def _named(body: bytes, path: str) -> list[str]:
    """Return what a page or a style sheet names; scripts and pictures name nothing more."""
    if path.split("?", maxsplit=1)[0].endswith((".js", ".svg", ".png")):
        return []
    found = (a or b for a, b in _ASSET.findall(body.decode()))
    return [one for one in found if one.startswith("/")]
