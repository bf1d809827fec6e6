"""A tablet's queue arrives: what waited offline is in the books once, in order, with its numbers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hsh.core import clock
from hsh.core.words import Condition
from hsh.db import Base, db
from hsh.models.books import RefusedSubmission, StockLevel, Submission
from hsh.models.device import Device
from hsh.models.logistics import Distribution
from hsh.models.sales import Transaction
from tests import given
from tests.syncing import Tablet, broken

SEEN = {"devices", "user_sessions"}


@pytest.fixture
def world(app):
    return given.a_world()


@pytest.fixture
def tablet(app, world):
    return Tablet(app, world.driver)


def rows():
    """How many rows stand in each table, but for what a tablet reports of itself."""
    return {
        name: db.session.scalar(select(func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
        if name not in SEEN
    }


def full_on(truck, size):
    return db.session.scalar(
        select(StockLevel.quantity).filter_by(
            place_id=truck.id, equipment_id=size.id, condition=Condition.FULL
        )
    )


def a_day(tablet, world):
    plan = tablet.plan(world, C127=5)
    confirm = tablet.confirm(plan)
    return plan, confirm, tablet.sale(world, confirm, C127=2)


def test_a_day_underground_is_planned_confirmed_and_sold_from_in_one_batch(
    tablet, world, tmp_path
):  # fmt: skip
    plan, confirm, sale = a_day(tablet, world)
    answer = tablet.send(sale, plan, confirm)
    assert [result["state"] for result in answer["results"]] == ["applied"] * 3
    assert [result["client_temp_id"] for result in answer["results"]] == [
        one["client_temp_id"] for one in (sale, plan, confirm)
    ]
    load = answer["map"][confirm["client_temp_id"]]
    assert (load["type"], load["ref"]) == ("distribution", plan["client_temp_id"])
    assert load["number"].startswith("DIST-")
    sold = answer["map"][sale["client_temp_id"]]
    found = db.session.scalars(select(Transaction)).one()
    assert sold == {
        "type": "transaction", "id": found.id, "ref": sale["client_temp_id"],
        "number": sold["number"], "document": sold["document"],
        "payable": found.payable,
    }  # fmt: skip
    assert (sold["number"][:4], sold["document"][:4]) == ("TRX-", "INV-")
    assert full_on(world.truck, world.sizes["C127"]) == 3
    assert broken(tmp_path) == []


def test_the_whole_batch_sent_again_gets_the_same_answers_and_writes_nothing(tablet, world):
    day = a_day(tablet, world)
    first, before = tablet.send(*day), rows()
    again = tablet.send(*day)
    assert again["results"] == first["results"]
    assert again["map"] == first["map"]
    assert rows() == before


def test_what_was_sent_from_its_page_is_the_same_form_in_the_queue(tablet, world):
    sale = tablet.sale(world, C127=1)
    given.stock(world.truck, {world.sizes["C127"]: 3})
    fields = sale["fields"] | {"client_temp_id": sale["client_temp_id"]}
    assert tablet.post(sale["path"], fields).status_code == 303
    assert tablet.states(sale) == ["applied"]
    assert db.session.scalar(select(func.count()).select_from(Transaction)) == 1


def test_a_chain_may_arrive_in_several_batches(tablet, world):
    plan, confirm, sale = a_day(tablet, world)
    assert [tablet.states(one) for one in (plan, confirm, sale)] == [["applied"]] * 3


def test_a_refused_parent_blocks_what_needs_it_and_nothing_else(tablet, world):
    given.stock(world.truck, {world.sizes["C9"]: 5})
    plan = tablet.plan(world, C127=1000)
    confirm = tablet.confirm(plan)
    child, other = tablet.sale(world, confirm, C127=2), tablet.sale(world, C9=1)
    answer = tablet.send(plan, confirm, child, other)
    assert [(r["state"], r["code"]) for r in answer["results"]] == [
        ("applied", ""), ("rejected", "not_enough_stock"), ("blocked", "waits"), ("applied", ""),
    ]  # fmt: skip
    assert "Jurong depot has 100 full" in answer["results"][1]["message"]


def test_what_was_blocked_goes_through_once_its_parent_does(tablet, world):
    plan = tablet.plan(world, C127=150)
    confirm = tablet.confirm(plan)
    sale = tablet.sale(world, confirm, C127=2)
    assert tablet.states(plan, confirm, sale) == ["applied", "rejected", "blocked"]
    assert tablet.states(sale) == ["blocked"]
    given.stock(world.depot, {world.sizes["C127"]: 50})
    assert tablet.states(confirm, sale) == ["applied", "applied"]


def test_a_form_put_right_takes_the_place_of_the_refused_one(tablet, world, tmp_path):
    wrong = tablet.plan(world)
    confirm = tablet.confirm(wrong)
    sale = tablet.sale(world, confirm, C127=2)
    assert tablet.states(wrong, confirm, sale) == ["rejected", "blocked", "blocked"]
    right = tablet.plan(world, C127=5) | {"replaces": wrong["client_temp_id"]}
    answer = tablet.send(right, confirm | {"seq": right["seq"] + 1}, sale | {"seq": 10**6})
    assert [r["state"] for r in answer["results"]] == ["applied"] * 3
    assert answer["map"][confirm["client_temp_id"]]["ref"] == right["client_temp_id"]
    assert broken(tmp_path) == []


def test_what_needs_a_form_that_was_put_right_earlier_still_finds_it(tablet, world):
    wrong = tablet.plan(world)
    confirm = tablet.confirm(wrong)
    assert tablet.states(wrong) == ["rejected"]
    right = tablet.plan(world, C127=5) | {"replaces": wrong["client_temp_id"]}
    assert tablet.states(right) == ["applied"]
    assert tablet.states(confirm) == ["applied"]


def test_a_form_that_was_put_right_is_not_done_as_well(tablet, world):
    wrong = tablet.sale(world, C127=2)
    assert tablet.states(wrong) == ["rejected"]
    given.stock(world.truck, {world.sizes["C127"]: 10})
    right = tablet.sale(world, C127=1) | {"replaces": wrong["client_temp_id"]}
    assert tablet.states(right) == ["applied"]
    answer = tablet.send(wrong)
    assert answer["map"][wrong["client_temp_id"]]["ref"] == right["client_temp_id"]
    assert db.session.scalar(select(func.count()).select_from(Transaction)) == 1


def test_a_form_that_was_done_meanwhile_is_not_put_right_as_well(tablet, world):
    wrong = tablet.sale(world, C127=2)
    assert tablet.states(wrong) == ["rejected"]
    given.stock(world.truck, {world.sizes["C127"]: 10})
    assert tablet.states(wrong) == ["applied"]
    right = tablet.sale(world, C127=1) | {"replaces": wrong["client_temp_id"]}
    [answer] = tablet.send(right)["results"]
    assert (answer["state"], answer["code"]) == ("rejected", "replaced")
    assert db.session.scalar(select(func.count()).select_from(Transaction)) == 1


def test_nobody_takes_the_place_of_someone_elses_form(app, tablet, world):
    theirs = tablet.sale(world, C127=2)
    assert tablet.states(theirs) == ["rejected"]
    stranger, truck = given.a_driver_with_truck(world.depot)
    given.stock(truck, {world.sizes["C127"]: 10})
    given.stock(world.truck, {world.sizes["C127"]: 10})
    other = Tablet(app, stranger)
    bad = other.sale(world, C127=1) | {"replaces": theirs["client_temp_id"]}
    bad["fields"]["source"] = str(truck.ref)
    [answer] = other.send(bad)["results"]
    assert (answer["state"], answer["code"]) == ("rejected", "not_found")
    assert tablet.states(theirs) == ["applied"]


@pytest.mark.parametrize(
    "poison",
    [
        None, 7, [], {}, "x" * 1000, {"client_temp_id": 5}, {"client_temp_id": "not-a-uuid"},
        {"schema": 99}, {"schema": True}, {"op": None}, {"op": "sale.void"}, {"op": "no.such"},
        {"path": 5}, {"path": "//evil.example/sale"}, {"path": "/distributions/plan"},
        {"path": "/sites/x/sale"}, {"path": "/" + "x" * 299}, {"path": "/sites?\ud800"},
        {"seq": "1"}, {"seq": -1}, {"seq": 10**30}, {"seq": None}, {"fields": []},
        {"fields": {"delivery-C127": 5}}, {"fields": {"note": ["a", {"b": 1}]}},
        {"fields": {"note": "\ud800", "source": "\x00"}}, {"fields": {"source": "x" * 6000}},
        {"fields": {f"f{n}": "1" for n in range(2_001)}}, {"refs": "abc"}, {"refs": [None]},
        {"refs": [given.NOBODYS_REF] * 51}, {"captured_at": "yesterday"}, {"captured_at": 5},
        {"captured_at": "9999-12-31T23:59:59+00:00"}, {"user": "me"}, {"replaces": 1},
        {"report": 5}, {"report": "x" * 1001}, {"report": "bell \x07"},
    ],
    ids=repr,
)  # fmt: skip
def test_a_poisonous_item_is_answered_and_spoils_no_other(tablet, world, poison):
    given.stock(world.truck, {world.sizes["C127"]: 100})
    good = [tablet.sale(world, C127=1) for _ in range(3)]
    bad = tablet.sale(world, C127=1) | poison if isinstance(poison, dict) and poison else poison
    answer = tablet.send(*good[:2], bad, good[2])
    assert [r["state"] for r in answer["results"]] == ["applied", "applied", "rejected", "applied"]
    assert answer["results"][2]["message"]


def test_one_poisonous_item_among_a_hundred_stops_none(tablet, world):
    given.stock(world.truck, {world.sizes["C127"]: 99})
    sales = [tablet.sale(world, C127=1) for _ in range(100)]
    sales[37]["fields"]["payment_method"] = "seashells"
    states = tablet.states(*sales)
    assert states.pop(37) == "rejected"
    assert set(states) == {"applied"}


def test_an_item_that_breaks_the_server_is_kept_for_another_try(tablet, world, monkeypatch):
    from hsh.blueprints.device import ops

    given.stock(world.truck, {world.sizes["C127"]: 9})
    sales = [tablet.sale(world, C127=1) for _ in range(5)]
    op = ops.OPS["sale.confirm"]

    def break_at_the_third(command):
        if str(command.submission) == sales[2]["client_temp_id"]:
            db.session.execute(db.text("SELECT * FROM no_such_table"))
        return op.service(command)

    from dataclasses import replace

    monkeypatch.setitem(ops.OPS, "sale.confirm", replace(op, service=break_at_the_third))
    assert tablet.states(*sales) == ["applied", "applied", "retry", "applied", "applied"]


def test_two_forms_under_one_uuid_are_two_answers(tablet, world):
    given.stock(world.truck, {world.sizes["C127"]: 9})
    sale = tablet.sale(world, C127=1)
    other = tablet.sale(world, C127=2) | {"client_temp_id": sale["client_temp_id"]}
    answer = tablet.send(sale, other, sale)
    assert [(r["state"], r["code"]) for r in answer["results"]] == [
        ("applied", ""), ("rejected", "submission_reused"), ("applied", ""),
    ]  # fmt: skip


def test_another_persons_item_stays_theirs(app, tablet, world):
    given.stock(world.truck, {world.sizes["C127"]: 9})
    sale = tablet.sale(world, C127=1)
    mate = given.a_driver(world.truck)
    other = Tablet(app, mate)
    assert other.states(sale) == ["not_yours"]
    assert tablet.states(sale) == ["applied"]
    answer = other.send(sale | {"user": str(mate.ref)})
    assert [r["state"] for r in answer["results"]] == ["not_yours"]
    assert answer["map"] == {}


def test_who_is_signed_out_is_told_so_in_json(app):
    from tests.visitor import Visitor

    stranger = Visitor(app)
    hello = stranger.get("/sync/hello")
    assert (hello.status_code, hello.json["error"]) == (401, "signed_out")
    assert stranger.client.post("/sync", json={}).status_code == 401


def test_a_stale_token_is_told_apart_and_renewed(tablet, world):
    sale = tablet.sale(world, C127=1)
    answer = tablet.post_json("/sync", tablet.envelope(sale), csrf=False)
    assert answer.status_code == 419
    token = answer.headers["X-CSRF-Token"]
    again = tablet.client.post(
        "/sync", json=tablet.envelope(sale), headers={"X-CSRFToken": token}
    )  # fmt: skip
    assert again.status_code == 200


def test_hello_gives_what_a_tablet_needs_to_send(tablet, world):
    hello = tablet.get("/sync/hello")
    assert hello.headers["X-HSH"] == "1"
    assert hello.json["user"] == {
        "ref": str(world.driver.ref),
        "username": world.driver.username,
        "name": world.driver.actor.name,
    }
    assert hello.json["schemas"] == [1]
    sent = tablet.client.post(
        "/sync", json=tablet.envelope(), headers={"X-CSRFToken": hello.json["csrf_token"]}
    )
    assert sent.json["results"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[]", 422), ("null", 422), ("{", 422), ("", 422), ("[" * 100_000, 422),
        ('{"device_id": "t"}', 422), ('{"device_id": "t", "items": {}}', 422),
        ('{"device_id": "a b", "items": []}', 422), ('{"device_id": 5, "items": []}', 422),
        ('{"device_id": "t", "items": [], "device_now": "noon"}', 422),
        ('{"device_id": "t", "items": [], "waiting": -1}', 422),
        ('{"device_id": "t", "items": [], "oldest_at": 4}', 422),
        ('{"device_id": "t", "items": [], "name": "\\u0007"}', 422),
        ('{"device_id": "t", "items": [' + ",".join(["1"] * 501) + "]}", 413),
        ('"' + "x" * 2**20 + '"', 413),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_a_broken_envelope_is_a_clear_no(tablet, body, status):
    answer = tablet.client.post(
        "/sync", data=body, content_type="application/json",
        headers={"X-CSRFToken": tablet.csrf_token()},
    )  # fmt: skip
    assert answer.status_code == status, answer.text
    assert answer.json["message"]


def test_an_act_that_must_not_wait_is_refused_in_words(tablet, world):
    void = tablet.item("sale.void", f"/transactions/{uuid4()}/void", {"reason": "x"})
    [answer] = tablet.send(void)["results"]
    assert (answer["state"], answer["code"]) == ("rejected", "must_not_wait")
    assert "with a network" in answer["message"]


def test_the_time_of_the_act_is_corrected_by_the_clock_of_the_tablet(tablet, world):
    given.stock(world.truck, {world.sizes["C127"]: 9})
    now = clock.now()
    wrong = timedelta(days=3)
    sale = tablet.sale(world, C127=1)
    sale["captured_at"] = (now + wrong - timedelta(hours=2)).isoformat()
    answer = tablet.send(sale, device_now=(now + wrong).isoformat())
    assert answer["results"][0]["state"] == "applied"
    kept = db.session.scalars(select(Submission.captured_at).filter_by(op="sale.confirm")).one()
    assert abs(kept - (now - timedelta(hours=2))) < timedelta(minutes=1)
    [device] = db.session.scalars(select(Device))
    assert abs(timedelta(milliseconds=device.clock_ahead_ms) - wrong) < timedelta(minutes=1)


def test_a_sale_older_than_seven_days_waits_for_a_supervisor(tablet, world):
    given.stock(world.truck, {world.sizes["C127"]: 9})
    sale = tablet.sale(world, C127=1)
    sale["captured_at"] = (clock.now() - timedelta(days=8)).isoformat()
    [answer] = tablet.send(sale)["results"]
    assert (answer["state"], answer["code"]) == ("rejected", "too_old")


def test_what_a_tablet_was_refused_is_kept_as_it_was_sent(tablet, world):
    sale = tablet.sale(world, C127=2)
    unfit = tablet.sale(world, C127=2)
    unfit["fields"]["payment_method"] = "seashells"
    tablet.send(sale, unfit)
    kept = db.session.scalars(select(RefusedSubmission).order_by(RefusedSubmission.id)).all()
    assert [one.code for one in kept] == ["not_enough_stock", "form_unfit"]
    assert '"delivery-C127": ["2"]' in kept[0].sent
    assert '"payment_method": ["seashells"]' in kept[1].sent


def test_a_form_handed_to_the_supervisor_is_parked_with_a_word(tablet, world):
    given.stock(world.truck, {world.sizes["C127"]: 9})
    sale = tablet.sale(world, C127=2) | {"report": "They paid, but the app says no."}
    [answer] = tablet.send(sale)["results"]
    assert (answer["state"], answer["code"]) == ("rejected", "reported")
    kept = db.session.scalars(select(RefusedSubmission)).one()
    assert "They paid" in kept.params
    assert db.session.scalar(select(func.count()).select_from(Transaction)) == 0


def test_a_form_that_was_done_is_not_parked(tablet, world):
    given.stock(world.truck, {world.sizes["C127"]: 9})
    sale = tablet.sale(world, C127=2)
    assert tablet.states(sale) == ["applied"]
    assert tablet.states(sale | {"report": "Did it arrive?"}) == ["applied"]


def test_a_tablet_reports_what_waits_on_it(tablet, world):
    since = clock.now() - timedelta(hours=3)
    tablet.get(
        "/sync/hello",
        query_string={
            "device_id": "tablet-1", "name": "Tab A9", "app_version": "1.4", "waiting": "7",
            "oldest_at": since.isoformat(), "device_now": clock.now().isoformat(),
        },
    )  # fmt: skip
    device = db.session.scalars(select(Device)).one()
    assert (device.device, device.name, device.app_version) == ("tablet-1", "Tab A9", "1.4")
    assert device.waiting == 7
    assert abs(device.oldest_at - since) < timedelta(minutes=1)


def test_drafts_are_dropped_and_edited_from_the_queue_too(tablet, world):
    plan, given_up = tablet.plan(world, C127=5), tablet.plan(world, C127=5)
    fields = plan["fields"] | {"out_full-C127": "7", "version": "1"}
    edit = tablet.item(
        "distribution.edit", f"/distributions/{plan['client_temp_id']}/edit", fields, plan
    )
    drop = tablet.item(
        "distribution.drop", f"/distributions/{given_up['client_temp_id']}/drop", {}, given_up
    )
    assert set(tablet.states(plan, given_up, edit, drop)) == {"applied"}
    drafts = {str(d.ref): d for d in db.session.scalars(select(Distribution))}
    assert [line.quantity for line in drafts[plan["client_temp_id"]].lines] == [7]
    assert drafts[given_up["client_temp_id"]].dropped_at


def test_two_tablets_and_a_page_sell_from_one_truck_at_once(app, tablet, world, tmp_path):
    given.stock(world.truck, dict.fromkeys(world.sizes.values(), 100))
    mate = Tablet(app, given.a_driver(world.truck))
    pages = Tablet(app, world.driver)
    queues = [[one.sale(world, C127=1, C9=1, C14=1) for _ in range(20)] for one in (tablet, mate)]
    forms = [pages.sale(world, C14=1, C127=1) for _ in range(10)]

    def submit():
        fields = [one["fields"] | {"client_temp_id": one["client_temp_id"]} for one in forms]
        return [pages.post(forms[0]["path"], each).status_code for each in fields]

    with ThreadPoolExecutor(5) as pool:
        sent = [pool.submit(tablet.states, *queues[0]), pool.submit(mate.states, *queues[1])]
        sent += [pool.submit(Tablet(app, world.driver).states, *queues[0])]
        typed = pool.submit(submit)
        assert [set(one.result()) for one in sent] == [{"applied"}] * 3
        assert set(typed.result()) == {303}
    assert db.session.scalar(select(func.count()).select_from(Transaction)) == 50
    assert broken(tmp_path) == []


def test_readings_of_one_meter_chain_in_one_batch_past_a_refusal(tablet, world, tmp_path):
    given.stock(world.truck, {world.sizes["C127"]: 9})
    meter = world.meter.ref

    def read(previous, current, **counts):
        sale = tablet.sale(world, **counts)
        parts = {"kind": "normal", "previous": previous, "current": current}
        sale["fields"] |= {f"meter-{meter}-{part}": str(value) for part, value in parts.items()}
        return sale

    visits = [read(100, 110), read(110, 120, C127=99), read(110, 125, C127=1), read(125, 130)]
    assert tablet.states(*visits) == ["applied", "rejected", "applied", "applied"]
    assert broken(tmp_path) == []
