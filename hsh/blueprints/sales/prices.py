"""/sites/<ref>/price: ask for a price of a size, for one sale or from a day on."""

from __future__ import annotations

from typing import Any, override
from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import DayField, ExactField, TextField
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.render import moved, render
from hsh.blueprints.sales.sites import bp
from hsh.core import clock
from hsh.core.command import Actor
from hsh.queries.logistics.stock import sizes
from hsh.queries.sales import sites
from hsh.services.registry.overrides import REASON_MOST, OverrideRate, override_rate
from hsh.services.sales.agreements import AgreePrice, agree_price


class PriceForm(SubmissionForm):
    """What the site should pay for a size, from a day on."""

    equipment = SelectField(_l("Size"), validate_choice=False)
    starts_on = DayField(_l("From"))
    amount = ExactField(_l("Price of one, in dollars"))
    reason = TextField(_l("Reason"), most=REASON_MOST, lines=True)

    @override
    def command(self, actor: Actor, **record: Any) -> OverrideRate:
        """Return the wish for the price at ``site``."""
        return OverrideRate(
            **self.envelope(actor),
            **record,
            equipment=self.equipment.data or "",
            starts_on=self.starts_on.data or clock.today(),
            amount=self.amount.data,
            reason=self.reason.data or "",
        )


class OnePriceForm(SubmissionForm):
    """What the site should pay for a size at one sale."""

    equipment = SelectField(_l("Size"), validate_choice=False)
    amount = ExactField(_l("Price of one, in dollars"))
    valid_until = DayField(_l("Until"))
    reason = TextField(_l("Reason"), most=REASON_MOST, lines=True)

    @override
    def command(self, actor: Actor, **record: Any) -> AgreePrice:
        """Return the wish for the price at ``site``."""
        return AgreePrice(
            **self.envelope(actor),
            **record,
            equipment=self.equipment.data or "",
            amount=self.amount.data,
            valid_until=self.valid_until.data or clock.today(),
            reason=self.reason.data or "",
        )


ops.enter(
    "price.agree", form=OnePriceForm, service=agree_price,
    endpoint="sites.ask_one_price", names={"ref": "site"}, says=toasts.request_made,
)  # fmt: skip
ops.enter(
    "rate.override", form=PriceForm, service=override_rate,
    endpoint="sites.ask_price", names={"ref": "site"}, says=toasts.request_made,
)  # fmt: skip


@bp.get("/<uuid:ref>/price")
@allow("rate.override")
def price(ref: UUID) -> str:
    """Ask what the site should pay."""
    return _asked(ref)


@bp.post("/<uuid:ref>/price")
@allow("rate.override")
def ask_price(ref: UUID) -> ResponseReturnValue:
    """Put the wish before the supervisors."""
    form = PriceForm.sent()
    outcome = ops.perform("rate.override", form, redraw=lambda: _asked(ref, form))
    return moved("approvals.show", ref=outcome.ref)


@bp.post("/<uuid:ref>/one-price")
@allow("price.agree")
def ask_one_price(ref: UUID) -> ResponseReturnValue:
    """Put the wish for a price at one sale before the supervisors."""
    form = OnePriceForm.sent()
    outcome = ops.perform("price.agree", form, redraw=lambda: _asked(ref, once=form))
    return moved("approvals.show", ref=outcome.ref)


def _asked(ref: UUID, form: PriceForm | None = None, once: OnePriceForm | None = None) -> str:
    form = form or PriceForm(starts_on=clock.today())
    once = once or OnePriceForm(valid_until=clock.today())
    for asking in (form, once):
        asking.equipment.choices = options((size.code, size.name) for size in sizes())
    card = sites.card(who(), ref)
    return render("sales/sites/price.html", block="price", form=form, once=once, card=card)
