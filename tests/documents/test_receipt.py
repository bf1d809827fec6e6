import pytest
from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as some

from hsh.documents import fonts
from hsh.documents.picture import DOTS, HEIGHT
from hsh.documents.receipt import escpos, preview
from tests.documents.given import (
    ANCHOR,
    CREDIT,
    METER,
    NUMBERS,
    content,
    credit_note,
    deposit_only,
    line,
    without_gst,
)
from tests.escpos_parser import Code, Picture, Printed, parse, text

HOSTILE = (
    "\x1bp\x00\x19\xfa\x1dV\x00\x10\x14\x01\x08\x00\x07 Evil\r\nName\u202e\u2066 \x9b\x85\ud7ff"
)
SIZES = {"normal": (1, 1), "tall": (1, 2), "large": (2, 2)}


def slip(of, copy=0, numbers=NUMBERS):
    return text(escpos(of, numbers=numbers, anchor=ANCHOR, copy=copy))


def paid_up_to(gross):
    totals = {
        "net": gross,
        "tax": 0,
        "gross": gross,
        "deposits": 5000,
        "rounding": 0,
        "payable": gross + 5000,
    }
    return content(totals=totals)


def test_it_says_what_a_tax_invoice_must_say():
    said = slip(content())
    for part in (
        "Hock Soon Heng LPG Pte Ltd", "12 Tuas Avenue 7", "UEN 199812345K", "GST Reg. No. M2-1234567-8",
        "Tax Invoice", "INV-2026-000012", "TRX-2026-000015", "20 Nov 2026 14:03", "19 Nov 2026",
        "PO 88-2026/11", "Ah Hua Kitchen Pte Ltd", "Blk 216 Bedok North St 1",
        "24.75 m3 x 5.4321", "134.44", "Readings: previous 1,234.5, current 1,259.25",
        "20 Oct 2026 to 20 Nov 2026", "Delivered: LPG cylinder 12.7 kg", "6 cyl x 36.00",
        "Returned part used: LPG cylinder 50 kg", "-71.00", "Total excluding GST", "331.44", "GST 9%", "29.83",
        "Total including GST", "361.27", "Cylinder deposit 12.7 kg", "Cash rounding", "-0.02",
        "S$ 411.25", "Cash", "LPG cylinder 50 kg", "Tan Ah Seng", "Truck GBA 1234 X", "A1B2-C3D4",
    ):  # fmt: skip
        assert part in said


def test_its_qr_code_says_the_documents_number():
    codes = [
        x for x in parse(escpos(content(), numbers=NUMBERS, anchor=ANCHOR)) if isinstance(x, Code)
    ]
    assert codes == [Code("INV-2026-000012", "center")]


def test_it_bears_the_anchor_so_that_paper_can_prove_the_books():
    said = slip(content())
    assert "Audit anchor 123" in said
    assert "0123 4567 89ab cdef" in said


def test_up_to_a_thousand_dollars_with_gst_it_is_a_simplified_tax_invoice():
    said = slip(paid_up_to(1_000_00))
    assert "Tax Invoice" in said
    assert "Price payable includes GST" in said


def test_above_a_thousand_dollars_it_is_a_receipt_and_the_tax_invoice_follows():
    said = slip(paid_up_to(1_000_01))
    assert "Receipt" in said
    assert "Tax Invoice" not in said
    assert "The tax invoice follows under the same number" in said
    assert "Price payable includes GST" not in said


def test_a_company_without_gst_prints_an_invoice_without_tax():
    said = slip(without_gst())
    assert "GST" not in said.replace("Refundable deposits, no GST", "")
    assert "Tax Invoice" not in said
    assert "Invoice" in said


def test_deposits_alone_are_no_tax_invoice():
    said = slip(deposit_only())
    assert "Tax Invoice" not in said
    assert "includes GST" not in said
    assert "Refundable deposits, no GST" in said


def test_a_credit_note_names_what_it_corrects_and_why():
    said = slip(credit_note(), numbers=CREDIT)
    assert "Credit Note" in said
    assert "CN-2026-000003" in said
    assert "Corrects INV-2026-000001 of 1 Nov 2026" in said
    assert "Reason: Wrong customer" in said
    assert "S$ 78.50" in said


def test_on_account_it_tells_what_is_due_and_when():
    said = slip(content(payment={"method": "on_account", "paid": 0}))
    assert "On account" in said
    assert "20 Dec 2026" in said
    assert "Paid" not in said


def test_an_estimate_and_what_it_billed_before_are_told():
    meter = {**METER, "kind": "estimated", "already_billed": "12.5"}
    said = slip(content(lines=[line("usage", meter=meter)]))
    assert "Estimated reading" in said
    assert "12.5 m3 already billed" in said


def test_a_price_of_this_sale_alone_says_so():
    assert "Price agreed for this sale" in slip(content(lines=[line(agreed="a1b2c3d4")]))
    assert "Price agreed" not in slip(content())


def test_a_meter_change_shows_four_readings():
    meter = {**METER, "kind": "change", "final": "1300", "first": "2", "current": "7.5"}
    said = " ".join(slip(content(lines=[line("usage", meter=meter)])).split())
    assert "old from 1,234.5 to 1,300, new from 2 to 7.5" in said


def test_the_original_says_nothing_of_copies():
    assert "COPY" not in slip(content())


def test_a_reprint_says_which_copy_it_is_at_both_ends():
    lines = [
        x.text
        for x in parse(escpos(content(), numbers=NUMBERS, anchor=ANCHOR, copy=2))
        if isinstance(x, Printed)
    ]
    assert lines.count("COPY 2") == 2
    assert lines[-1] == "COPY 2"


def test_the_same_content_gives_the_same_bytes():
    assert escpos(content(), numbers=NUMBERS, anchor=ANCHOR) == escpos(
        content(), numbers=NUMBERS, anchor=ANCHOR
    )


def test_names_cannot_open_the_drawer_or_cut_the_paper():
    said = slip(
        content(customer__name=HOSTILE, note=HOSTILE, seller={"person": HOSTILE, "source": HOSTILE})
    )
    assert "Evil Name" in said


def test_accents_fold_and_what_nobody_can_print_leaves_a_visible_mark():
    said = slip(content(customer__name="Café Zürich", site__name="\N{FIRE} Kopi"))
    assert "Cafe Zurich" in said
    assert "Supplied at ? Kopi" in said


NAMES = ("龙记茶餐室 Kopi", "காலி உணவகம்", "阿华厨房 காலி Café Đà Nẵng")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_chinese_or_tamil_is_drawn_as_wide_as_the_paper_and_the_rest_is_text(name):
    made = escpos(content(customer__name=name), numbers=NUMBERS, anchor=ANCHOR)
    plain = escpos(content(customer__name="Ah Hua"), numbers=NUMBERS, anchor=ANCHOR)
    (drawn,) = [x for x in parse(made) if isinstance(x, Picture)]
    assert (drawn.width, drawn.height) == (576, 32)
    assert drawn.ink > 200
    said = text(plain).splitlines()
    assert text(made).splitlines() == [x for x in said if x != "Ah Hua"]


def test_each_letter_is_drawn_by_a_font_that_has_it():
    letters = {char for name in NAMES for char in name}
    assert {char for char in letters if not fonts.drawn_by(char)} == set()


def test_a_long_name_is_broken_and_a_line_that_is_still_too_wide_is_squeezed():
    made = escpos(content(customer__name="龙" * 70), numbers=NUMBERS, anchor=ANCHOR)
    drawn = [x for x in parse(made) if isinstance(x, Picture)]
    assert len(drawn) == 3  # 24 of them fill 48 columns
    wide = escpos(content(customer__name="ஔ" * 48), numbers=NUMBERS, anchor=ANCHOR)
    assert len([x for x in parse(wide) if isinstance(x, Picture)]) == 1


def test_a_driver_with_a_tamil_name_stands_beside_the_truck_on_lines_of_their_own():
    made = escpos(
        content(seller={"person": "முருகன்", "source": "Truck GBA 1234 X"}),
        numbers=NUMBERS, anchor=ANCHOR,
    )  # fmt: skip
    at = next(n for n, x in enumerate(parse(made)) if isinstance(x, Picture))
    assert parse(made)[at + 1].text == "Truck GBA 1234 X".rjust(48)


def test_a_language_that_the_printer_lacks_falls_back_to_english():
    assert "Tax Invoice" in slip(content(locale="zh"))


def test_the_preview_is_what_the_printer_prints():
    assert_preview_is_paper(content(), copy=3)


texts = some.text(max_size=220)
cents = some.integers(min_value=-(10**9), max_value=10**9)


@settings(max_examples=60, deadline=None, database=None)
@every(
    name=texts,
    address=some.lists(texts, max_size=4),
    reference=texts,
    amount=cents,
    balance=texts,
    copy=some.integers(0, 10**6),
)
def test_whatever_people_type_the_paper_is_sound_and_the_preview_true(
    name, address, reference, amount, balance, copy
):
    made = content(
        company__name=name,
        customer__name=name,
        site={"name": name, "address": address},
        buyer_reference=reference,
        reason=reference,
        lines=[line(name=name, amount=amount), line("deposit", name=reference, amount=-amount)],
        balance=[{"name": balance, "code": "X", "held": amount}],
        seller={"person": reference, "source": name},
    )
    assert_preview_is_paper(made, copy)


def assert_preview_is_paper(made, copy):
    shown = preview(made, numbers=NUMBERS, anchor=ANCHOR, copy=copy)
    paper = parse(escpos(made, numbers=NUMBERS, anchor=ANCHOR, copy=copy))
    for line_shown, printed in zip(shown[:-1], paper, strict=True):  # the last one is the cut
        assert printed == as_printed(line_shown, printed)


def as_printed(shown, printed):
    match shown.kind:
        case "qr":
            return Code(shown.text, shown.align)
        case "picture":
            return Picture(DOTS, HEIGHT[shown.size], printed.bits)
    return Printed(shown.text, shown.bold, shown.align, *SIZES[shown.size])
