"""Frozen contents for documents, each the same but for what a test names."""

from __future__ import annotations

import copy
from typing import Any

from hsh.documents.content import Anchor, Content, Numbers

NUMBERS = Numbers(document="INV-2026-000012", transaction="TRX-2026-000015")
CREDIT = Numbers(document="CN-2026-000003", transaction="TRX-2026-000016")
ANCHOR = Anchor(sequence=123, hash="0123456789abcdef" * 4)

METER = {
    "serial": "G4-771204",
    "kind": "normal",
    "previous": "1234.5",
    "current": "1259.25",
    "final": None,
    "first": None,
    "previous_on": "2026-10-20",
    "current_on": "2026-11-20",
    "already_billed": "0",
}

NORMAL: dict[str, Any] = {
    "layout": 1,
    "kind": "invoice",
    "locale": "en",
    "company": {
        "name": "Hock Soon Heng LPG Pte Ltd",
        "uen": "199812345K",
        "gst_number": "M2-1234567-8",
        "address": ["12 Tuas Avenue 7", "Singapore 639264"],
        "phone": "+65 6861 2345",
        "email": "accounts@hsh.example",
        "logo": None,
    },
    "customer": {
        "name": "Ah Hua Kitchen Pte Ltd",
        "uen": "201534567D",
        "gst_number": None,
        "address": ["Blk 628 Ang Mo Kio Ave 4", "#01-84", "Singapore 560628"],
        "email": "boss@ahhua.example",
    },
    "site": {
        "name": "Ah Hua Kitchen, Bedok",
        "address": ["Blk 216 Bedok North St 1", "#01-07", "Singapore 460216"],
    },
    "issued_on": "2026-11-20",
    "issued_at": "2026-11-20T14:03:11+08:00",
    "supply_on": "2026-11-19",
    "due_on": "2026-12-20",
    "terms_days": 30,
    "buyer_reference": "PO 88-2026/11",
    "note": "Deliver at the back door.\nRing twice.",
    "seller": {"person": "Tan Ah Seng", "source": "Truck GBA 1234 X"},
    "short_code": "A1B2-C3D4",
    "price_basis": "exclusive",
    "lines": [
        {
            "kind": "usage", "name": "Piped LPG", "code": "GAS", "quantity": "24.7500",
            "unit": "m3", "unit_price": "5.4321", "amount": 13444, "tax_code": "SR", "meter": METER,
        },
        {
            "kind": "delivery", "name": "LPG cylinder 12.7 kg", "code": "C127", "quantity": "6",
            "unit": "cyl", "unit_price": "36.00", "amount": 21600, "tax_code": "SR", "meter": None,
        },
        {
            "kind": "collection", "name": "LPG cylinder 12.7 kg", "code": "C127", "quantity": "5",
            "unit": "cyl", "unit_price": "0", "amount": 0, "tax_code": "SR", "meter": None,
        },
        {
            "kind": "return_part", "name": "LPG cylinder 50 kg", "code": "C50", "quantity": "1",
            "unit": "cyl", "unit_price": "-71.00", "amount": -7100, "tax_code": "SR", "meter": None,
        },
        {
            "kind": "accessory", "name": "Regulator, low pressure", "code": "REG", "quantity": "2",
            "unit": "pc", "unit_price": "18.5", "amount": 3700, "tax_code": "SR", "meter": None,
        },
        {
            "kind": "service", "name": "Delivery fee", "code": "DEL", "quantity": "1",
            "unit": "job", "unit_price": "15", "amount": 1500, "tax_code": "SR", "meter": None,
        },
        {
            "kind": "deposit", "name": "Cylinder deposit 12.7 kg", "code": "D127", "quantity": "1",
            "unit": "cyl", "unit_price": "50", "amount": 5000, "tax_code": "OS", "meter": None,
        },
    ],
    "taxes": [{"code": "SR", "rate": "0.09", "net": 33144, "tax": 2983}],
    "totals": {
        "net": 33144, "tax": 2983, "gross": 36127, "deposits": 5000, "rounding": -2,
        "payable": 41125,
    },
    "payment": {"method": "cash", "paid": 41125},
    "balance": [
        {"name": "LPG cylinder 12.7 kg", "code": "C127", "held": 8},
        {"name": "LPG cylinder 50 kg", "code": "C50", "held": 2},
    ],
    "original": None,
    "reason": None,
}  # fmt: skip


def content(**changes: Any) -> Content:
    """Return the normal mixed invoice; a change ``company__gst_number=None`` reaches inside."""
    made = copy.deepcopy(NORMAL)
    for path, value in changes.items():
        *parents, last = path.split("__")
        target = made
        for name in parents:
            target = target[name]
        target[last] = value
    return made  # type: ignore[return-value]


def line(kind: str = "delivery", **changes: Any) -> dict[str, Any]:
    """Return one line of the normal invoice, or a delivery made into ``kind``."""
    first = next((x for x in NORMAL["lines"] if x["kind"] == kind), NORMAL["lines"][1])
    return {**copy.deepcopy(first), "kind": kind, **changes}


def credit_note() -> Content:
    """Return the credit note of a void of two cylinders."""
    return content(
        kind="credit_note",
        due_on=None,
        terms_days=None,
        lines=[line(quantity="-2", amount=-7200)],
        taxes=[{"code": "SR", "rate": "0.09", "net": -7200, "tax": -648}],
        totals={
            "net": -7200, "tax": -648, "gross": -7848, "deposits": 0, "rounding": -2,
            "payable": -7850,
        },
        payment={"method": "cash", "paid": -7850},
        original={"number": "INV-2026-000001", "issued_on": "2026-11-01"},
        reason="Wrong customer",
    )  # fmt: skip


def deposit_only() -> Content:
    """Return an invoice for deposits alone."""
    return content(
        lines=[line("deposit", quantity="3", amount=15000)],
        taxes=[],
        totals={"net": 0, "tax": 0, "gross": 0, "deposits": 15000, "rounding": 0, "payable": 15000},
        payment={"method": "paynow", "paid": 15000},
    )


def without_gst() -> Content:
    """Return the invoice of a company that is not registered for GST."""
    return content(
        company__gst_number=None,
        taxes=[],
        totals={
            "net": 33144, "tax": 0, "gross": 33144, "deposits": 5000, "rounding": 1,
            "payable": 38145,
        },
        payment={"method": "cash", "paid": 38145},
    )  # fmt: skip


def long(count: int = 60) -> Content:
    """Return an invoice over several pages."""
    lines = [
        line(name=f"LPG cylinder 12.7 kg, stall {n}", amount=3600, quantity="1")
        for n in range(1, count + 1)
    ]
    net = 3600 * count
    tax = net * 9 // 100
    return content(
        lines=lines,
        taxes=[{"code": "SR", "rate": "0.09", "net": net, "tax": tax}],
        totals={
            "net": net,
            "tax": tax,
            "gross": net + tax,
            "deposits": 0,
            "rounding": 0,
            "payable": net + tax,
        },
        payment={"method": "on_account", "paid": 0},
    )
