"""Where a person can go: one table, in the order in which it is shown, in the office by parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l

from hsh.blueprints.access import may


@dataclass(frozen=True)
class Place:
    """An entry of the navigation. It belongs to a blueprint, whose every page lights it up."""

    endpoint: str
    label: Any
    icon: str
    action: str
    key: str = ""
    """The letter that, after g, leads there in the office."""

    @property
    def address(self) -> str:
        """Where it leads."""
        return url_for(self.endpoint)

    @property
    def is_here(self) -> bool:
        """Whether the page on show belongs to it."""
        return self.endpoint.partition(".")[0] in request.blueprints


@dataclass(frozen=True)
class Part:
    """A part of the office's work, and where it is done."""

    label: Any
    places: tuple[Place, ...]


_PARTS = (
    Part(
        _l("Work"),
        (
            Place("home.today", _l("Today"), "today", "home", key="t"),
            Place("distributions.index", _l("Distributions"), "swap", "distribution.view", key="d"),
            Place("stock.index", _l("Stock"), "stock", "stock.view", key="k"),
            Place("sites.search", _l("Sell"), "receipt", "site.view", key="c"),
            Place("transactions.listing", _l("Sales"), "book", "sale.view", key="s"),
        ),
    ),
    Part(
        _l("Books"),
        (
            Place("reports.index", _l("Reports"), "report", "report.view", key="r"),
            Place("documents.listing", _l("Documents"), "download", "document.view", key="i"),
            Place("approvals.index", _l("Approvals"), "check", "request.approve", key="v"),
            Place("refusals.index", _l("Parked forms"), "warn", "refusal.view", key="f"),
            Place("discrepancies.index", _l("Discrepancies"), "warn", "discrepancy.view", key="x"),
            Place("audit.index", _l("Audit"), "check", "audit.view", key="a"),
        ),
    ),
    Part(
        _l("Set-up"),
        (
            Place("customers.index", _l("Customers"), "building", "customer.view", key="u"),
            Place("prices.index", _l("Prices"), "receipt", "price.view", key="m"),
            Place("registry.index", _l("Registry"), "building", "registry.view", key="g"),
            Place("imports.index", _l("Imports"), "download", "import.bring", key="o"),
            Place("people.index", _l("People"), "people", "people.view", key="p"),
            Place("devices.index", _l("Tablets"), "tablet", "device.view", key="b"),
        ),
    ),
)


def parts() -> list[Part]:
    """Return where the person who is signed in may go, part by part."""
    found = [
        Part(part.label, tuple(place for place in part.places if may(place.action)))
        for part in _PARTS
    ]
    return [part for part in found if part.places]


def register(app: Flask) -> None:
    """Let every page draw the navigation."""
    app.jinja_env.globals["navigation"] = parts
