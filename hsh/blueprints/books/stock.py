"""/stock: what is where, by size and condition, now and at any moment before."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from hsh.blueprints.access import allow, may, who
from hsh.blueprints.books.fields import MomentField, SizeField
from hsh.blueprints.fields import needed
from hsh.blueprints.forms import Form
from hsh.blueprints.logistics.fields import RefChoiceField
from hsh.blueprints.render import render
from hsh.blueprints.words import CONDITIONS
from hsh.core.words import Condition, Outside
from hsh.queries.books import stock
from hsh.queries.logistics import places
from hsh.queries.registry import minimums

STATES = (Condition.FULL, Condition.PART, Condition.EMPTY)

bp = Blueprint("stock", __name__, url_prefix="/stock")


class FilterForm(Form):
    """Which place, which size, and when."""

    place = RefChoiceField(_l("Place"), required=False)
    size = SizeField(_l("Size"))
    at = MomentField(_l("At this moment"), validators=needed(required=False))

    def wanted(self) -> stock.Wanted:
        """Return the form as its query wants it."""
        return stock.Wanted(place=self.place.data, size=self.size.data or "", at=self.at.data)


@bp.get("")
@allow("stock.view")
def index() -> tuple[str, int]:
    """Show depots, trucks and what customers hold; a driver their truck and its depot."""
    form = FilterForm(request.args)
    form.place.choices, form.place.blank = stock.stores(who()), _l("All")
    form.size.offer(stock.all_sizes())
    fit = form.validate()
    drawn = render(
        "books/stock/index.html",
        block="stock",
        form=form,
        stock=stock.overview(who(), form.wanted()) if fit else None,
        states=STATES,
        conditions=CONDITIONS,
        short=minimums.below(who()) if may("statement.view") else (),
        supplier=places.outside_refs([Outside.SUPPLIER])[Outside.SUPPLIER],
    )
    return drawn, 200 if fit else 422
