"""/stock/places/<ref>: a place's statement; /stock/customers: who holds our cylinders."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints.access import allow, who
from hsh.blueprints.books.fields import SizeField
from hsh.blueprints.choices import options
from hsh.blueprints.fields import DayField, RefField, TextField
from hsh.blueprints.forms import Form
from hsh.blueprints.render import render
from hsh.blueprints.words import CONDITIONS, MOVES
from hsh.core.words import Condition
from hsh.queries.books import holders, statement, stock
from hsh.queries.logistics.stock import Size

bp = Blueprint("statements", __name__, url_prefix="/stock")
SEARCH_LENGTH = 60


class StatementForm(Form):
    """Which moves of the place are shown."""

    since = DayField(_l("From"), required=False)
    until = DayField(_l("To"), required=False)
    size = SizeField(_l("Size"))
    state = SelectField(
        _l("Condition"), default="", choices=options([("", _l("All")), *CONDITIONS.items()])
    )

    def wanted(self) -> statement.Filter:
        """Return the form as its query wants it."""
        return statement.Filter(
            since=self.since.data,
            until=self.until.data,
            size=self.size.data or "",
            state=Condition(self.state.data) if self.state.data else None,
        )


class HoldersForm(Form):
    """Which customers are shown."""

    q = TextField(_l("Customer"), most=SEARCH_LENGTH, required=False)
    size = SizeField(_l("Size"))
    after = RefField(required=False)


@bp.get("/places/<uuid:ref>")
@allow("statement.view")
def place(ref: UUID) -> tuple[str, int]:
    """Show everything that came to a place and left it, each time with what was there then."""
    found = statement.one(who(), ref)
    form = StatementForm(request.args)
    form.size.offer(stock.all_sizes())
    fit = form.validate()
    cursor = request.args.get("page", "")
    page = statement.statement(who(), ref, form.wanted(), cursor) if fit else None
    drawn = render(
        "books/stock/place.html",
        block="statement",
        form=form,
        place=found,
        page=page,
        kinds=MOVES,
        conditions=CONDITIONS,
        before=_beside(ref, page.before if page else None),
        after=_beside(ref, page.after if page else None),
    )
    return drawn, 200 if fit else 422


@bp.get("/customers")
@allow("holder.view")
def customers() -> tuple[str, int]:
    """List the customers who hold cylinders, by name."""
    form = HoldersForm(request.args)
    sizes = [size for size in stock.all_sizes() if not size.is_accessory]
    form.size.offer(sizes)
    fit = form.validate()
    page = None
    if fit:
        page = holders.holders(form.q.data or "", form.size.data or "", after=form.after.data)
    drawn = render(
        "books/stock/customers.html",
        block="holders",
        form=form,
        page=page,
        sizes=sizes,
        columns=[_("Customer"), *_counted(sizes), (_("Sites"), "number")],
    )
    return drawn, 200 if fit else 422


@bp.get("/customers/<uuid:ref>")
@allow("holder.view")
def customer(ref: UUID) -> str:
    """Show at which sites a customer holds what."""
    name, sites = holders.customer(ref)
    sizes = [size for size in stock.all_sizes() if not size.is_accessory]
    return render(
        "books/stock/customer.html",
        block="holder",
        name=name,
        sites=sites,
        sizes=sizes,
        columns=[_("Site"), *_counted(sizes)],
    )


def _counted(sizes: list[Size]) -> list[tuple[Any, str]]:
    return [*((size.name, "number") for size in sizes), (_l("In all"), "number")]


def _beside(ref: UUID, cursor: str | None) -> str | None:
    """Return the address of the page that ``cursor`` leads to, with the same filter."""
    if not cursor:
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value}
    return url_for(".place", **(kept | {"ref": ref, "page": cursor}))
