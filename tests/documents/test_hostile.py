"""Names come from a messy world. Nothing in them is fetched, obeyed, or pushes a figure off the page."""

import hashlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as some
from jinja2 import UndefinedError

from hsh.documents.invoice import html
from hsh.documents.text import clean, to_ascii
from tests.documents.given import ANCHOR, NUMBERS, content, line
from tests.documents.paper import attachments, images, made, pages, reader, text


@pytest.fixture
def tempter():
    """A web server that nobody should ever ask; gives its address and what it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def everywhere(value):
    """Return a content with ``value`` wherever a person may type."""
    return content(
        company__name=value,
        company__address=[value],
        customer={
            "name": value,
            "uen": value,
            "gst_number": value,
            "address": [value],
            "email": value,
        },
        site={"name": value, "address": [value, value]},
        buyer_reference=value,
        note=value,
        seller={"person": value, "source": value},
        lines=[line(name=value, code=value), line("deposit", name=value)],
        balance=[{"name": value, "code": value, "held": 3}],
        reason=value,
        original={"number": value, "issued_on": "2026-11-01"},
    )


def test_markup_in_names_is_printed_as_typed():
    said = text(made(content(customer__name='<b onclick="x">Bold</b> & <script>alert(1)</script>')))
    assert '<b onclick="x">Bold</b> & <script>alert(1)</script>' in said


def test_addresses_in_names_are_never_asked(tempter, tmp_path):
    address, asked = tempter
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    for bait in (
        f'"><img src="{address}/a"><link rel=stylesheet href="{address}/b">',
        f"<link rel=attachment href='file://{secret}'><object data='file://{secret}'></object>",
        f"url({address}/c) @import url({address}/d); </style><style>p{{background:url({address}/e)}}",
        f"asset:{address} font:../../etc/passwd file:///etc/passwd",
    ):
        data = made(everywhere(bait))
        assert "TOPSECRET" not in text(data)
        assert list(attachments(data)) == ["content.json"]
        assert images(data) == []
    assert asked == []


def test_a_logo_cannot_fetch_either(tempter, tmp_path):
    address, asked = tempter
    (tmp_path / "secret.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><text id="t">TOPSECRET</text></svg>'
    )
    body = f"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="20">
      <style>@font-face {{ font-family: x; src: url({address}/b); }}</style>
      <image href="{address}/c" width="9" height="9"/><image href="file://{tmp_path}/secret.svg" width="9" height="9"/>
      <use xlink:href="file://{tmp_path}/secret.svg#t"/><text y="15">OURS</text></svg>""".encode()
    name = hashlib.sha256(body).hexdigest()
    said = text(made(content(company__logo=name), assets={name: body}))
    assert "OURS" in said
    assert "TOPSECRET" not in said
    assert asked == []


def test_bidi_and_control_characters_do_not_reach_the_paper():
    said = html(
        everywhere("A\u202eevil\u2066\u200b\x00\x07\x1b\x9b\u2028B"), numbers=NUMBERS, anchor=ANCHOR
    )
    assert "Aevil B" in said
    assert not any(mark in said for mark in "\u202e\u2066\u200b\x00\x07\x1b\x9b\u2028")


@pytest.mark.parametrize(
    "value",
    [
        "W" * 200,
        "Wide name " * 20,
        "福" * 200,
        "\N{GRINNING FACE}" * 200,
        "Z\u0301\u0302\u0303" * 60,
    ],
)
def test_a_name_of_two_hundred_characters_pushes_no_figure_off_the_page(value):
    data = made(everywhere(value))
    assert "Amount payable S$ 411.25" in text(data)
    for number, page in enumerate(reader(data).pages):
        assert rightmost(page) <= float(page.mediabox.width) - 45, f"page {number + 1}"


def rightmost(page):
    """Return where the rightmost piece of text begins, in points."""
    edges = []
    page.extract_text(
        visitor_text=lambda said, user, matrix, *_: (
            edges.append(matrix[4] * user[0] + user[4]) if said.strip() else None
        )
    )
    return max(edges)


def test_huge_amounts_keep_to_their_column():
    huge = 99_999_999_999
    totals = {
        "net": huge,
        "tax": huge,
        "gross": huge,
        "deposits": 0,
        "rounding": 0,
        "payable": huge,
    }
    said = text(
        made(
            content(
                lines=[line(quantity="123456.1234", unit_price="5432.1234", amount=huge)],
                totals=totals,
            )
        )
    )
    assert "123,456.1234 cyl 5,432.1234 9% 999,999,999.99" in said
    assert "Amount payable S$ 999,999,999.99" in said


def test_missing_data_is_an_error_and_not_a_gap():
    incomplete = content()
    del incomplete["buyer_reference"]
    with pytest.raises(UndefinedError):
        html(incomplete, numbers=NUMBERS, anchor=ANCHOR)


def test_a_hundred_deposits_still_end():
    sheets = pages(made(content(lines=[line("deposit") for _ in range(100)])))
    assert sum(sheet.count("Cylinder deposit") for sheet in sheets) == 100


@settings(max_examples=200, deadline=None, database=None)
@every(some.text(some.characters(exclude_categories=[]), max_size=60))
def test_cleaned_text_is_stable_and_ascii_text_is_ascii(value):
    assert clean(clean(value)) == clean(value)
    assert all(" " <= char <= "~" for char in to_ascii(value))


@settings(max_examples=8, deadline=None, database=None)
@every(some.text(max_size=80))
def test_whatever_people_type_there_is_a_document(value):
    assert made(everywhere(value)).startswith(b"%PDF-")
