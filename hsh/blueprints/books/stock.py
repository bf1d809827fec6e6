"""/stock: what is where, by size and condition."""

from __future__ import annotations

from flask import Blueprint

from hsh.blueprints.access import allow, who
from hsh.blueprints.render import render
from hsh.core.words import Condition
from hsh.queries.books.stock import overview

_STATES = (Condition.FULL, Condition.PART, Condition.EMPTY)

bp = Blueprint("stock", __name__, url_prefix="/stock")


@bp.get("")
@allow("stock.view")
def index() -> str:
    """Show depots, trucks and what customers hold; a driver their truck and its depot."""
    return render("books/stock.html", block="stock", stock=overview(who()), states=_STATES)
