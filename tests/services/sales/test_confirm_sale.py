import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hsh.core.refusals import NoRate, NotAllowed, NotEnoughStock, NotFound, TooOld
from hsh.core.roles import Role
from hsh.core.words import Condition, DocumentKind, PaymentMethod
from hsh.db import db
from hsh.models.books import AuditEntry, OutboxMessage, StockMove
from tests import given
from tests.selling import (
    NOON,
    amounts,
    at,
    count,
    document,
    everything,
    held,
    level,
    meter,
    order,
    paper,
    price_list,
    reading,
    sell,
    size,
    totals,
    transaction,
)


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


def test_usage_cylinders_and_services_are_one_act_with_one_invoice(world):
    given.stock(world.site, {world.sizes["C127"]: 3}, condition=Condition.HELD)
    with at(NOON):
        sold = sell(
            world,
            readings=reading(world.meter, "112.5"),
            cylinders=(*size(delivered=2, collected=3), *size("C50", delivered=1)),
            services=count(world.fee),
            purchase_order="PO 77",
            note="Back door",
        )
    assert (sold.number, sold.document) == ("TRX-2026-000001", "INV-2026-000001")
    assert amounts(sold) == {
        "usage": 1543,  # 12.5 m3 at 1.2345
        "delivery": 12000,  # the 50 kg; the two of 12.7 kg stand before it
        "collection": 0,
        "service": 1000,
    }
    assert totals(sold) == {
        "net": 20903, "tax": 1881, "gross": 22784, "deposits": 0, "rounding": 0, "payable": 22784,
    }  # fmt: skip
    assert level(world.truck, world.sizes["C127"]) == 18
    assert level(world.truck, world.sizes["C127"], Condition.EMPTY) == 3
    assert (held(world), held(world, "C50")) == (2, 1)
    assert meter(world.meter).last_reading == 112.5
    written = paper(sold)
    assert (written["buyer_reference"], written["note"]) == ("PO 77", "Back door")
    assert [b["held"] for b in written["balance"]] == [2, 1]
    assert written["short_code"].replace("-", "").lower() == sold.ref.hex[:8]


def test_the_lines_of_every_size_stand_in_the_order_of_the_trade(world):
    sold = sell(world, cylinders=(*size("C9", delivered=1), *size("C50", delivered=1)))
    assert [line["code"] for line in paper(sold)["lines"]] == ["C9", "C50"]


def test_it_is_audited_with_before_and_after_and_anchored_on_the_document(world):
    sold = sell(world, cylinders=size(delivered=2))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sale.confirm")).one()
    body = json.loads(entry.body)
    paper_of_it = document(sold)
    assert (entry.record_ref, entry.number) == (sold.ref, sold.number)
    assert (paper_of_it.anchor_sequence, paper_of_it.anchor_hash) == (entry.sequence, entry.hash)
    assert body["after"]["content_hash"] == paper_of_it.content_hash
    full = {"place": world.truck.id, "equipment": world.sizes["C127"].id, "condition": "full"}
    assert full | {"quantity": 20} in body["before"]["levels"]
    assert full | {"quantity": 18} in body["after"]["levels"]


def test_the_worker_is_asked_for_the_pdf(world):
    sold = sell(world, cylinders=size(delivered=1))
    message = db.session.scalars(select(OutboxMessage)).one()
    assert (message.topic, message.record_id) == ("document.store", document(sold).id)


def test_an_accessory_is_sold_outright_and_leaves_the_truck(world):
    hose = given.an_accessory()
    given.a_rate("18", of=price_list(world), item=hose)
    given.stock(world.truck, {hose: 5})
    sold = sell(world, accessories=count(hose, 2))
    assert amounts(sold) == {"accessory": 3600}
    assert level(world.truck, hose) == 3


def test_a_size_through_the_meter_is_delivered_and_tracked_and_charged_nothing(world):
    given.through_meter(world.site, world.sizes["C50"])
    sold = sell(world, cylinders=size("C50", delivered=2))
    assert (amounts(sold), held(world, "C50")) == ({"delivery": 0}, 2)


def test_a_visit_with_nothing_sold_gets_an_invoice_for_nothing(world):
    sold = sell(world)
    assert sold.document.startswith("INV-")
    assert totals(sold)["payable"] == 0
    assert paper(sold)["lines"] == []


def test_a_negative_total_is_a_credit_note(world):
    given.stock(world.site, {world.sizes["C127"]: 2}, condition=Condition.HELD)
    sold = sell(world, cylinders=size(returned_full=2))
    assert sold.document.startswith("CN-")
    assert document(sold).kind == DocumentKind.CREDIT_NOTE
    assert totals(sold)["payable"] == -6932


def test_invoices_and_credit_notes_are_counted_each_on_its_own(world):
    given.stock(world.site, {world.sizes["C127"]: 2}, condition=Condition.HELD)
    with at(NOON):
        numbers = [
            sell(world, cylinders=size(**counts)).document
            for counts in ({"delivered": 1}, {"returned_full": 1}, {"delivered": 1})
        ]
    assert numbers == ["INV-2026-000001", "CN-2026-000001", "INV-2026-000002"]


def test_a_truck_that_is_short_says_how_many_there_are_and_leaves_no_trace(world):
    before = everything()
    with pytest.raises(NotEnoughStock) as no:
        sell(
            world,
            readings=reading(world.meter, "120"),
            cylinders=(*size(delivered=21), *size("C50", delivered=1)),
            deposits=count(world.deposit),
        )
    assert no.value.params["shortages"] == [
        {
            "place": world.truck.name,
            "equipment": world.sizes["C127"].name,
            "condition": "full",
            "there": 20,
            "wanted": 21,
        }
    ]
    assert everything() == before
    assert meter(world.meter).last_reading == 100


def test_no_price_says_for_what_and_leaves_no_trace(world):
    bare = given.a_site(given.a_customer())
    before = everything()
    with pytest.raises(NoRate) as no:
        sell(world, site=bare.ref, cylinders=size(delivered=1))
    assert (no.value.field, no.value.params["item"]) == ("delivery-C127", world.sizes["C127"].name)
    assert everything() == before


def test_the_day_of_the_device_chooses_the_price_and_the_server_numbers(world):
    given.a_rate("99", of=price_list(world), item=world.sizes["C127"], starts_on=date(2026, 11, 20))
    with at(NOON):
        late = sell(
            world, cylinders=size(delivered=1), captured_at=NOON - timedelta(days=1), device="A1"
        )
        now = sell(world, cylinders=size(delivered=1))
    assert (amounts(late), amounts(now)) == ({"delivery": 3180}, {"delivery": 9900})
    assert (paper(late)["supply_on"], paper(late)["issued_on"]) == ("2026-11-19", "2026-11-20")
    assert transaction(late).confirmed_on == date(2026, 11, 20)


def test_a_device_in_the_future_is_taken_for_now(world):
    with at(NOON):
        sold = sell(world, captured_at=NOON + timedelta(days=3))
    assert transaction(sold).supply_on == date(2026, 11, 20)


def test_what_is_older_than_seven_days_is_a_supervisors(world):
    week = NOON - timedelta(days=7, seconds=1)
    with at(NOON):
        with pytest.raises(TooOld):
            sell(world, captured_at=week)
        sold = sell(world, captured_at=week, actor=world.supervisor.actor)
    assert transaction(sold).supply_on == date(2026, 11, 13)


def test_the_total_that_the_tablet_had_shown_is_kept_beside_ours(world):
    sold = sell(world, cylinders=size(delivered=1), claimed=3000)
    assert (transaction(sold).claimed, transaction(sold).payable) == (3000, 3466)


def test_a_supervisor_sells_at_the_counter_from_their_depot(world):
    counter = given.a_cash_sale_site(world.depot, price_list(world))
    sold = sell(
        world,
        actor=world.supervisor.actor,
        site=counter.ref,
        source=world.depot.ref,
        cylinders=size(delivered=1),
        payment_method=PaymentMethod.CASH,
    )
    assert level(world.depot, world.sizes["C127"]) == 99
    assert (transaction(sold).source_id, transaction(sold).depot_id) == (world.depot.id,) * 2


def test_nobody_sells_from_what_is_not_theirs(world):
    stranger = given.a_driver(given.a_truck(world.depot))
    elsewhere = given.a_depot()
    for actor, source in (
        (stranger.actor, world.truck),
        (world.driver.actor, world.depot),
        (world.supervisor.actor, elsewhere),
        (given.a_supervisor(elsewhere).actor, world.truck),
    ):
        with pytest.raises(NotFound):
            sell(world, actor=actor, source=source.ref)


def test_a_truck_given_back_yesterday_is_no_longer_theirs(world):
    truck = given.a_truck(world.depot)
    given.assign(world.driver, truck, ends_on=date(2026, 11, 19))
    with at(NOON), pytest.raises(NotFound):
        sell(world, source=truck.ref)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ACCOUNTANT])
def test_admin_and_accountant_do_not_sell(world, role):
    with pytest.raises(NotAllowed):
        sell(world, actor=given.a_user(role).actor)


def test_the_moves_carry_the_transaction_as_their_source(world):
    sold = sell(world, cylinders=size(delivered=2))
    moves = db.session.scalars(
        select(StockMove).where(StockMove.source_type == "transaction")
    ).all()
    assert [(m.kind, m.quantity, m.source_id) for m in moves] == [
        ("delivery", 2, transaction(sold).id)
    ]


def test_a_site_that_is_closed_is_not_sold_to(world):
    from hsh.models.registry import Place

    db.session.get_one(Place, world.site.id).active = False
    db.session.commit()
    with pytest.raises(NotFound):
        sell(world)


def test_the_order_that_was_sent_is_what_is_hashed(world):
    one = order(world, cylinders=size(delivered=1))
    assert one.content_hash() == order(world, cylinders=size(delivered=1)).content_hash()
    assert one.content_hash() != order(world, cylinders=size(delivered=2)).content_hash()
