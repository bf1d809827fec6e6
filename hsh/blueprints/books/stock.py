"""/stock: what is where, by size and condition, now and at any moment before."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints.access import allow, may, who
from hsh.blueprints.books.fields import MomentField, SizeField
from hsh.blueprints.choices import options
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
HEADS = {
    Condition.FULL: _l("Full"),
    Condition.PART: _l("Part"),
    Condition.EMPTY: _l("Empty"),
}

bp = Blueprint("stock", __name__, url_prefix="/stock")


class FilterForm(Form):
    """Which place, which size, in which condition, and when."""

    place = RefChoiceField(_l("Place"), required=False)
    size = SizeField(_l("Size"))
    state = SelectField(
        _l("Condition"), default="",
        choices=options([("", _l("All")), *((state, CONDITIONS[state]) for state in STATES)]),
    )  # fmt: skip
    at = MomentField(_l("At this moment"), validators=needed(required=False))

    def wanted(self) -> stock.Wanted:
        """Return the form as its query wants it."""
        return stock.Wanted(
            place=self.place.data,
            size=self.size.data or "",
            state=Condition(self.state.data) if self.state.data else None,
            at=self.at.data,
        )


@bp.get("")
@allow("stock.view")
def index() -> tuple[str, int]:
    """Show depots, trucks and what customers hold; a driver their truck and its depot."""
    form = FilterForm(request.args)
    form.place.choices, form.place.blank = stock.stores(who()), _l("All")
    form.size.offer(stock.all_sizes())
    fit = form.validate()
    states = [state for state in STATES if form.state.data in {"", state}]
    drawn = render(
        "books/stock/index.html",
        block="stock",
        form=form,
        stock=stock.overview(who(), form.wanted()) if fit else None,
        states=states,
        heads=HEADS,
        columns=[_l("Size"), *((HEADS[state], "number") for state in states)],
        conditions=CONDITIONS,
        short=minimums.below(who()) if may("statement.view") else (),
        supplier=places.outside_refs([Outside.SUPPLIER])[Outside.SUPPLIER],
    )
    return drawn, 200 if fit else 422
