"""/transactions: what was sold, by day, truck, site and number; and each sale for itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints.access import allow, who
from hsh.blueprints.choices import options
from hsh.blueprints.fields import DayField, TextField
from hsh.blueprints.forms import Form
from hsh.blueprints.render import render
from hsh.blueprints.sales.bill import of_content
from hsh.blueprints.sales.qr import qr
from hsh.documents import receipt, wording
from hsh.queries.keyset import Page
from hsh.queries.sales import journal
from hsh.services.sales import receipts

bp = Blueprint("transactions", __name__, url_prefix="/transactions")
SEARCH_LENGTH = 60


class FilterForm(Form):
    """Which sales the list shows."""

    since = DayField(_l("From"), required=False)
    until = DayField(_l("To"), required=False)
    source = SelectField(_l("Truck or depot"), default="", validate_choice=True)
    site = TextField(_l("Site"), most=SEARCH_LENGTH, required=False)
    number = TextField(_l("Number"), most=SEARCH_LENGTH, required=False)

    def filter(self) -> journal.Filter:
        """Return the form as its query wants it."""
        return journal.Filter(
            since=self.since.data,
            until=self.until.data,
            source=UUID(self.source.data) if self.source.data else None,
            site=self.site.data or "",
            number=self.number.data or "",
        )


@bp.get("")
@allow("sale.view")
def listing() -> tuple[str, int]:
    """Show the sales that a person may see, newest first."""
    form = FilterForm(request.args)
    stores = [(str(place.ref), place.name) for place in journal.stores(who())]
    form.source.choices = options([("", _("All")), *stores])
    fit = form.validate()
    page = journal.sales(who(), form.filter(), request.args.get("page", "")) if fit else None
    drawn = render(
        "sales/transactions/list.html",
        block="sales",
        form=form,
        page=page,
        pages=neighbours(".listing", page),
    )
    return drawn, 200 if fit else 422


@bp.get("/<uuid:ref>")
@allow("sale.view")
def one(ref: UUID) -> str:
    """Show one sale: its numbers, what it says, its receipt, and its void."""
    return draw(ref)


def draw(ref: UUID, *, compared: bool | None = None) -> str:
    """Draw the page of a sale. ``compared``: whether its PDF came out the same again."""
    page = journal.sale_page(who(), ref)
    slip = receipts.look(who(), ref)
    content = slip.content
    return render(
        "sales/transactions/transaction.html",
        block="transaction",
        page=page,
        content=content,
        slip=receipt.preview(content, numbers=slip.numbers, anchor=slip.anchor, copy=slip.copy),
        copy=slip.copy,
        own=page.sale.seller_id == who().id,
        compared=compared,
        title=wording.title(content, _),
        method=wording.method(content["payment"]["method"], _),
        bill=of_content(content),
        qr=qr,
    )


def neighbours(endpoint: str, page: Page | None) -> dict[str, str | None]:
    """Return the addresses of the pages beside ``page``, with the same filter."""
    if page is None:
        return {}
    return {"older": _beside(endpoint, page.older), "newer": _beside(endpoint, page.newer)}


def _beside(endpoint: str, cursor: str | None) -> str | None:
    if not cursor:
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value}
    return url_for(endpoint, **(kept | {"page": cursor}))
