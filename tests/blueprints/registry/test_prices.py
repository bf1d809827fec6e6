"""Prices: set from a day on, changed many at once as previewed, withdrawn before they begin."""

import html
import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core import clock
from hsh.core.roles import Role
from hsh.core.words import RateScope
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.registry import PriceList, Rate
from hsh.queries.verify import verify
from tests import given, selling
from tests.visitor import words


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


@pytest.fixture
def admin(world, signed_in):
    return signed_in(given.an_admin())


@pytest.fixture
def code(world):
    return db.session.scalars(select(PriceList.code)).one()


def later(days=1):
    return (clock.today() + timedelta(days=days)).isoformat()


def set_price(admin, of, **changes):
    scope = "price_list" if "-" not in str(of) else "customer"
    sent = {"item": "equipment-C127", "amount": "35.5", "starts_on": later()} | changes
    return admin.submit(f"/prices/{scope}/{of}/set", sent)


def rates(**which):
    db.session.expire_all()
    return [
        (row.scope, row.amount) for row in db.session.scalars(
            select(Rate).filter_by(**which).order_by(Rate.id)
        )
    ]  # fmt: skip


def broken(tmp_path):
    return {c.name: c.detail for c in verify(db.engine, data_dir=tmp_path) if not c.ok}


def test_a_price_holds_from_its_day_on_and_sales_follow_it(world, admin, code):
    assert set_price(admin, code).status_code == 303
    page = words(admin.get(f"/prices/price_list/{code}"))
    assert re.search(r"CYL 12.7 kg \$35.50 \d+ \w+ \d+ Will hold", page)
    assert "CYL 12.7 kg $31.80 1 Jan 2020 Holds now" in page
    today, tomorrow = clock.now(), clock.now() + timedelta(days=1)
    for at, price in ((today, "31.8"), (tomorrow, "35.5")):
        with clock.running(lambda at=at: at):
            sold = selling.sell(world, cylinders=selling.size(delivered=1))
        assert selling.document(sold).content.find(f'"unit_price":"{price}"') > 0


def test_a_price_does_not_begin_in_the_past_nor_twice_on_a_day(admin, code):
    past = set_price(admin, code, starts_on=later(-1))
    assert past.status_code == 422
    assert "A price begins today or later." in words(past)
    assert set_price(admin, code).status_code == 303
    again = set_price(admin, code, amount="36")
    assert again.status_code == 422
    assert "This is taken already." in words(again)
    assert 'value="36"' in again.text


def test_a_customer_has_prices_of_their_own(world, admin):
    assert set_price(admin, world.customer.ref, starts_on=later(0)).status_code == 303
    sold = selling.sell(world, cylinders=selling.size(delivered=1))
    assert selling.document(sold).content.find('"unit_price":"35.5"') > 0
    assert world.customer.name in words(admin.get("/prices"))


def withdraw(admin, code, row):
    return admin.submit(f"/prices/price_list/{code}/{row}/withdraw")


def test_a_price_that_has_not_begun_is_withdrawn_and_its_day_is_free_again(admin, code, tmp_path):
    before = broken(tmp_path)
    set_price(admin, code, amount="355")
    wrong = db.session.scalars(select(Rate.id).where(Rate.amount == Decimal(355))).one()
    assert withdraw(admin, code, wrong).status_code == 303
    assert "$355.00" in words(admin.get(f"/prices/price_list/{code}"))
    assert set_price(admin, code).status_code == 303
    assert withdraw(admin, code, wrong).status_code == 404
    assert broken(tmp_path) == before


def test_a_withdrawn_price_is_paid_by_nobody(world, admin, code):
    set_price(admin, code, amount="355")
    wrong = db.session.scalars(select(Rate.id).where(Rate.amount == Decimal(355))).one()
    withdraw(admin, code, wrong)
    tomorrow = clock.now() + timedelta(days=1)
    with clock.running(lambda: tomorrow):
        sold = selling.sell(world, cylinders=selling.size(delivered=1))
    assert selling.document(sold).content.find('"unit_price":"31.8"') > 0


def test_a_price_that_has_begun_is_not_withdrawn(admin, code):
    row = db.session.scalars(select(Rate.id)).first()
    refused = withdraw(admin, code, row)
    assert refused.status_code == 422
    assert "This price has begun." in words(refused)
    assert db.session.get_one(Rate, row).withdrawn == 0


def wish(code, **changes):
    return {
        "price_list": code, "items": ["equipment-C127", "equipment-C50"], "percent": "5",
        "amount": "", "step": "0.05", "starts_on": later(), "customers": "",
    } | changes  # fmt: skip


def preview(admin, code, **changes):
    return admin.get("/prices/change", query_string=wish(code, **changes))


def commit(admin, page, **changes):
    form = page.text[page.text.index('name="seen"') - 500 :]
    sent = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        sent.setdefault(name, []).append(html.unescape(value))
    return admin.post("/prices/change", sent | {"client_temp_id": str(uuid4())} | changes)


def test_many_prices_change_exactly_as_previewed(admin, code, tmp_path):
    before = broken(tmp_path)
    page = preview(admin, code)
    said = words(page)
    assert "CYL 12.7 kg $31.80 $33.40 +$1.60" in said
    assert "CYL 50 kg $120.00 $126.00 +$6.00" in said
    assert commit(admin, page).status_code == 303
    assert rates(starts_on=clock.today() + timedelta(days=1)) == [
        ("price_list", Decimal("33.4")),
        ("price_list", Decimal(126)),
    ]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "price.change")).one()
    assert '"amount":"33.4"' in entry.body
    assert broken(tmp_path) == before


def test_a_price_of_many_that_was_changed_by_hand_shows(admin, code, tmp_path):
    commit(admin, preview(admin, code))
    before = broken(tmp_path)
    db.session.scalars(select(Rate).where(Rate.amount == Decimal(126))).one().amount = Decimal(12)
    db.session.commit()
    assert broken(tmp_path)["registry.as_audited"] != before["registry.as_audited"]


def test_a_change_that_comes_twice_is_done_once(admin, code):
    page, form = preview(admin, code), str(uuid4())
    answers = [commit(admin, page, client_temp_id=form).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert len(rates(starts_on=clock.today() + timedelta(days=1))) == 2


def test_what_changed_meanwhile_is_shown_afresh_and_nothing_is_set(admin, code):
    page = preview(admin, code)
    set_price(admin, code, starts_on=later(0))
    refused = commit(admin, page)
    assert refused.status_code == 409
    assert "Something changed since you looked." in words(refused)
    assert "CYL 12.7 kg $35.50 $37.30" in words(refused)
    assert rates(starts_on=clock.today() + timedelta(days=1)) == []
    assert commit(admin, refused).status_code == 303


def test_customers_found_by_their_words_get_prices_of_their_own(world, admin, code):
    page = preview(admin, code, customers=world.customer.name, amount="30", percent="")
    assert f"{world.customer.name} customer CYL 12.7 kg $31.80 $30.00 \N{MINUS SIGN}$1.80" in words(
        page
    )
    assert commit(admin, page).status_code == 303
    assert rates(scope=RateScope.CUSTOMER) == [("customer", Decimal(30))] * 2


def test_own_prices_change_too_when_that_is_asked(world, admin, code):
    set_price(admin, world.customer.ref, starts_on=later(0), amount="20")
    assert "$20.00 $21.00" not in words(preview(admin, code))
    assert "customer CYL 12.7 kg $20.00 $21.00 +$1.00" in words(preview(admin, code, own_too="y"))


def test_a_price_of_that_very_day_stays_and_is_named(admin, code):
    set_price(admin, code)
    page = preview(admin, code)
    assert "from that very day already" in words(page)
    assert commit(admin, page).status_code == 303
    assert rates(starts_on=clock.today() + timedelta(days=1)) == [
        ("price_list", Decimal("35.5")),
        ("price_list", Decimal(126)),
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"amount": "30"}, "Enter a percentage or a new price, not both."),
        ({"percent": ""}, "Enter a percentage or a new price, not both."),
        ({"percent": "-100"}, "From -99 to 1000."),
        ({"items": []}, "This is needed."),
        ({"starts_on": "2020-01-01"}, "A price begins today or later."),
        ({"starts_on": "soon"}, "Enter a date as YYYY-MM-DD."),
        ({"price_list": "NONE"}, "Not a valid choice"),
    ],
)
def test_a_wish_that_will_not_do_is_told_and_nothing_typed_is_lost(admin, code, changes, says):
    page = preview(admin, code, **{"customers": "Kopi"} | changes)
    assert page.status_code == 422
    assert says in words(page)
    assert 'value="Kopi"' in page.text


def test_a_price_list_is_added_with_gst_inside(admin):
    sent = {"code": "home", "name": "Households", "tax_inclusive": "y"}
    assert admin.submit("/prices/lists", sent).headers["Location"] == "/prices/price_list/HOME"
    assert "With GST inside." in words(admin.get("/prices/price_list/HOME"))
    assert admin.submit("/prices/lists", sent).status_code == 422


def test_the_office_looks_and_an_admin_alone_sets_prices(world, signed_in, code):
    visitor = signed_in(given.a_user(Role.ACCOUNTANT))
    assert "Set a price" not in words(visitor.get(f"/prices/price_list/{code}"))
    assert set_price(visitor, code).status_code == 403
    assert visitor.get("/prices/change").status_code == 403
    assert signed_in(world.driver).get("/prices").status_code == 403


def test_a_price_list_that_no_code_can_name_is_not_there(admin):
    assert admin.get("/prices/price_list/\N{ARABIC-INDIC DIGIT ONE}").status_code == 404
