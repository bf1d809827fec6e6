"""/: what today holds for the person who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint
from flask_login import current_user

from hsh.blueprints.access import allow, may, who
from hsh.blueprints.render import render
from hsh.core import clock
from hsh.core.command import Actor
from hsh.queries.books import discrepancies, refusals
from hsh.queries.logistics import listing, stock
from hsh.queries.registry import devices, people
from hsh.queries.sales import deliveries, takings

bp = Blueprint("home", __name__)


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
        sold=takings.today(who(), day),
        office=None if current_user.in_the_field else _office(who(), day),
    )


@dataclass(frozen=True, kw_only=True)
class Office:
    """What someone in the office looks at first; None is not theirs to see."""

    moved: deliveries.Deliveries
    loaded: int | None
    """Trucks with cylinders on them."""
    parked: int | None
    """Forms that wait for a decision."""
    odd: int | None
    """Sales to look into."""
    tablets: int | None
    """Tablets to look after."""


def _office(actor: Actor, day: date) -> Office:
    return Office(
        moved=deliveries.deliveries(actor, day),
        loaded=stock.loaded(actor, day) if may("stock.view") else None,
        parked=refusals.waiting(actor) if may("refusal.view") else None,
        odd=discrepancies.waiting(actor) if may("discrepancy.view") else None,
        tablets=devices.to_look_after(actor, clock.now()) if may("device.view") else None,
    )
