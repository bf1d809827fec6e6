"""/sites/<ref>/sale: one visit at one site, from what is typed to the invoice."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import RefField
from hsh.blueprints.forms import Form
from hsh.blueprints.render import moved, render, wants_fragment
from hsh.blueprints.sales import tablet, transactions
from hsh.blueprints.sales.bill import NOTHING, of_quote
from hsh.blueprints.sales.outlook import Outlook, look_ahead
from hsh.blueprints.sales.sale_form import AT_ONCE, SaleForm
from hsh.blueprints.sales.sites import bp
from hsh.core import clock
from hsh.core.canonical import canonical
from hsh.core.refusals import NotFound
from hsh.core.words import PaymentMethod
from hsh.models.registry import Place
from hsh.queries.sales import sites
from hsh.queries.sales.visit_page import VisitPage, sources, visit_page
from hsh.services.sales.transactions import confirm_sale

ops.enter(
    "sale.confirm", form=SaleForm, service=confirm_sale,
    endpoint="sites.confirm", names={"site": "site"}, may_wait=True,
    says=toasts.numbered(_l("Sale %(thing)s is in the books."), "transactions.one"),
)  # fmt: skip


class StartForm(Form):
    """How the page begins: from which truck or depot."""

    source = RefField(_l("Sell from"), required=False)


@bp.get("/<uuid:site>/sale")
@allow("sale.confirm")
def sale(site: UUID) -> ResponseReturnValue:
    """Show an empty visit, or with ?from=last what the site took the last time."""
    start = StartForm(request.args)
    source = start.source.data if start.validate() else None
    if source is None and not _sources():
        return render("sales/visit/no_source.html", block="sale", card=sites.card(who(), site))
    page = _page(site, source)
    form = _begun(page, from_last=request.args.get("from") == "last")
    return _draw(form, page, look_ahead(form, page, who()))


@bp.post("/<uuid:site>/sale/quote")
@allow("sale.confirm")
def quote(site: UUID) -> ResponseReturnValue:
    """Work out what the visit comes to, as typed so far. Writes nothing."""
    form = SaleForm.sent()
    page = _page(site, form.source.data)
    outlook = look_ahead(form, page, who())
    if wants_fragment():  # while the driver types, an unfinished form is no mistake yet
        return _draw(form, page, outlook, block="totals")
    return _draw(form, page, outlook), 200 if outlook.quote else 422


@bp.post("/<uuid:site>/sale")
@allow("sale.confirm")
def confirm(site: UUID) -> ResponseReturnValue:
    """Sell: stock, readings, money, numbers and invoice in one act."""
    form = SaleForm.sent()

    def redraw() -> str:
        page = _page(site, form.source.data)
        return _draw(form, page, look_ahead(SaleForm.sent(), page, who()))

    outcome = ops.perform("sale.confirm", form, redraw=redraw)
    return moved(transactions.one, ref=outcome.ref)


def _draw(form: SaleForm, page: VisitPage, outlook: Outlook, *, block: str = "sale") -> str:
    if page.visit.customer.terms_days is None:
        form.payment_method.choices = options(AT_ONCE.items())
    return render(
        "sales/visit/sale.html",
        block=block,
        form=form,
        page=page,
        outlook=outlook,
        sources=_sources() if block == "sale" else (),
        bill=of_quote(outlook.quote) if outlook.quote else None,
        nothing=NOTHING,
        tablet=_told(page) if block == "sale" else "",
        answering=block == "totals",
    )


def _told(page: VisitPage) -> str:
    """Return what the tablet works the total and the slip out with, as JSON."""
    return canonical(
        {"rates": tablet.rates(page), "slip": tablet.slip(page, who()), "words": tablet.words()}
    )


def _begun(page: VisitPage, *, from_last: bool) -> SaleForm:
    """Return the form as it begins: nothing sold, paid as this customer does."""
    on_account = page.visit.customer.terms_days is not None
    fields: dict[str, object] = {
        "client_temp_id": str(uuid4()),
        "source": str(page.visit.source.ref),
        "payment_method": PaymentMethod.ON_ACCOUNT if on_account else PaymentMethod.CASH,
    }
    if from_last:
        fields |= page.last_order()
    return SaleForm(MultiDict({name: str(value) for name, value in fields.items()}))


def _page(site: UUID, source: UUID | None) -> VisitPage:
    """Return the page of a visit from ``source``, or from where the person sells as a rule."""
    chosen = source or next((place.ref for place in _sources()), None)
    if chosen is None:
        raise NotFound(what="place")
    return visit_page(who(), site=site, source=chosen, on=clock.today())


def _sources() -> list[Place]:
    return sources(who(), clock.today())
