"""/prices: what each list, customer and site pays, from which day, and changes of many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hsh.blueprints import lists, toasts
from hsh.blueprints.access import allow
from hsh.blueprints.books import timeline
from hsh.blueprints.books.timeline import Timeline
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import FilterForm as Filters
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.registry.price_forms import (
    ChangeForm,
    PriceForm,
    PriceListForm,
    WishForm,
    WithdrawForm,
    item_name,
)
from hsh.blueprints.render import moved, render
from hsh.core import clock
from hsh.core.refusals import Refusal
from hsh.core.words import RateScope
from hsh.documents.sheets import Kind
from hsh.models.registry import PriceList, Rate
from hsh.queries.registry import price_changes, prices
from hsh.queries.registry.price_changes import Preview
from hsh.queries.registry.prices import Owner, Price, State
from hsh.services.registry import prices as service
from hsh.services.registry import records

bp = Blueprint("prices", __name__, url_prefix="/prices")
_MOST_PRICES = 100
_WHOSE = f"/<any({', '.join(RateScope)}):scope>/<of>"


def _whose_page(made: toasts.Made) -> str:
    return url_for("prices.whose", scope=made.parts["scope"], of=made.parts["of"])


def _prices(made: toasts.Made) -> list[Price]:
    whose = prices.owner(RateScope(made.parts["scope"]), made.parts["of"])
    return prices.prices(whose, clock.today())


def _set(made: toasts.Made) -> toasts.Toast:
    """Tell of a price that was set; one that has not begun can be withdrawn."""
    item, day = made.form.item.data, made.form.starts_on.data
    new = next(
        one
        for one in _prices(made)
        if (one.item.key, one.starts_on) == (item, day) and one.state != State.WITHDRAWN
    )
    undo = None
    if new.state == State.COMING:
        undo = toasts.Undo(address=url_for("prices.withdraw", **made.parts, rate=new.id))
    return toasts.Toast(
        words=_l("The price of %(thing)s is set."),
        thing=item_name(new.item),
        address=_whose_page(made),
        undo=undo,
    )


def _withdrawn(made: toasts.Made) -> toasts.Toast:
    """Tell of a price that was withdrawn; it can be set again."""
    gone = next((one for one in _prices(made) if one.id == made.parts["rate"]), None)
    fields = gone and {
        "item": gone.item.key,
        "amount": f"{gone.amount:f}",
        "starts_on": gone.starts_on.isoformat(),
    }
    of = {"scope": made.parts["scope"], "of": made.parts["of"]}
    return toasts.Toast(
        words=_l("The price of %(thing)s is withdrawn."),
        thing=item_name(gone.item) if gone else _("what is not sold any more"),
        address=_whose_page(made),
        undo=toasts.Undo(address=url_for("prices.set_one", **of), fields=fields)
        if fields
        else None,
    )


def _changed(made: toasts.Made) -> toasts.Toast:
    return toasts.Toast(
        words=_l("%(thing)s are changed, as they were shown."),
        thing=_("The prices"),
        address=url_for(
            "prices.whose", scope=RateScope.PRICE_LIST.value, of=made.form.price_list.data
        ),
    )


def _listed(made: toasts.Made) -> toasts.Toast:
    code = (made.form.code.data or "").upper()
    return toasts.Toast(
        words=_l("Price list %(thing)s is added. It has no prices yet."),
        thing=made.form.name.data,
        address=url_for("prices.whose", scope=RateScope.PRICE_LIST.value, of=code),
    )


ops.enter(
    "price_list.add", form=PriceListForm, service=service.add_price_list,
    endpoint="prices.add_list", says=_listed,
)  # fmt: skip
ops.enter(
    "rate.set",
    form=PriceForm,
    service=service.set_price,
    endpoint="prices.set_one",
    names={"scope": "scope", "of": "of"},
    says=_set,
)
ops.enter(
    "rate.withdraw",
    form=WithdrawForm,
    service=service.withdraw_price,
    endpoint="prices.withdraw",
    names={"rate": "rate"},
    says=_withdrawn,
)
ops.enter(
    "price.change", form=ChangeForm, service=service.change_prices, endpoint="prices.commit",
    says=_changed,
)  # fmt: skip


class FilterForm(Filters):
    """Which customers the list shows."""

    q = TextField(_l("Customer"), most=60, required=False)


OWN = lists.serve(
    bp,
    Listing(
        name="own-prices",
        title=_l("Customers with prices of their own"),
        action="price.view",
        ask=lambda _actor, form: prices.own_prices(form.q.data or ""),
        form=FilterForm,
        empty=_l(
            "All pay by their price list. A customer's own prices are set on the customer's page."
        ),
        template="registry/prices/index.html",
        beside=lambda: {"form": PriceListForm(), "price_lists": prices.lists()},
        columns=(
            Column(
                name="name", label=_l("Customer"),
                link=lambda row: url_for("prices.whose", scope="customer", of=row.ref),
            ),
            Column(name="prices", label=_l("Prices"), kind=Kind.COUNT),
        ),
    ),
)  # fmt: skip


@bp.post("/lists")
@allow("price_list.add")
def add_list() -> ResponseReturnValue:
    """Begin a price list."""
    form = PriceListForm.sent()
    ops.perform("price_list.add", form, redraw=lambda: lists.draw(OWN, form=form))
    return moved(whose, scope=RateScope.PRICE_LIST.value, of=(form.code.data or "").upper())


@bp.get(_WHOSE)
@allow("price.view")
def whose(scope: str, of: str) -> str:
    """Show every price of a list, a customer or a site, and when it holds."""
    return _page(scope, of, PriceForm(starts_on=clock.today()).offering())


@bp.post(f"{_WHOSE}/set")
@allow("rate.set")
def set_one(scope: str, of: str) -> ResponseReturnValue:
    """Set one price from a day on."""
    form = PriceForm.sent().offering()
    ops.perform("rate.set", form, redraw=lambda: _page(scope, of, form))
    return moved(whose, scope=scope, of=of)


@bp.post(f"{_WHOSE}/<int:rate>/withdraw")
@allow("rate.withdraw")
def withdraw(scope: str, of: str, rate: int) -> ResponseReturnValue:
    """Withdraw a price that has not begun."""
    prices.check_is_of(prices.owner(RateScope(scope), of), rate)
    ops.perform("rate.withdraw", WithdrawForm.sent())
    return moved(whose, scope=scope, of=of)


@bp.get("/change")
@allow("price.change")
def change() -> ResponseReturnValue:
    """Ask what is to change; with an answer in the address, show who would pay what."""
    if not request.args:
        return _change(WishForm(starts_on=clock.today()).offering(), None)
    form = WishForm(request.args).offering()
    preview = _preview(form) if form.validate() else None
    return _change(form, preview), 200 if preview else 422


@bp.post("/change")
@allow("price.change")
def commit() -> ResponseReturnValue:
    """Set exactly the prices that were shown."""
    form = ChangeForm.sent().offering()
    ops.perform("price.change", form, redraw=lambda: _change(form, _fresh(form)))
    return moved(
        whose, scope=RateScope.PRICE_LIST.value, of=form.price_list.data
    )  # fmt: skip


def _fresh(form: ChangeForm) -> Preview | None:
    """Return what the form would do now; what is wrong stands in the form already."""
    if any(form[name].errors for name in WishForm()._fields):
        return None
    try:
        return price_changes.preview(form.wish(), clock.today())
    except Refusal:
        return None


def _preview(form: WishForm) -> Preview | None:
    try:
        return price_changes.preview(form.wish(), clock.today())
    except Refusal as no:
        form.refuse(no)
        return None


def _page(scope: str, of: str, form: PriceForm) -> str:
    owner = prices.owner(RateScope(scope), of)
    rows = prices.prices(owner, clock.today())
    return render(
        "registry/prices/whose.html",
        block="prices",
        owner=owner,
        rows=rows,
        history=_history(owner, rows),
        form=form,
        item_name=item_name,
        states=State,
    )


def _history(owner: Owner, rows: Sequence[Price]) -> Timeline | None:
    """Return what happened to the newest of the prices, and to the list that they are of."""
    newest = sorted(rows, key=lambda row: row.id, reverse=True)[:_MOST_PRICES]
    whose = owner.scope, owner.id
    refs = [
        records.ref_of(Rate.__tablename__, *whose, *row.item.what, row.starts_on) for row in newest
    ]
    if owner.scope == RateScope.PRICE_LIST:
        refs.insert(0, records.ref_of(PriceList.__tablename__, owner.of))
    return timeline.of(*dict.fromkeys(refs), action="rate.set") if refs else None


def _change(form: WishForm, preview: Preview | None) -> str:
    said: dict[str, Any] = {"form": form, "preview": preview, "item_name": item_name}
    return render("registry/prices/change.html", block="change", **said)
