"""What a sale comes to, as its pages draw it: while it is typed, and once it is a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from hsh.core.pricing import Line
from hsh.documents import figures, wording
from hsh.documents.content import Content
from hsh.documents.content import Line as FrozenLine
from hsh.services.sales.pricing import Quote


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line: what it says, how many of what unit at which price in dollars, and its cents."""

    says: str
    notes: tuple[str, ...]
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: int


@dataclass(frozen=True, kw_only=True)
class Tax:
    """GST of one category: its rate as a reader sees it, and its cents."""

    rate: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Bill:
    """Lines and totals, in cents. ``payable`` is what changes hands."""

    entries: tuple[Entry, ...]
    taxes: tuple[Tax, ...]
    net: int
    gross: int
    deposits: int
    rounding: int
    payable: int


NOTHING = Bill(entries=(), taxes=(), net=0, gross=0, deposits=0, rounding=0, payable=0)
"""The empty bill, which the tablet fills in as someone types."""


def of_quote(quote: Quote) -> Bill:
    """Return what a visit comes to as typed so far."""
    totals = quote.totals
    return Bill(
        entries=tuple(_of_line(line) for line in quote.lines),
        taxes=_taxes((str(tax.rate), tax.tax) for tax in totals.taxes),
        net=totals.net,
        gross=totals.gross,
        deposits=totals.deposits,
        rounding=totals.rounding,
        payable=totals.payable,
    )


def of_content(content: Content) -> Bill:
    """Return what a document says that the sale came to."""
    totals = content["totals"]
    return Bill(
        entries=tuple(_of_frozen(line, content["locale"]) for line in content["lines"]),
        taxes=_taxes((tax["rate"], tax["tax"]) for tax in content["taxes"]),
        net=totals["net"],
        gross=totals["gross"],
        deposits=totals["deposits"],
        rounding=totals["rounding"],
        payable=totals["payable"],
    )


def _of_line(line: Line) -> Entry:
    return Entry(
        says=wording.named(line.kind, line.name, _),
        notes=(),
        quantity=line.quantity,
        unit=wording.unit(line.unit, _),
        unit_price=line.unit_price,
        amount=line.amount,
    )


def _of_frozen(line: FrozenLine, locale: str) -> Entry:
    meter = line["meter"]
    return Entry(
        says=wording.description(line, _),
        notes=tuple(wording.readings(meter, _, locale)) if meter else (),
        quantity=Decimal(line["quantity"]),
        unit=wording.unit(line["unit"], _),
        unit_price=Decimal(line["unit_price"]),
        amount=line["amount"],
    )


def _taxes(taxes: Iterable[tuple[str, int]]) -> tuple[Tax, ...]:
    return tuple(Tax(rate=figures.percent(rate), amount=amount) for rate, amount in taxes)
