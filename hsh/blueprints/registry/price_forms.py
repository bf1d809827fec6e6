"""The forms of prices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Self, cast, override

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from hsh.blueprints.choices import options
from hsh.blueprints.fields import DayField, ExactField, TextField, TicksField
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.core.command import Actor
from hsh.core.words import RateScope
from hsh.queries.registry import customer_pages, prices
from hsh.queries.registry.price_changes import Wish
from hsh.services.registry import checks
from hsh.services.registry.prices import AddPriceList, ChangePrices, SetRate, WithdrawRate

SEARCH_LENGTH = 60
_STEPS = (("0.01", "$0.01"), ("0.05", "$0.05"), ("0.1", "$0.10"), ("1", "$1.00"))


def item_name(item: prices.Item) -> str:
    """Return what an item is called."""
    return item.name or str(_("Metered gas, 1 m³"))


class PriceListForm(SubmissionForm):
    """A price list that is not there yet."""

    code = TextField(_l("Code"), most=checks.CODE_LENGTH)
    name = TextField(_l("Name"), most=checks.NAME_LENGTH)
    tax_inclusive = BooleanField(_l("GST is inside these prices"))

    @override
    def command(self, actor: Actor) -> AddPriceList:
        """Return the wish to begin it."""
        return AddPriceList(
            **self.envelope(actor),
            code=(self.code.data or "").upper(),
            name=self.name.data or "",
            tax_inclusive=bool(self.tax_inclusive.data),
        )


class PriceForm(SubmissionForm):
    """One price from a day on."""

    item = SelectField(_l("What"), choices=())
    amount = ExactField(_l("Price in dollars"))
    starts_on = DayField(_l("From"))

    def offering(self) -> Self:
        """Let everything that has a price be chosen."""
        self.item.choices = options((item.key, item_name(item)) for item in prices.items())
        return self

    @override
    def command(self, actor: Actor, **record: Any) -> SetRate:
        """Return the wish to set it for the list, customer or site in the address."""
        return SetRate(
            **self.envelope(actor),
            scope=RateScope(record["scope"]),
            of=record["of"],
            item=self.item.data or "",
            amount=self.amount.data,
            starts_on=cast("date", self.starts_on.data),
        )


class WithdrawForm(SubmissionForm):
    """Nothing to fill in: the price is in the address."""

    @override
    def command(self, actor: Actor, **record: Any) -> WithdrawRate:
        """Return the wish to withdraw it."""
        return WithdrawRate(**self.envelope(actor), **record)


class WishForm(Form):
    """Which prices are to change, and to what."""

    price_list = SelectField(_l("Price list"), choices=())
    customers = TextField(_l("Only its customers found by"), most=SEARCH_LENGTH, required=False)
    own_too = BooleanField(_l("Also the own prices of its customers and their sites"))
    items = TicksField(_l("What"), choices=())
    percent = ExactField(_l("By percent"), least=None, required=False)
    amount = ExactField(_l("Or to this price"), required=False)
    step = SelectField(_l("Rounded to"), default="0.01", choices=options(_STEPS))
    starts_on = DayField(_l("From"))

    def offering(self) -> Self:
        """Let the price lists and everything that has a price be chosen."""
        self.price_list.choices = options(customer_pages.price_lists())
        self.items.choices = options((item.key, item_name(item)) for item in prices.items())
        return self

    def wish(self) -> Wish:
        """Return what is asked for."""
        return Wish(
            price_list=self.price_list.data or "",
            customers=self.customers.data or "",
            own_too=bool(self.own_too.data),
            items=frozenset(self.items.data or ()),
            percent=self.percent.data,
            amount=self.amount.data,
            step=Decimal(self.step.data or "0.01"),
            starts_on=cast("date", self.starts_on.data),
        )


class ChangeForm(SubmissionForm, WishForm):
    """The same, with the preview that was seen."""

    seen = StringField(widget=HiddenInput(), validators=[Optional(), Length(max=64)])

    @override
    def command(self, actor: Actor) -> ChangePrices:
        """Return the wish to do exactly that."""
        return ChangePrices(**self.envelope(actor), wish=self.wish(), seen=self.seen.data or "")
