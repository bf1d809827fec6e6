"""/: what today holds for the person who is signed in."""

from __future__ import annotations

from flask import Blueprint

from hsh.blueprints.access import allow, may, who
from hsh.blueprints.render import render
from hsh.core import clock
from hsh.queries.logistics import listing, stock
from hsh.queries.registry import people
from hsh.queries.sales import takings

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
    )
