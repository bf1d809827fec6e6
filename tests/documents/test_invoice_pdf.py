"""What the paper says, read back from the PDF."""

import pytest

from tests.documents.given import (
    CREDIT,
    METER,
    content,
    credit_note,
    deposit_only,
    line,
    long,
    without_gst,
)
from tests.documents.paper import lines, made, pages, text


@pytest.fixture(scope="module")
def normal():
    return made(content())


@pytest.mark.parametrize(
    "part",
    [
        "Tax Invoice", "INV-2026-000012", "TRX-2026-000015", "Date 20 Nov 2026", "Date of supply 19 Nov 2026",
        "Due date 20 Dec 2026", "Terms 30 days", "Your reference PO 88-2026/11",
        "Hock Soon Heng LPG Pte Ltd", "12 Tuas Avenue 7", "Singapore 639264", "UEN 199812345K",
        "GST Reg. No. M2-1234567-8", "accounts@hsh.example",
        "Ah Hua Kitchen Pte Ltd", "Blk 628 Ang Mo Kio Ave 4", "UEN 201534567D",
        "Ah Hua Kitchen, Bedok", "Blk 216 Bedok North St 1",
        "1 Usage: Piped LPG 24.75 m³ 5.4321 9% 134.44", "Meter G4-771204, 20 Oct 2026 to 20 Nov 2026",
        "Readings: previous 1,234.5, current 1,259.25",
        "2 Delivered: LPG cylinder 12.7 kg 6 cyl 36.00 9% 216.00",
        "3 Collected empty: LPG cylinder 12.7 kg 5 cyl 0.00 9% 0.00",
        "4 Returned part used: LPG cylinder 50 kg 1 cyl \N{MINUS SIGN}71.00 9% \N{MINUS SIGN}71.00",
        "5 Regulator, low pressure 2 pc 18.50 9% 37.00", "6 Delivery fee 1 job 15.00 9% 15.00",
        "Total excluding GST 331.44", "GST 9% 29.83", "Total including GST 361.27",
        "7 Cylinder deposit 12.7 kg 1 cyl 50.00 \N{EN DASH} 50.00", "Refundable deposits, no GST 50.00",
        "Cash rounding \N{MINUS SIGN}0.02", "Amount payable S$ 411.25",
        "Method Cash", "Paid S$ 411.25", "LPG cylinder 12.7 kg 8", "LPG cylinder 50 kg 2",
        "Tan Ah Seng", "Truck GBA 1234 X", "Short code A1B2-C3D4", "Deliver at the back door.", "Ring twice.",
        "Audit anchor 123 · " + "0123456789abcdef" * 4, "Page 1 of 1",
    ],
)  # fmt: skip
def test_it_says_what_a_tax_invoice_must_say(normal, part):
    assert part in text(normal)


def test_a_paid_invoice_asks_for_nothing_more(normal):
    assert "Balance due" not in text(normal)


def test_on_account_it_says_what_is_due_and_when():
    said = text(made(content(payment={"method": "on_account", "paid": 0})))
    assert "Method On account" in said
    assert "Balance due S$ 411.25" in said
    assert "Paid" not in said


def test_a_price_of_this_sale_alone_says_so(normal):
    assert "Price agreed for this sale" in text(made(content(lines=[line(agreed="a1b2c3d4")])))
    assert "Price agreed" not in text(normal)


def test_a_company_without_gst_prints_an_invoice_without_tax():
    data = made(without_gst())
    said = text(data)
    assert any(x.endswith("Pte Ltd Invoice") for x in lines(data))
    assert "Tax Invoice" not in said
    assert "GST" not in said.replace("Refundable deposits, no GST", "")
    assert "Total 331.44" in said
    assert "Amount payable S$ 381.45" in said


def test_deposits_alone_are_no_tax_invoice():
    said = text(made(deposit_only()))
    assert "Tax Invoice" not in said
    assert "Total excluding GST" not in said
    assert "Amount payable S$ 150.00" in said


def test_a_visit_that_charged_nothing_is_still_a_document():
    totals = dict.fromkeys(("net", "tax", "gross", "deposits", "rounding", "payable"), 0)
    nil = content(
        lines=[], taxes=[], totals=totals, payment={"method": "cash", "paid": 0}, balance=[]
    )
    said = text(made(nil))
    assert "Nothing was charged at this visit" in said
    assert "Amount payable S$ 0.00" in said
    assert "None held after this visit" in said


def test_a_credit_note_names_what_it_corrects_and_why():
    said = text(made(credit_note(), numbers=CREDIT))
    assert "Credit Note" in said
    assert "CN-2026-000003" in said
    assert "Corrects INV-2026-000001 of 1 Nov 2026" in said
    assert "Reason: Wrong customer" in said
    assert "Total including GST \N{MINUS SIGN}78.48" in said
    assert "Amount credited to you S$ 78.50" in said
    assert "Paid back S$ 78.50" in said
    assert "Tax Invoice" not in said


def test_each_tax_category_says_what_it_is_charged_on():
    taxes = [
        {"code": "SR", "rate": "0.09", "net": 10000, "tax": 900},
        {"code": "ZR", "rate": "0", "net": 5000, "tax": 0},
    ]
    said = text(made(content(taxes=taxes, lines=[line(), line(tax_code="ZR")])))
    assert "GST 9% on S$ 100.00 9.00" in said
    assert "GST 0% on S$ 50.00 0.00" in said


def test_prices_with_gst_inside_are_said_to_be():
    assert "Prices include GST" in text(made(content(price_basis="inclusive")))
    assert "Prices include GST" not in text(made(content(price_basis="exclusive")))


@pytest.mark.parametrize(
    ("meter", "said"),
    [
        ({"kind": "estimated"}, "Estimated reading"),
        ({"kind": "rollover", "previous": "99990", "current": "12"}, "previous 99,990, current 12"),
        ({"kind": "rollover"}, "began again at zero"),
        ({"kind": "normal", "already_billed": "3.5000"}, "Less 3.5 m³ already billed by estimate"),
        (
            {"kind": "change", "final": "1300", "first": "0", "current": "7"},
            "old from 1,234.5 to 1,300",
        ),
        ({"kind": "change", "final": "1300", "first": "0", "current": "7"}, "new from 0 to 7"),
    ],
)
def test_an_unusual_reading_is_told(meter, said):
    assert said in text(made(content(lines=[line("usage", meter={**METER, **meter})])))


def test_a_long_document_repeats_its_head_and_counts_its_pages():
    sheets = pages(made(long(60)))
    assert len(sheets) == 3
    for number, sheet in enumerate(sheets, 1):
        assert "DESCRIPTION QUANTITY UNIT PRICE GST AMOUNT (S$)" in sheet
        assert f"Page {number} of 3" in sheet
    assert all("Tax Invoice INV-2026-000012 Hock Soon Heng" in sheet for sheet in sheets[1:])


@pytest.mark.parametrize("count", range(14, 24))
def test_totals_never_stand_alone_on_a_page(count):
    sheet = next(x for x in pages(made(long(count))) if "Amount payable" in x)
    assert f"{count} Delivered: LPG cylinder 12.7 kg, stall {count}" in sheet
    assert "Total excluding GST" in sheet


def test_every_line_is_printed_once():
    said = lines(made(long(75)))
    positions = [int(x.split()[0]) for x in said if "Delivered: LPG" in x]
    assert positions == list(range(1, 76))
