"""The PDF as a file: the same bytes on any day, archivable, and its own witness."""

import hashlib
import json
import os
import subprocess
import sys

import pytest

from hsh.core.canonical import canonical
from hsh.documents import fonts
from hsh.documents.child import ROOT
from hsh.documents.content import Anchor, Numbers
from hsh.documents.errors import MissingFontsError, UnknownLayoutError, WrongAssetError
from tests.documents import paper
from tests.documents.given import ANCHOR, NUMBERS, content, credit_note, long
from tests.documents.paper import a_png, attachments, images, made, reader

MAKE = """
import hashlib, json, sys
from hsh.documents.content import Anchor, Numbers
from hsh.documents.pdf import pdf
for content in json.load(sys.stdin):
    bytes_ = pdf(content, numbers=Numbers("INV-1", "TRX-1"), anchor=Anchor(7, "ab" * 32), assets={})
    print(hashlib.sha256(bytes_).hexdigest())
"""
CHINESE = {"customer__name": "福建興茶室 (龙记)", "site__name": "முருகன் உணவகம்"}


def elsewhere(*contents, **environment):
    """Return the hashes of PDFs made by a fresh process."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", MAKE],
        input=json.dumps(contents).encode(),
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
    ).stdout.split()


def here(of):
    return (
        hashlib.sha256(made(of, numbers=Numbers("INV-1", "TRX-1"), anchor=Anchor(7, "ab" * 32)))
        .hexdigest()
        .encode()
    )


def test_two_processes_make_the_same_bytes_whatever_the_day_and_the_order():
    plain, chinese, many = content(), content(**CHINESE), long(30)
    first = elsewhere(plain, chinese, many, TZ="UTC", PYTHONHASHSEED="1")
    second = elsewhere(many, chinese, plain, TZ="Asia/Tokyo", PYTHONHASHSEED="2", LC_ALL="C.UTF-8")
    assert first == second[::-1]
    assert [here(chinese), here(plain)] == [first[1], first[0]]


@pytest.mark.parametrize(
    "change",
    [
        {"numbers": Numbers("INV-2026-000013", "TRX-2026-000015")},
        {"anchor": Anchor(124, ANCHOR.hash)},
    ],
)
def test_another_number_or_anchor_is_another_document(change):
    one, other = reader(made(content())), reader(made(content(), **change))
    assert one.trailer["/ID"] != other.trailer["/ID"]


def test_it_declares_itself_as_pdf_a_3u():
    data = made(content())
    xmp = reader(data).root_object["/Metadata"].get_data().decode()
    assert 'part="3"' in xmp
    assert 'conformance="U"' in xmp
    assert "/GTS_PDFA1" in str(reader(data).root_object["/OutputIntents"])
    assert data.startswith(b"%PDF-1.7")


def test_its_metadata_comes_from_the_content_and_not_from_the_clock():
    info = reader(made(content())).metadata
    assert info.title == "Tax Invoice INV-2026-000012"
    assert info.author == "Hock Soon Heng LPG Pte Ltd"
    assert info.creation_date.isoformat() == "2026-11-20T14:03:11+08:00"
    assert info.modification_date == info.creation_date


def test_the_frozen_content_travels_inside():
    of = content(**CHINESE)
    assert attachments(made(of)) == {"content.json": canonical(of).encode()}


@pytest.mark.parametrize("changes", [{}, CHINESE, {"note": "😀 مرحبا 한국 \u0e2a\u0e27"}])
def test_every_font_is_embedded_and_packaged_and_has_every_glyph(changes):
    used = paper.fonts(made(content(**changes)))
    assert len(used) >= 2
    for name, encoding, embedded in used:
        assert name.split("+")[1].startswith(("Inter", "Noto-Sans-Tamil", "noto-sans-sc"))
        assert (encoding, embedded) == ("Identity-H", "yes"), (
            "another encoding stands in for missing glyphs"
        )


def test_chinese_and_tamil_names_print():
    said = paper.text(made(content(**CHINESE)))
    assert "福建興茶室 (龙记)" in said
    assert "முருகன்" in said


def test_a_latin_document_takes_no_chinese_font():
    _, pieces = fonts.printable("<p>Café — S$ 5.00</p>")
    assert pieces == []


def test_what_no_font_has_leaves_a_visible_mark():
    assert "□ Kitchen" in paper.text(made(content(customer__name="\N{GRINNING FACE} Kitchen")))


def logo_of(body):
    name = hashlib.sha256(body).hexdigest()
    return {"company__logo": name}, {name: body}


def test_a_png_logo_prints():
    changes, assets = logo_of(a_png())
    assert len(images(made(content(**changes), assets=assets))) == 1
    assert images(made(content())) == []


def test_an_svg_logo_prints():
    changes, assets = logo_of(
        b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">LOGOTYPE</text></svg>'
    )
    assert "LOGOTYPE" in paper.text(made(content(**changes), assets=assets))


def test_a_logo_that_is_not_handed_in_is_an_error_and_not_a_gap():
    with pytest.raises(WrongAssetError):
        made(content(company__logo="ab" * 32))


def test_a_logo_with_other_bytes_than_its_hash_is_an_error():
    changes, assets = logo_of(a_png())
    with pytest.raises(WrongAssetError):
        made(content(**changes), assets=dict.fromkeys(assets, b"<svg/>"))


def test_another_layout_is_refused():
    with pytest.raises(UnknownLayoutError):
        made(content(layout=2))


def test_without_fonts_it_says_what_to_type(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "TEXT", tmp_path)
    with pytest.raises(MissingFontsError, match="make run"):
        fonts.require()


def test_a_credit_note_has_its_own_title():
    assert reader(made(credit_note(), numbers=NUMBERS)).metadata.title.startswith("Credit Note")
