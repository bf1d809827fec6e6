"""Where a person can go: one table, in the order in which it is shown."""

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
        return self.endpoint.partition(".")[0] == request.blueprint


_PLACES = (
    Place("home.today", _l("Today"), "today", "home", key="t"),
    Place("distributions.index", _l("Distributions"), "swap", "distribution.view", key="d"),
    Place("stock.index", _l("Stock"), "stock", "stock.view", key="k"),
    Place("sites.search", _l("Sell"), "receipt", "site.view", key="c"),
    Place("transactions.listing", _l("Sales"), "book", "sale.view", key="s"),
    Place("documents.listing", _l("Documents"), "download", "document.view", key="i"),
    Place("reports.index", _l("Reports"), "report", "report.view", key="r"),
    Place("refusals.index", _l("Parked forms"), "warn", "refusal.view", key="f"),
    Place("devices.index", _l("Tablets"), "tablet", "device.view", key="b"),
    Place("discrepancies.index", _l("Discrepancies"), "warn", "discrepancy.view", key="x"),
    Place("customers.index", _l("Customers"), "building", "customer.view", key="u"),
    Place("prices.index", _l("Prices"), "receipt", "price.view", key="m"),
    Place("people.index", _l("People"), "people", "people.view", key="p"),
    Place("audit.index", _l("Audit"), "check", "audit.view", key="a"),
)


def places() -> list[Place]:
    """Return what the person who is signed in may go to."""
    return [place for place in _PLACES if may(place.action)]


def register(app: Flask) -> None:
    """Let every page draw the navigation."""
    app.jinja_env.globals["navigation"] = places
