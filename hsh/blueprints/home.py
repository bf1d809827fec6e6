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
from hsh.blueprints.books.acts import WISHES
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

type Figures = tuple[int, Decimal]
"""Of a day: the cents and the kilograms that were sold."""


@bp.get("/")
@allow("home")
def today() -> str:
    """Show a driver their truck, and everyone where their work is."""
    day = clock.today()
    trucks = people.trucks_of(who(), day)
    sold = takings.today(who(), day)
    return render(
        "home/today.html",
        block="today",
        day=day,
        trucks=trucks,
        sizes=stock.sizes(),
        shelves=stock.shelves([truck.id for truck in trucks]),
        drafts=listing.open_drafts(who(), until=day) if may("distribution.view") else (),
        asked=approvals.own(who(), clock.now()) if may("request.ask") else (),
        wishes=WISHES,
        sold=sold,
        is_new=may("registry.view") and stores.is_new(),
        office=None if current_user.in_the_field else _office(who(), day, sold),
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


def _office(actor: Actor, day: date, sold: takings.Today) -> Office:
    moved = deliveries.deliveries(actor, day)
    return Office(
        moved=moved,
        loaded=stock.loaded(actor, day) if may("stock.view") else None,
        to_approve=approvals.waiting(actor) if may("request.approve") else None,
        parked=refusals.waiting(actor) if may("refusal.view") else None,
        odd=discrepancies.waiting(actor) if may("discrepancy.view") else None,
        tablets=devices.to_look_after(actor, clock.now()) if may("device.view") else None,
        short=len(minimums.below(actor)) if may("stock.view") else None,
        meters=meters_due.count(day),
        health=verifications.latest(),
        is_fresh=not verifications.is_due(clock.now(), after=verifications.FRESH),
        charts=_charts(actor, day, (sold.payable, moved.kg)),
    )


def _charts(actor: Actor, day: date, today: Figures) -> list[Chart]:
    """Draw the month until ``day``: money and kilograms."""
    whose = () if scope.sees_all(actor) else (actor.id, *scope.depot_ids(actor))
    before = [day - timedelta(days=back) for back in reversed(range(1, _CHARTED))]
    figures = [*((one, _figures(actor, whose, one)) for one in before), (day, today)]
    named = [(formats.day(one), *sums) for one, sums in figures]
    return [
        Chart(
            title=str(_l("Sold in the last 30 days")),
            heads=(_l("Day"), _l("Sold")),
            bars=[
                Bar(label=label, value=sold, words=formats.money(sold))
                for label, sold, _kg in named
            ],
        ),
        Chart(
            title=str(_l("Gas delivered in the last 30 days")),
            heads=(_l("Day"), _l("kg")),
            bars=[
                Bar(label=label, value=kg, words=f"{formats.exact(kg)} kg")
                for label, _sold, kg in named
            ],
        ),
    ]


def _figures(actor: Actor, whose: tuple[int, ...], day: date) -> Figures:
    """Return the figures of a day that is over, asked for once for all who see the same.

    The server's clock puts each sale and each void on its own day (law 10): nothing is added to a
    day that is over.
    """
    kept: dict[Any, Figures] = current_app.extensions.setdefault("hsh_figures", {})
    if (day, whose) not in kept:
        if len(kept) >= _KEPT_FIGURES:
            kept.clear()
        kept[day, whose] = takings.payable(actor, day), deliveries.deliveries(actor, day).kg
    return kept[day, whose]
