"""/transactions: what was sold, by day, truck, site and number; and each sale for itself."""

from __future__ import annotations

from typing import Any, override
from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import lists
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.choices import options
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.qr import qr
from hsh.blueprints.render import render
from hsh.blueprints.sales.bill import of_content
from hsh.blueprints.words import PAYMENTS
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.documents import receipt, wording
from hsh.documents.sheets import Kind
from hsh.queries.lists import Source
from hsh.queries.sales import journal
from hsh.services.sales import receipts

bp = Blueprint("transactions", __name__, url_prefix="/transactions")
SEARCH_LENGTH = 60


class FilterForm(DaysForm):
    """Which sales the list shows."""

    source = SelectField(_l("Truck or depot"), default="", validate_choice=True)
    seller = SelectField(_l("Sold by"), default="", validate_choice=True)
    site = TextField(_l("Site"), most=SEARCH_LENGTH, required=False)
    number = TextField(_l("Number"), most=SEARCH_LENGTH, required=False)

    @override
    def offer(self, actor: Actor) -> None:
        """Let the trucks, depots and people be chosen that the person sees."""
        stores = [(str(place.ref), place.name) for place in journal.stores(actor)]
        self.source.choices = options([("", _l("All")), *stores])
        if actor.roles == {Role.DRIVER}:  # who sees nobody else's
            del self.seller
            return
        people = [(str(ref), name) for ref, name in journal.sellers(actor)]
        self.seller.choices = options([("", _l("All")), *people])


def _ask(actor: Actor, form: FilterForm) -> Source:
    wanted = journal.Filter(
        since=form.since.data,
        until=form.until.data,
        seller=UUID(form.seller.data) if form.seller and form.seller.data else None,
        source=UUID(form.source.data) if form.source.data else None,
        site=form.site.data or "",
        number=form.number.data or "",
    )
    return journal.sales(actor, wanted)


def _state(row: Any) -> str:
    if row.voids_id is not None:
        return str(_l("Void"))
    return str(_l("Voided")) if row.void is not None else ""


SALES = lists.serve(
    bp,
    Listing(
        name="sales",
        title=_l("Sales"),
        action="sale.view",
        ask=_ask,
        form=FilterForm,
        empty=_l("No sales yet. A sale begins at its site, under Sell."),
        papers=True,
        columns=(
            Column(
                name="day", label=_l("Day"), kind=Kind.INSTANT,
                says=lambda row: row.confirmed_at,
            ),
            Column(
                name="transaction_number", label=_l("Number"), kind=Kind.CODE,
                link=lambda row: url_for("transactions.one", ref=row.ref),
            ),
            Column(name="number", label=_l("Document"), kind=Kind.CODE, under=True),
            Column(name="site", label=_l("Site")),
            Column(name="customer", label=_l("Customer"), under=True),
            Column(name="source", label=_l("From")),
            Column(
                name="payment_method", label=_l("Payment"),
                says=lambda row: str(PAYMENTS[row.payment_method]),
            ),
            Column(name="net", label=_l("Net"), kind=Kind.MONEY),
            Column(name="tax", label=_l("GST"), kind=Kind.MONEY),
            Column(name="payable", label=_l("Total"), kind=Kind.MONEY),
            Column(
                name="state", label=_l("State"), says=_state,
                tone=lambda row: "stop" if row.void is not None else "wait",
            ),
        ),
    ),
    index="listing",
)  # fmt: skip


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
        history=timeline.of(ref),
        compared=compared,
        title=wording.title(content, _),
        method=wording.method(content["payment"]["method"], _),
        bill=of_content(content),
        qr=qr,
    )
