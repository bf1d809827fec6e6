"""The letterhead and the GST rates, as an admin keeps them in the browser."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from hsh.db import db
from hsh.models.registry import Company, Logo, TaxRate
from hsh.queries.verify import verify
from tests import given
from tests.visitor import words

COMPANY = {
    "version": "1", "name": "HSH Gas Pte Ltd", "uen": "199012345m", "gst_number": "M90312345A",
    "address": "12 Tuas Avenue 7\nSingapore 639212", "cash_rounding": "y",
}  # fmt: skip
RATE = {"code": "SR", "starts_on": "2027-01-01", "rate": "10", "note": "Budget 2026"}


@pytest.fixture
def admin(signed_in):
    given.a_company()
    given.gst()
    return signed_in(given.an_admin())


def a_png(size=(40, 20)):
    kept = BytesIO()
    Image.new("L", size).save(kept, "PNG")
    return kept.getvalue()


def with_logo(data):
    return COMPANY | {"logo": (BytesIO(data), "logo.png")}


def the_company():
    return db.session.get_one(Company, 1)


def test_the_letterhead_is_changed_and_the_books_tell_it(admin, tmp_path):
    assert admin.submit("/registry/company", COMPANY).status_code == 303
    assert (the_company().name, the_company().uen) == ("HSH Gas Pte Ltd", "199012345M")
    assert "HSH Gas Pte Ltd" in admin.get("/registry/company").text
    checks = {one.name: one for one in verify(db.engine, data_dir=tmp_path)}
    assert "company" not in checks["registry.as_audited"].detail


def test_who_comes_second_sees_both_letterheads(admin):
    admin.submit("/registry/company", COMPANY)
    second = admin.submit("/registry/company", COMPANY | {"name": "Other", "cash_rounding": ""})
    assert second.status_code == 409
    assert "Name HSH Gas Pte Ltd Other" in words(second)


def test_a_logo_is_kept_until_it_is_taken_away(admin):
    admin.submit("/registry/company", with_logo(a_png()))
    kept = the_company().logo
    assert db.session.get_one(Logo, kept).image == a_png()
    admin.submit("/registry/company", COMPANY | {"version": "2", "has_logo": "y"})
    assert the_company().logo == kept
    admin.submit("/registry/company", COMPANY | {"version": "3"})
    assert the_company().logo is None


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"<svg onload='x'/>", "Choose a PNG"),
        (a_png()[:-20], "Choose a PNG"),
        (a_png((2001, 1)), "Choose a PNG"),
        (a_png() + b"x" * 200_000 + b"more than that" * 500, "At most 200 KB"),
    ],
    ids=["SVG", "cut off", "too wide", "too large"],
)
def test_a_logo_that_no_document_could_show_is_refused(admin, data, problem):
    refused = admin.submit("/registry/company", with_logo(data))
    assert refused.status_code == 422
    assert problem in words(refused)
    assert db.session.query(Logo).count() == 0


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("uen", "not a uen!", "Use letters"),
        ("email", "a@b.example, c@d.example", "Enter one e-mail"),
        ("name", "", "This is needed"),
    ],
)
def test_a_letterhead_that_will_not_do_is_refused(admin, field, value, problem):
    refused = admin.submit("/registry/company", COMPANY | {field: value})
    assert refused.status_code == 422
    assert problem in words(refused)


def test_a_rate_is_added_and_never_changed(admin):
    assert admin.submit("/registry/taxes", RATE).status_code == 303
    row = db.session.query(TaxRate).filter_by(starts_on=date(2027, 1, 1)).one()
    assert row.rate == Decimal("0.1")
    page = words(admin.get("/registry/taxes"))
    assert "1 Jan 2027 10% Budget 2026" in page
    again = admin.submit("/registry/taxes", RATE | {"rate": "11"})
    assert again.status_code == 422
    assert "This is taken already." in words(again)


@pytest.mark.parametrize("rate", ["-1", "101", "9.123", "nine", ""])
def test_a_rate_that_is_no_percentage_is_refused(admin, rate):
    assert admin.submit("/registry/taxes", RATE | {"rate": rate}).status_code == 422
