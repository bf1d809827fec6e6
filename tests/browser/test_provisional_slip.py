"""The provisional slip: the tablet's bytes are the server's, for the same record."""

import random
import unicodedata
from uuid import uuid4

import pytest

from hsh.core.refs import short_code
from hsh.documents import provisional, text
from tests import escpos_parser
from tests.documents.given import (
    METER,
    content,
    deposit_only,
    line,
    long,
    without_gst,
)

pytestmark = pytest.mark.browser
SLIPS = """async ([records, copy]) => {
  const { provisional } = await import("/static/js/print/slip/provisional.js");
  return records.map((record) => Array.from(provisional(record, copy)));
}"""
FOLDED = """async (texts) => {
  const { toAscii } = await import("/static/js/print/slip/ascii.js");
  return texts.map(toAscii);
}"""
BEYOND = """async (texts) => {
  const { isBeyondAscii } = await import("/static/js/print/slip/ascii.js");
  return texts.map(isBeyondAscii);
}"""
CODES = """async (refs) => {
  const { shortCode } = await import("/static/js/print/slip/provisional.js");
  return refs.map(shortCode);
}"""
SEED = 20261121
HOSTILE = (
    "\x1bp\x00\x19\xfa\x1dV\x00 Evil\r\nName\u202e\u2066 \x9b\x85\u2028\ud7ff e\u0301\u0301\u0301"
)


@pytest.fixture
def tablet(app, open_page):
    """A page that can run the tablet's own encoder."""
    page = open_page()
    page.goto("/login")
    return page


def on_tablet(tablet, records, copy=0):
    return [bytes(one) for one in tablet.evaluate(SLIPS, [records, copy])]


KINDS = ("usage", "delivery", "collection", "return_full", "return_part", "accessory", "service",
         "deposit", "deposit_refund")  # fmt: skip
VECTORS = [
    content(),
    without_gst(),
    deposit_only(),
    long(),
    content(lines=[]),
    content(customer__uen=None, company__phone=None, buyer_reference=None, due_on=None),
    content(payment={"method": "on_account", "paid": 0}),
    content(payment={"method": "cash", "paid": -1250}, totals__payable=-1250),
    content(locale="zh"),
    content(issued_on="2026-09-01", issued_at="2026-09-01T00:07:00+08:00"),
    content(taxes=[{"code": "SR", "rate": "0.09", "net": 1, "tax": 0},
                   {"code": "ZR", "rate": "0", "net": 1234567, "tax": 0},
                   {"code": "SR", "rate": "0.0875", "net": 999, "tax": 87}]),
    *(content(lines=[line(kind, quantity="-1.0500", unit_price="-0.00050")]) for kind in KINDS),
    *(content(lines=[line("usage", meter=METER | changes)]) for changes in (
        {"kind": "estimated", "already_billed": "12.500", "previous_on": None},
        {"kind": "normal", "already_billed": "-1012.500"},
        {"kind": "rollover", "current": "000012.0"},
        {"kind": "change", "final": "1300", "first": "0.50"},
    )),
    content(customer__name=HOSTILE, site={"name": HOSTILE * 9, "address": [HOSTILE, "", "#01-84"]},
            seller={"person": "x" * 47, "source": "a b" * 30}),
    content(customer__name="Caf\u00e9 \ufb01 \u2460",
            company__name="W" * 49 + " " + "w" * 100),
]  # fmt: skip
DRAWN = [
    content(
        customer__name="\u963f\u534e\u53a8\u623f Caf\u00e9 \u0b95\u0bbe\u0bb2\u0bbf \ufb01 \u2460"
    ),
    content(company__name="\u9f99" * 70, seller={"person": "\u0b95" * 50, "source": "Truck"}),
    content(seller={"person": "Ali", "source": "\u5361\u8f66"}, buyer_reference="\u8ba2\u5355 7"),
]


def test_it_says_what_it_is_and_bears_the_short_code_and_no_number():
    said = escpos_parser.text(provisional.escpos(content()))
    assert said.count("PROVISIONAL - NOT A TAX INVOICE") == 2
    assert "A1B2-C3D4" in said
    assert "S$ 411.25" in said
    for absent in ("INV-", "TRX-", "Audit anchor", "COPY"):
        assert absent not in said


def test_printed_again_it_says_which_copy_it_is():
    assert escpos_parser.text(provisional.escpos(content(), copy=2)).count("COPY 2") == 2


@pytest.mark.parametrize("copy", [0, 3])
def test_the_tablet_makes_the_very_bytes_of_the_server(tablet, copy):
    made = on_tablet(tablet, VECTORS, copy)
    for record, bytes_made in zip(VECTORS, made, strict=True):
        assert bytes_made == provisional.escpos(record, copy=copy)
        escpos_parser.parse(bytes_made)


def test_any_name_and_any_amount_come_out_the_same(tablet):
    rng = random.Random(SEED)  # noqa: S311 - no secret
    records = [a_record(rng) for _ in range(200)]
    made = on_tablet(tablet, records)
    assert made == [provisional.escpos(record) for record in records]


def test_names_that_are_drawn_stand_in_the_same_places_and_only_their_dots_differ(tablet):
    rng = random.Random(SEED)  # noqa: S311 - no secret
    letters = "abc XYZ 0123 (),\u9f99\u8bb0\u8336\u9910\u5ba4 \u0b95\u0bbe\u0bb2\u0bbf \u00e9\u0110"
    records = [*DRAWN, *(a_record(rng, letters) for _ in range(60))]
    drawn = 0
    for record, made in zip(records, on_tablet(tablet, records), strict=True):
        ours, theirs = (escpos_parser.parse(x) for x in (provisional.escpos(record), made))
        assert [undotted(x) for x in theirs] == [undotted(x) for x in ours]
        pictures = [x for x in theirs if isinstance(x, escpos_parser.Picture)]
        assert all(x.width == 576 and x.ink for x in pictures)
        drawn += len(pictures)
    assert drawn > 100


def undotted(printed):
    """A picture without its dots: whose fonts drew it decides those."""
    is_picture = isinstance(printed, escpos_parser.Picture)
    return (printed.width, printed.height) if is_picture else printed


LETTERS = "abc WXYZ  .,-/ 0123456789 \u00e9\u2192"


def a_record(rng, letters=LETTERS):
    words = [a_word(rng, letters) for _ in range(6)]
    cents = [rng.choice((0, 1, -1)) * rng.randrange(10 ** rng.randrange(1, 9)) for _ in range(6)]
    names = ("net", "tax", "gross", "deposits", "rounding", "payable")
    return content(
        customer__name=words[0],
        site={"name": words[1], "address": words[2:4]},
        seller={"person": words[4], "source": words[5]},
        lines=[a_line(rng) for _ in range(rng.randrange(4))],
        totals=dict(zip(names, cents, strict=True)),
        payment={"method": rng.choice(("cash", "on_account")), "paid": rng.choice(cents)},
    )


def a_line(rng):
    whole, places = rng.randrange(-10000, 10000), rng.randrange(5)
    exact = f"{whole}.{rng.randrange(10**4):04}"[: len(str(whole)) + (places and places + 1)]
    kind = rng.choice(KINDS)
    return line(kind, name=a_word(rng), quantity=exact, unit_price=exact, amount=whole)


def a_word(rng, letters=LETTERS):
    return "".join(rng.choice(letters) for _ in range(rng.randrange(1, 90)))


def test_every_character_folds_the_same_on_both_sides(tablet):
    # What this Python does not know, a newer browser may.
    known = [chr(c) for c in range(0x20000) if unicodedata.category(chr(c)) not in {"Cn", "Cs"}]
    texts = [f"a{char}b {char}" for char in known]
    folded = tablet.evaluate(FOLDED, texts)
    wrong = [x for x, y in zip(texts, folded, strict=True) if text.to_ascii(x) != y]
    assert wrong == []
    beyond = tablet.evaluate(BEYOND, known)
    wrong = [x for x, y in zip(known, beyond, strict=True) if text.is_beyond_ascii(x) != y]
    assert wrong == []


def test_the_tablet_and_the_server_call_a_sale_the_same(tablet):
    refs = [uuid4() for _ in range(20)]
    assert tablet.evaluate(CODES, [str(ref) for ref in refs]) == [short_code(ref) for ref in refs]
