"""What a document is made of: the frozen content, and what confirmation adds to it.

Money is integer cents. Quantities, rates and readings are decimal strings. Dates are ISO.
A credit note's amounts are negative where they reverse a sale.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

LAYOUT_VERSION = 1
"""Rises whenever the same content would print differently (law 8)."""

SIMPLIFIED_LIMIT = 1_000_00
"""IRAS: up to S$1,000 with GST a simplified tax invoice is enough, in cents."""

BRIEF_HASH = 16
"""How many hex digits of an anchor's hash a slip bears: enough to find a rewritten chain."""

DEPOSITS = frozenset({"deposit", "deposit_refund"})

LineKind = Literal[
    "usage",
    "delivery",
    "collection",
    "return_full",
    "return_part",
    "accessory",
    "service",
    "deposit",
    "deposit_refund",
]


class Company(TypedDict):
    """The seller. ``gst_number`` is None for a company without GST registration."""

    name: str
    uen: str
    gst_number: str | None
    address: list[str]
    phone: str | None
    email: str | None
    logo: str | None


class Customer(TypedDict):
    """Who the document is addressed to."""

    name: str
    uen: str | None
    gst_number: str | None
    address: list[str]
    email: str | None


class Site(TypedDict):
    """Where the goods went."""

    name: str
    address: list[str]


class Seller(TypedDict):
    """Who sold, and from which truck or depot."""

    person: str
    source: str


class Meter(TypedDict):
    """How a usage line was read. ``final`` and ``first`` belong to a meter change alone."""

    serial: str
    kind: Literal["normal", "estimated", "rollover", "change"]
    previous: str
    current: str
    final: str | None
    first: str | None
    previous_on: str | None
    current_on: str
    already_billed: str


class Line(TypedDict):
    """One thing sold, credited, collected, or taken as a deposit."""

    kind: LineKind
    name: str
    code: str
    quantity: str
    unit: Literal["m3", "cyl", "pc", "job"]
    unit_price: str
    amount: int
    tax_code: Literal["SR", "ZR", "OS"]
    meter: Meter | None
    agreed: NotRequired[str]
    """Ref of what was agreed for this one sale, where that is the price."""


class Tax(TypedDict):
    """What one GST category adds."""

    code: Literal["SR", "ZR", "OS"]
    rate: str
    net: int
    tax: int


class Totals(TypedDict):
    """gross = net + tax; payable = gross + deposits + rounding."""

    net: int
    tax: int
    gross: int
    deposits: int
    rounding: int
    payable: int


class Payment(TypedDict):
    """How it is settled; ``paid`` is 0 on account and negative when money went back."""

    method: Literal["cash", "paynow", "card", "cheque", "transfer", "on_account"]
    paid: int


class Held(TypedDict):
    """What the site holds of one size after the visit."""

    name: str
    code: str
    held: int


class Original(TypedDict):
    """The document that a credit note corrects."""

    number: str
    issued_on: str


class Sold(TypedDict):
    """What a sale says of itself whether or not the server has seen it."""

    kind: Literal["invoice", "credit_note"]
    locale: str
    company: Company
    customer: Customer
    site: Site
    issued_on: str
    issued_at: str
    supply_on: str
    due_on: str | None
    buyer_reference: str | None
    seller: Seller
    short_code: str
    price_basis: Literal["exclusive", "inclusive"]
    lines: list[Line]
    taxes: list[Tax]
    totals: Totals
    payment: Payment


class Content(Sold):
    """Everything a document says that was known before it had a number."""

    layout: int
    terms_days: int | None
    note: str | None
    balance: list[Held]
    original: Original | None
    reason: str | None


@dataclass(frozen=True)
class Numbers:
    """The gapless numbers that confirmation gave."""

    document: str
    transaction: str


@dataclass(frozen=True)
class Anchor:
    """An audit entry's place and hash, printed where the database cannot reach it."""

    sequence: int
    hash: str

    @property
    def brief(self) -> str:
        """Return the hash's first digits in groups of four, as a slip bears them."""
        return " ".join(re.findall("....", self.hash[:BRIEF_HASH]))


def charges(content: Sold) -> list[Line]:
    """Return the lines inside the taxable totals."""
    return [line for line in content["lines"] if line["kind"] not in DEPOSITS]


def deposits(content: Sold) -> list[Line]:
    """Return the refundable deposits taken and given back."""
    return [line for line in content["lines"] if line["kind"] in DEPOSITS]


def is_taxed(content: Sold) -> bool:
    """Tell whether the document accounts for GST: deposits alone never do."""
    return content["company"]["gst_number"] is not None and bool(charges(content))


def is_tax_invoice(content: Sold) -> bool:
    """Tell whether the PDF bears the words "Tax Invoice"."""
    return content["kind"] == "invoice" and is_taxed(content)


def is_simplified(content: Sold) -> bool:
    """Tell whether the slip itself is a (simplified) tax invoice."""
    return is_tax_invoice(content) and content["totals"]["gross"] <= SIMPLIFIED_LIMIT
