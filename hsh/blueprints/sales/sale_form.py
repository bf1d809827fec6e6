"""The form of a visit: what the driver types becomes the command of a sale.

Its counts are named as the lines that they become, ``delivery-C127``, so that what is wrong with a
line finds the input in which it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, cast, override
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField
from wtforms.widgets import HiddenInput

from hsh.blueprints import words
from hsh.blueprints.choices import options
from hsh.blueprints.fields import CountsField, RefField, TextField
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.sales.readings_field import PARTS, ReadingsField
from hsh.core.command import Actor
from hsh.core.refusals import Refusal
from hsh.core.words import LineKind, PaymentMethod
from hsh.services.sales.orders import ConfirmSale, CountEntry, CylinderEntry
from hsh.services.sales.pricing import MOST

PURCHASE_ORDER_LENGTH = 60
NOTE_LENGTH = 500

AT_ONCE = {
    PaymentMethod.CASH: _l("Cash"),
    PaymentMethod.PAYNOW: _l("PayNow"),
    PaymentMethod.CARD: _l("Card"),
    PaymentMethod.CHEQUE: _l("Cheque"),
    PaymentMethod.TRANSFER: _l("Bank transfer"),
}
METHODS = AT_ONCE | {PaymentMethod.ON_ACCOUNT: _l("On account")}
"""The last only for customers with credit terms."""

CYLINDER_KINDS = {
    LineKind.DELIVERY: "delivered",
    LineKind.COLLECTION: "collected",
    LineKind.RETURN_FULL: "returned_full",
    LineKind.RETURN_PART: "returned_part",
}
"""The counts of a size, and what the command calls them."""

_REF = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

COUNTS = (
    *CYLINDER_KINDS,
    LineKind.ACCESSORY,
    LineKind.SERVICE,
    LineKind.DEPOSIT,
    LineKind.DEPOSIT_REFUND,
)


class CentsField(Field):
    """Whole cents that the page had shown; anything else is left out, as it decides nothing."""

    widget = HiddenInput()
    _CENTS = re.compile(r"-?[0-9]{1,12}")

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = self.meant(str(valuelist[0]) if valuelist else "")

    def meant(self, text: str) -> int | None:
        """Return the cents that ``text`` says, if any."""
        return int(text) if self._CENTS.fullmatch(text) else None


class AgreedField(Field):
    """Refs of the prices that the page had shown as agreed; anything else decides nothing."""

    widget = HiddenInput()
    _MOST = 20

    def _value(self) -> str:
        return ",".join(map(str, self.data or ()))

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        parts = str(valuelist[0]).split(",", self._MOST)[: self._MOST] if valuelist else []
        self.data = tuple(sorted({UUID(part) for part in parts if _REF.fullmatch(part)}))


class SaleForm(SubmissionForm):
    """One visit at one site."""

    source = RefField(_l("Sell from"))
    meter = ReadingsField(_l("Meters"))
    delivery = CountsField(_l("Delivered full"), most=MOST)
    collection = CountsField(_l("Collected empty"), most=MOST)
    return_full = CountsField(_l("Returned full"), most=MOST)
    return_part = CountsField(_l("Returned part used"), most=MOST)
    accessory = CountsField(_l("Accessories"), most=MOST)
    service = CountsField(_l("Services"), most=MOST)
    deposit = CountsField(_l("Deposits taken"), most=MOST)
    deposit_refund = CountsField(_l("Deposits given back"), most=MOST)
    payment_method = RadioField(
        _l("How it is paid"),
        choices=options(METHODS.items()),
    )
    purchase_order = TextField(_l("Purchase order"), most=PURCHASE_ORDER_LENGTH, required=False)
    note = TextField(_l("Note on the invoice"), most=NOTE_LENGTH, required=False, lines=True)
    accept_shortfall = BooleanField(_l("I counted again. They were at the site."))
    claimed = CentsField(_l("The tablet said"))
    agreed = AgreedField(_l("Prices agreed for this sale"))

    @override
    def command(self, actor: Actor, **record: Any) -> ConfirmSale:
        """Return the wish to sell at the ``site`` that the page is about."""
        return ConfirmSale(
            **self.envelope(actor),
            **record,
            source=self.source.data,
            readings=self.meter.data,
            cylinders=tuple(self._cylinders()),
            accessories=_entries(self.accessory),
            services=_entries(self.service),
            deposits=_entries(self.deposit),
            refunds=_entries(self.deposit_refund),
            payment_method=PaymentMethod(self.payment_method.data),
            purchase_order=self.purchase_order.data or "",
            note=self.note.data or "",
            accept_shortfall=bool(self.accept_shortfall.data),
            claimed=self.claimed.data,
            agreed=self.agreed.data or (),
        )

    @override
    def refuse(self, refusal: Refusal) -> None:
        """Put the words beside the very input, also when it is a part of a reading."""
        part, _dash, meter = (refusal.field or "").partition("-")
        if part in PARTS and meter:
            self.meter.problems[UUID(meter), part] = words.say(refusal)
        else:
            super().refuse(refusal)

    def counts(self, kind: LineKind) -> CountsField:
        """Return the counts of one kind of line."""
        return cast("CountsField", self[kind])

    def _cylinders(self) -> Iterator[CylinderEntry]:
        counted = {name: self.counts(kind).data for kind, name in CYLINDER_KINDS.items()}
        for code in sorted({code for counts in counted.values() for code in counts}):
            entry = {name: counts.get(code, 0) for name, counts in counted.items()}
            yield CylinderEntry(equipment=code, **entry)


def _entries(counts: CountsField) -> tuple[CountEntry, ...]:
    return tuple(
        CountEntry(code=code, quantity=quantity) for code, quantity in sorted(counts.data.items())
    )
