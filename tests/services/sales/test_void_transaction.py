import json
from datetime import date

import pytest
from sqlalchemy import select

from hsh.core.refusals import (
    AlreadyReversed,
    Invalid,
    NotAllowed,
    NotEnoughStock,
    NotFound,
    OwnSale,
    RefundTooHigh,
)
from hsh.core.roles import Role
from hsh.core.words import Condition, PaymentMethod, ReadingKind
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.sales import DepositBalance, Discrepancy, Payment
from hsh.services.sales.voids import void_transaction
from tests import given
from tests.distributing import confirm, plan
from tests.selling import (
    NOON,
    amounts,
    at,
    at_once,
    count,
    document,
    everything,
    gst_from,
    held,
    level,
    meter,
    paper,
    price_list,
    reading,
    sell,
    size,
    totals,
    transaction,
    void,
    void_order,
)

CASH = PaymentMethod.CASH


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=20, cash_rounding=True)
    given.stock(world.site, {world.sizes["C127"]: 5}, condition=Condition.HELD)
    return world


def stock(world):
    item = world.sizes["C127"]
    conditions = (Condition.FULL, Condition.PART, Condition.EMPTY)
    return [held(world), *(level(world.truck, item, condition) for condition in conditions)]


def unloaded(world, **counts):
    confirm(world, plan(world, **counts))


def test_everything_goes_back_as_it_was(world):
    before = stock(world)
    sold = sell(
        world,
        readings=reading(world.meter, "112.5"),
        cylinders=size(delivered=4, collected=3, returned_part=1),
        deposits=count(world.deposit),
        payment_method=CASH,
    )
    voided = void(world, sold)
    assert stock(world) == before
    assert totals(voided) == {name: -cents for name, cents in totals(sold).items()}
    assert amounts(voided) == {kind: -cents for kind, cents in amounts(sold).items()}
    payments = db.session.scalars(select(Payment.amount).order_by(Payment.id)).all()
    assert sum(payments) == 0
    assert payments[0] == totals(sold)["payable"]
    (deposits,) = db.session.scalars(select(DepositBalance))
    assert (deposits.quantity, deposits.amount) == (0, 0)
    row = meter(world.meter)
    assert (row.last_reading, row.last_read_on, row.version) == (100, given.LONG_AGO, 2)


def test_the_credit_note_has_its_own_number_and_names_the_invoice_and_the_reason(world):
    with at(NOON):
        sold = sell(world, cylinders=size(delivered=1))
        voided = void(world, sold, reason="Sold to the wrong stall")
    assert (voided.number, voided.document) == ("TRX-2026-000002", "CN-2026-000001")
    said = paper(voided)
    assert said["original"] == {"number": "INV-2026-000001", "issued_on": "2026-11-20"}
    assert said["reason"] == "Sold to the wrong stall"
    assert transaction(voided).voids_id == transaction(sold).id
    assert document(sold).number == "INV-2026-000001"  # a void keeps the first number


def test_it_is_dated_today_at_the_original_price_and_tax(world):
    with at(NOON.replace(day=18)):
        sold = sell(world, cylinders=size(delivered=1))
    given.a_rate("99", of=price_list(world), item=world.sizes["C127"], starts_on=date(2026, 11, 20))
    gst_from(date(2026, 11, 20), "0.2")
    with at(NOON):
        voided = void(world, sold)
    assert paper(voided)["issued_on"] == "2026-11-20"
    assert (amounts(voided), totals(voided)["tax"]) == ({"delivery": -3180}, -286)


def test_voiding_a_credit_note_gives_an_invoice(world):
    returned = sell(world, cylinders=size(returned_full=1))
    assert returned.document.startswith("CN-")
    voided = void(world, returned)
    assert voided.document.startswith("INV-")
    assert totals(voided)["payable"] == 3466


def test_it_is_audited_with_what_it_takes_back(world):
    sold = sell(world, cylinders=size(delivered=1))
    voided = void(world, sold)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sale.void")).one()
    body = json.loads(entry.body)
    assert (entry.record_ref, entry.number) == (voided.ref, voided.number)
    assert body["before"]["transaction"] == sold.number
    assert body["after"]["reason"] == "Wrong site"
    assert document(voided).anchor_sequence == entry.sequence


def test_a_truck_that_has_the_goods_no_more_is_told(world):
    sold = sell(world, cylinders=size(collected=3))
    unloaded(world, empty={"C127": 3})
    before = everything()
    with pytest.raises(NotEnoughStock):
        void(world, sold)
    assert everything() == before


def test_the_supervisor_says_where_the_goods_are_now(world):
    sold = sell(world, cylinders=size(collected=3))
    unloaded(world, empty={"C127": 3})
    voided = void(world, sold, goods_at=world.depot.ref)
    assert held(world) == 5
    assert level(world.depot, world.sizes["C127"], Condition.EMPTY) == 0
    assert transaction(voided).source_id == world.depot.id


def test_what_was_delivered_comes_back_to_where_the_supervisor_says(world):
    voided = void(world, sell(world, cylinders=size(delivered=2)), goods_at=world.depot.ref)
    assert level(world.depot, world.sizes["C127"]) == 102
    assert level(world.truck, world.sizes["C127"]) == 18
    assert voided.document


@pytest.mark.parametrize("place", ["site", "stranger"])
def test_goods_are_only_where_the_supervisor_has_a_say(world, place):
    sold = sell(world, cylinders=size(delivered=1))
    where = world.site if place == "site" else given.a_depot()
    before = everything()
    with pytest.raises((NotFound, Invalid)):
        void(world, sold, goods_at=where.ref)
    assert everything() == before


def test_a_site_that_gave_the_goods_away_since_becomes_a_discrepancy(world):
    sold = sell(world, cylinders=size(delivered=2))
    sell(world, cylinders=size(collected=6))
    void(world, sold)
    (flag,) = db.session.scalars(select(Discrepancy))
    assert flag.quantity == 1
    assert held(world) == 0


def test_whoever_sold_does_not_void(world):
    both = given.a_user(Role.SUPERVISOR, Role.DRIVER, depots=[world.depot])
    given.assign(both, world.truck)
    sold = sell(world, actor=both.actor)
    before = everything()
    with pytest.raises(OwnSale):
        void(world, sold, actor=both.actor)
    assert everything() == before
    assert void(world, sold).number


@pytest.mark.parametrize("role", [Role.DRIVER, Role.ADMIN, Role.ACCOUNTANT])
def test_only_a_supervisor_voids(world, role):
    sold = sell(world)
    with pytest.raises(NotAllowed):
        void(world, sold, actor=given.a_user(role).actor)


def test_another_depots_supervisor_does_not_find_the_sale(world):
    sold = sell(world)
    with pytest.raises(NotFound):
        void(world, sold, actor=given.a_supervisor(given.a_depot()).actor)


def test_a_sale_is_voided_once(world):
    sold = sell(world)
    first = void(world, sold)
    before = everything()
    with pytest.raises(AlreadyReversed) as no:
        void(world, sold)
    assert no.value.params["number"] == first.number
    assert everything() == before


def test_a_void_is_final(world):
    voided = void(world, sell(world))
    with pytest.raises(Invalid) as no:
        void(world, voided, actor=given.a_supervisor(world.depot).actor)
    assert no.value.params["reason"] == "void_is_final"


def test_the_same_void_twice_is_one_credit_note(world):
    wish = void_order(world, sell(world, cylinders=size(delivered=1)))
    first = void_transaction(wish)
    after = everything()
    assert void_transaction(wish) == first
    assert everything() == after


def test_two_supervisors_at_once_make_one_credit_note(app, world):
    sold = sell(world, cylinders=size(delivered=1))
    wishes = [
        void_order(world, sold, actor=given.a_supervisor(world.depot).actor) for _ in range(2)
    ]
    answers = at_once(app, [lambda one=one: void_transaction(one) for one in wishes])
    assert sorted(isinstance(answer, AlreadyReversed) for answer in answers) == [False, True]
    assert held(world) == 5


def test_a_reading_that_is_no_longer_the_newest_stays_and_the_money_goes_back(world):
    first = sell(world, readings=reading(world.meter, "110"))
    sell(world, readings=reading(world.meter, "120", previous="110"))
    voided = void(world, first)
    assert meter(world.meter).last_reading == 120
    assert amounts(voided) == {"usage": -1235}


def test_the_estimate_that_a_reading_settled_is_open_again(world):
    sell(world, readings=reading(world.meter, "110", kind=ReadingKind.ESTIMATED))
    settled = sell(world, readings=reading(world.meter, "120"))
    void(world, settled)
    row = meter(world.meter)
    assert (row.last_reading, row.estimated) == (100, 10)


def test_a_meter_goes_on_after_its_reading_was_taken_back(world):
    void(world, sell(world, readings=reading(world.meter, "110")))
    sold = sell(world, readings=reading(world.meter, "105"))
    assert amounts(sold) == {"usage": 617}


def test_a_deposit_given_back_meanwhile_cannot_be_taken_back_again(world):
    sold = sell(world, deposits=count(world.deposit))
    sell(world, refunds=count(world.deposit))
    before = everything()
    with pytest.raises(RefundTooHigh):
        void(world, sold)
    assert everything() == before


def test_on_account_nothing_is_paid_back(world):
    void(world, sell(world, cylinders=size(delivered=1)))
    assert db.session.scalars(select(Payment)).all() == []


def test_a_sale_for_nothing_can_be_voided(world):
    assert totals(void(world, sell(world)))["payable"] == 0
