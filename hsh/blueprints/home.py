"""/: what today holds for the person who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, current_app
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from hsh.blueprints import formats
from hsh.blueprints.access import allow, may, who
from hsh.blueprints.books.acts import ACTIONS
from hsh.blueprints.charts import Bar, Chart
from hsh.blueprints.render import render
from hsh.core import clock
from hsh.core.command import Actor
from hsh.queries import scope
from hsh.queries.books import approvals, discrepancies, refusals, verifications
from hsh.queries.logistics import listing, stock
from hsh.queries.registry import devices, meters_due, minimums, people, stores
from hsh.queries.sales import deliveries, takings

bp = Blueprint("home", __name__)
_CHARTED = 30
_KEPT_FIGURES = 5_000


@bp.get("/")
@allow("home")
def today() -> str:
    """Show a driver their truck, and everyone where their work is."""
    day = clock.today()
    trucks = people.trucks_of(who(), day)
    return render(
        "home/today.html",
        block="today",
        day=day,
        trucks=trucks,
        sizes=stock.sizes(),
        shelves=stock.shelves([truck.id for truck in trucks]),
        drafts=listing.open_drafts(who(), until=day) if may("distribution.view") else (),
        asked=approvals.own(who(), clock.now()) if may("request.ask") else (),
        acts=ACTIONS,
        sold=takings.today(who(), day),
        is_new=may("registry.view") and stores.is_new(),
        office=None if current_user.in_the_field else _office(who(), day),
    )


@dataclass(frozen=True, kw_only=True)
class Office:
    """What someone in the office looks at first; None is not theirs to see."""

    moved: deliveries.Deliveries
    loaded: int | None
    """Trucks with cylinders on them."""
    to_approve: int | None
    """Requests that wait for a decision."""
    parked: int | None
    """Forms that wait for a decision."""
    odd: int | None
    """Sales to look into."""
    tablets: int | None
    """Tablets to look after."""
    short: int | None
    """Sizes below their minimum at a depot."""
    meters: int
    """Meters that nobody read for a while."""
    health: verifications.Health | None
    """What verify found last; None: it never ran."""
    is_fresh: bool
    charts: list[Chart]


def _office(actor: Actor, day: date) -> Office:
    return Office(
        moved=deliveries.deliveries(actor, day),
        loaded=stock.loaded(actor, day) if may("stock.view") else None,
        to_approve=approvals.waiting(actor) if may("request.approve") else None,
        parked=refusals.waiting(actor) if may("refusal.view") else None,
        odd=discrepancies.waiting(actor) if may("discrepancy.view") else None,
        tablets=devices.to_look_after(actor, clock.now()) if may("device.view") else None,
        short=len(minimums.below(actor)) if may("stock.view") else None,
        meters=meters_due.count(day),
        health=verifications.latest(),
        is_fresh=not verifications.is_due(clock.now(), after=verifications.FRESH),
        charts=_charts(actor, day),
    )


def _charts(actor: Actor, day: date) -> list[Chart]:
    """Draw the month until ``day``: money and kilograms."""
    figures = [
        (one, _figures(actor, one))
        for one in (day - timedelta(days=back) for back in reversed(range(_CHARTED)))
    ]
    return [
        Chart(
            title=str(_l("Sold in the last 30 days")),
            heads=(_l("Day"), _l("Sold")),
            bars=[
                Bar(label=formats.day(one), value=sold, words=formats.money(sold))
                for one, (sold, _kg) in figures
            ],
        ),
        Chart(
            title=str(_l("Gas delivered in the last 30 days")),
            heads=(_l("Day"), _l("kg")),
            bars=[
                Bar(label=formats.day(one), value=kg, words=f"{formats.exact(kg)} kg")
                for one, (_sold, kg) in figures
            ],
        ),
    ]


def _figures(actor: Actor, day: date) -> tuple[int, Decimal]:
    """Return the cents and kilograms of a day; a day that is over is asked for once.

    The server's clock puts each sale and each void on its own day (law 10): nothing is added to a
    day that is over.
    """
    kept: dict[Any, tuple[int, Decimal]] = current_app.extensions.setdefault("hsh_figures", {})
    whose = () if scope.sees_all(actor) else (actor.id, *scope.depot_ids(actor))
    if (day, whose) not in kept:
        found = takings.payable(actor, day), deliveries.deliveries(actor, day).kg
        if day >= clock.today():
            return found
        if len(kept) >= _KEPT_FIGURES:
            kept.clear()
        kept[day, whose] = found
    return kept[day, whose]
