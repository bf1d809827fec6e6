"""A web process gets its PDF from a child, which has limits and knows no secrets."""

import subprocess
import sys

import pytest

from hsh.documents import child
from hsh.documents.child import render
from hsh.documents.errors import RenderFailedError
from tests.documents.given import ANCHOR, NUMBERS, content
from tests.documents.paper import a_png, made
from tests.documents.test_pdf_format import logo_of


def test_it_makes_the_same_bytes_as_the_renderer_itself():
    changes, assets = logo_of(a_png())
    of = content(**changes)
    assert render(of, NUMBERS, ANCHOR, assets) == made(of, assets=assets)


def test_a_document_that_cannot_be_made_is_a_clear_error():
    with pytest.raises(RenderFailedError, match="WrongAssetError"):
        render(content(company__logo="ab" * 32), NUMBERS, ANCHOR, {})


def test_it_is_stopped_when_it_takes_too_long():
    with pytest.raises(RenderFailedError, match=r"0\.05 seconds"):
        render(content(), NUMBERS, ANCHOR, {}, seconds=0.05)


def test_a_failure_gives_its_slot_back():
    for _ in range(3):
        with pytest.raises(RenderFailedError):
            render(content(), NUMBERS, ANCHOR, {}, seconds=0.05)
    assert child.SLOTS.acquire(blocking=False)
    child.SLOTS.release()


def test_it_knows_no_secret(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql+pymysql://hsh:secret@db/hsh")
    monkeypatch.setenv("HSH_SECRET_KEY", "secret")
    assert "secret" not in str(child._environment())


def test_asking_for_a_document_loads_no_renderer():
    asked = "import sys, hsh.documents.child, hsh.documents.invoice, hsh.documents.receipt; sys.exit('weasyprint' in sys.modules)"
    assert (
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", asked], cwd=child.ROOT, check=False
        ).returncode
        == 0
    )
