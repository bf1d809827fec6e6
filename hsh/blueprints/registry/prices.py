"""/prices: what each list, customer and site pays, from which day, and changes of many at once."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from hsh.blueprints.access import allow
from hsh.blueprints.device import ops
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
from hsh.queries.registry import price_changes, prices
from hsh.queries.registry.price_changes import Preview
from hsh.queries.registry.prices import State
from hsh.services.registry import prices as service

bp = Blueprint("prices", __name__, url_prefix="/prices")
_ID = re.compile(r"[0-9]{1,15}", re.ASCII)
_WHOSE = f"/<any({', '.join(RateScope)}):scope>/<of>"

ops.enter(
    "price_list.add", form=PriceListForm, service=service.add_price_list, endpoint="prices.add_list"
)
ops.enter(
    "rate.set",
    form=PriceForm,
    service=service.set_price,
    endpoint="prices.set_one",
    names={"scope": "scope", "of": "of"},
)
ops.enter(
    "rate.withdraw",
    form=WithdrawForm,
    service=service.withdraw_price,
    endpoint="prices.withdraw",
    names={"rate": "rate"},
)
ops.enter("price.change", form=ChangeForm, service=service.change_prices, endpoint="prices.commit")


@bp.get("")
@allow("price.view")
def index() -> str:
    """List the price lists, and the customers with prices of their own."""
    return _index(PriceListForm())


@bp.post("/lists")
@allow("price_list.add")
def add_list() -> ResponseReturnValue:
    """Begin a price list."""
    form = PriceListForm.sent()
    ops.perform("price_list.add", form, redraw=lambda: _index(form))
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


@bp.post(f"{_WHOSE}/<int(max=999999999999999):rate>/withdraw")
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


def _index(form: PriceListForm) -> str:
    after = request.args.get("after", "")
    own = prices.own_prices(int(after) if _ID.fullmatch(after) else 0)
    return render(
        "registry/prices/index.html",
        block="prices",
        form=form,
        lists=prices.lists(),
        own=own[: prices.PAGE],
        more=url_for(".index", after=own[prices.PAGE - 1][0].id)
        if len(own) > prices.PAGE
        else None,
    )


def _page(scope: str, of: str, form: PriceForm) -> str:
    owner = prices.owner(RateScope(scope), of)
    return render(
        "registry/prices/whose.html",
        block="prices",
        owner=owner,
        rows=prices.prices(owner, clock.today()),
        form=form,
        item_name=item_name,
        states=State,
    )


def _change(form: WishForm, preview: Preview | None) -> str:
    said: dict[str, Any] = {"form": form, "preview": preview, "item_name": item_name}
    return render("registry/prices/change.html", block="change", **said)
