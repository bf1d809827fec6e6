"""A price agreed for one sale: the next sale that its page showed it to uses it up, once."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from hsh.blueprints.books.approvals import _carry_out
from hsh.core import clock
from hsh.core.refusals import AlreadyAsked, Invalid, NotAllowed, NotFound, OwnRequest
from hsh.db import atomic, db
from hsh.models.books import AuditEntry
from hsh.models.sales import Document, PriceAgreement, Transaction, TransactionLine
from hsh.queries.sales.visit import visit
from hsh.queries.verify import verify
from hsh.services.books.approvals import ApproveRequest, approving
from hsh.services.sales.agreements import AgreePrice, agree_price
from hsh.services.sales.transactions import confirm_sale
from tests import given
from tests.selling import at_once, order, sell, size, void

approve_request = approving(_carry_out)
AGREED = Decimal("29.5")


@pytest.fixture
def world(app):
    return given.a_world(full_at_depot=20, full_on_truck=20)


def wish(world, **changes):
    return AgreePrice(
        **{
            "actor": world.driver.actor,
            "submission": uuid4(),
            "site": world.site.ref,
            "equipment": "C127",
            "amount": AGREED,
            "valid_until": clock.today(),
            "reason": "They wait for two days",
        }
        | changes
    )


def approve(world, asked):
    return approve_request(
        ApproveRequest(
            actor=world.supervisor.actor, submission=uuid4(), request=asked.ref, reason=""
        )
    )  # fmt: skip


def agreed(world, **changes):
    """A price that was asked for and approved; its ref."""
    approve(world, agree_price(wish(world, **changes)))
    return (
        db.session.scalars(db.select(PriceAgreement).order_by(PriceAgreement.id.desc())).first().ref
    )


def sold_at(outcome):
    return [
        line.unit_price
        for line in db.session.query(TransactionLine)
        .join(Transaction, Transaction.id == TransactionLine.transaction_id)
        .where(Transaction.ref == outcome.ref, TransactionLine.kind == "delivery")
    ]


def content(outcome):
    row = (
        db.session.query(Document)
        .join(Transaction, Transaction.id == Document.transaction_id)
        .where(Transaction.ref == outcome.ref)
    ).one()
    return json.loads(row.content)


def used_by(ref):
    db.session.rollback()
    return db.session.query(PriceAgreement).where(PriceAgreement.ref == ref).one().used_by_id


def broken(tmp_path):
    db.session.rollback()
    checks = verify(db.engine, data_dir=tmp_path)
    apart = ("registry.", "guards.")
    return [check for check in checks if not check.ok and not check.name.startswith(apart)]


def two(world, **changes):
    return sell(world, cylinders=size(delivered=2), **changes)


def test_nothing_is_agreed_until_another_approves(world):
    asked = agree_price(wish(world))
    assert asked.record == "request"
    assert db.session.query(PriceAgreement).count() == 0
    with pytest.raises(AlreadyAsked):
        agree_price(wish(world))


def test_nobody_agrees_with_themselves(world):
    asked = agree_price(wish(world, actor=world.supervisor.actor))
    with pytest.raises(OwnRequest):
        approve(world, asked)


def test_the_next_sale_uses_it_up_and_the_one_after_pays_what_it_did(world, tmp_path):
    ref = agreed(world)
    first, second = two(world, agreed=(ref,)), two(world, agreed=(ref,))
    usual = sold_at(two(world))
    assert sold_at(first) == [AGREED]
    assert sold_at(second) == usual != [AGREED]
    assert used_by(ref) is not None
    assert broken(tmp_path) == []


def test_the_line_of_the_document_names_it(world):
    ref = agreed(world)
    lines = content(two(world, agreed=(ref,)))["lines"]
    assert [line.get("agreed") for line in lines] == [str(ref)]
    assert "agreed" not in content(two(world))["lines"][0]


def test_a_sale_whose_page_did_not_show_it_leaves_it(world):
    ref = agreed(world)
    assert sold_at(two(world)) != [AGREED]
    assert used_by(ref) is None


def test_a_sale_of_something_else_leaves_it(world):
    ref = agreed(world)
    sell(world, cylinders=size(collected=0), agreed=(ref,))
    assert used_by(ref) is None


def test_a_void_gives_it_back(world, tmp_path):
    ref = agreed(world)
    void(world, two(world, agreed=(ref,)))
    assert used_by(ref) is None
    assert broken(tmp_path) == []
    assert sold_at(two(world, agreed=(ref,))) == [AGREED]
    assert broken(tmp_path) == []


def test_it_is_over_after_its_day(world):
    ref = agreed(world)
    tomorrow = clock.now() + timedelta(days=1)
    with clock.running(lambda: tomorrow):
        assert sold_at(two(world, agreed=(ref,))) != [AGREED]


def test_it_is_of_one_site(world):
    ref = agreed(world)
    elsewhere = given.a_site(world.customer)
    assert sold_at(two(world, site=elsewhere.ref, agreed=(ref,))) != [AGREED]
    assert used_by(ref) is None


def test_the_page_shows_it_at_the_price_that_the_sale_takes(world):
    ref = agreed(world)
    seen = visit(
        world.driver.actor, site=world.site.ref, source=world.truck.ref, on=clock.today()
    ).items["C127"]
    assert (seen.price, seen.agreement) == (AGREED, ref)


def test_the_older_of_two_is_used_first(world):
    first, second = agreed(world), agreed(world, amount=Decimal(31))
    assert sold_at(two(world, agreed=(first, second))) == [AGREED]
    assert sold_at(two(world, agreed=(first, second))) == [Decimal(31)]


def test_two_sales_at_once_use_it_once(app, world, tmp_path):
    ref = agreed(world)
    orders = [order(world, cylinders=size(delivered=1), agreed=(ref,)) for _ in range(4)]
    done = at_once(app, [lambda one=one: confirm_sale(one) for one in orders])
    prices = [price for outcome in done for price in sold_at(outcome)]
    assert len(prices) == 4
    assert prices.count(AGREED) == 1
    assert broken(tmp_path) == []


def test_a_form_without_it_is_the_form_that_it_always_was(world):
    plain = order(world, cylinders=size(delivered=1))
    assert "agreed" not in plain.content()
    assert replace(plain, agreed=(uuid4(),)).content_hash() != plain.content_hash()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": Decimal(-1)}, Invalid),
        ({"valid_until": clock.today() - timedelta(days=2)}, Invalid),
        ({"equipment": "C1"}, Invalid),
        ({"equipment": "\N{ARABIC-INDIC DIGIT ONE}"}, Invalid),
        ({"reason": " "}, Invalid),
        ({"site": uuid4()}, NotFound),
    ],
)
def test_what_will_not_do_is_not_asked_for(world, changes, refusal):
    with pytest.raises(refusal):
        agree_price(wish(world, **changes))


def test_an_admin_agrees_no_price(world):
    with pytest.raises(NotAllowed):
        agree_price(wish(world, actor=given.an_admin().actor))


def test_the_books_name_both_and_notice_what_was_bent(world, tmp_path):
    ref = agreed(world)
    told = json.loads(db.session.query(AuditEntry).where(AuditEntry.record_ref == ref).one().body)
    assert told["asked_by"]["id"] == world.driver.id
    assert told["actor"]["id"] == world.supervisor.id
    two(world, agreed=(ref,))
    bend(ref, used_by_id=None)
    assert [check.name for check in broken(tmp_path)] == ["agreements.used_once"]
    bend(ref, amount=Decimal(1))
    assert "agreements.as_audited" in [check.name for check in broken(tmp_path)]


@atomic
def bend(ref, **values):
    db.session.query(PriceAgreement).where(PriceAgreement.ref == ref).update(values)
