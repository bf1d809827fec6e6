"""A supervisor settles what a tablet was refused: done after all, or refused for good."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hsh.core import clock
from hsh.core.words import Condition
from hsh.db import db
from hsh.models.books import AuditEntry, RefusedSubmission, Settlement, StockLevel
from hsh.models.sales import Transaction
from tests import given
from tests.syncing import Tablet, broken
from tests.visitor import Visitor, words


@pytest.fixture
def world(app):
    return given.a_world()


@pytest.fixture
def tablet(app, world):
    return Tablet(app, world.driver)


@pytest.fixture
def office(app, world):
    return Visitor(app).enter(world.supervisor)


@pytest.fixture
def refused(tablet, world):
    """A sale from an empty truck."""
    sale = tablet.sale(world, C127=2)
    assert tablet.states(sale) == ["rejected"]
    return sale


def page(item):
    return f"/refusals/{item['client_temp_id']}"


def sales():
    return db.session.scalars(select(Transaction)).all()


def test_the_list_says_who_was_refused_what_and_why(office, refused, world):
    said = words(office.get("/refusals"))
    assert world.driver.actor.name in said
    assert "Sale confirmed" in said
    assert "has 0 full CYL 12.7 kg; you asked for 2" in said


def test_the_page_shows_what_the_driver_sent(office, refused):
    shown = office.get(page(refused))
    assert 'name="sent:delivery-C127" value="2"' in shown.text
    assert "has 0 full CYL 12.7 kg" in words(shown)


def test_what_was_missing_is_counted_in_and_the_sale_is_done_as_it_was_sent(
    office, tablet, refused, world, tmp_path
):
    fields = {"reason": "Loaded without a form", "post_missing": "y"}
    assert office.post(page(refused) + "/accept", fields).status_code == 303
    [sale] = sales()
    assert str(sale.ref) == refused["client_temp_id"]
    assert sale.seller_id == world.driver.id
    truck = db.session.scalar(
        select(StockLevel.quantity).filter_by(
            place_id=world.truck.id, equipment_id=world.sizes["C127"].id, condition=Condition.FULL
        )
    )
    assert truck == 0
    [answer] = tablet.send(refused)["results"]
    assert (answer["state"], answer["ref"]) == ("applied", refused["client_temp_id"])
    assert "Nothing waits for you" in words(office.get("/refusals"))
    assert broken(tmp_path) == []


def test_without_posting_what_is_missing_it_is_refused_again_and_nothing_is_settled(
    office, refused
):  # fmt: skip
    answer = office.post(page(refused) + "/accept", {"reason": "Try"})
    assert answer.status_code == 409
    assert "has 0 full" in words(answer)
    assert sales() == []
    assert db.session.scalars(select(Settlement)).all() == []


def test_a_correction_is_done_and_the_driver_is_told(office, tablet, refused, world):
    given.stock(world.truck, {world.sizes["C127"]: 1})
    fields = {"reason": "One, they say", "sent:delivery-C127": "1"}
    assert office.post(page(refused) + "/accept", fields).status_code == 303
    [told] = tablet.get("/sync/hello").json["settled"]
    assert (told["state"], told["message"]) == ("applied", "One, they say")
    [answer] = tablet.send(refused)["results"]
    assert (answer["state"], answer["number"]) == ("applied", told["number"])
    assert len(sales()) == 1


def test_what_waited_for_it_is_freed(office, tablet, world):
    plan = tablet.plan(world, C127=150)
    confirm = tablet.confirm(plan)
    sale = tablet.sale(world, confirm, C127=2)
    assert tablet.states(plan, confirm, sale) == ["applied", "rejected", "blocked"]
    office.post(page(confirm) + "/accept", {"reason": "Counted", "post_missing": "y"})
    assert tablet.states(sale) == ["applied"]


def test_refused_for_good_is_never_done_and_the_driver_reads_why(office, tablet, refused, world):
    reason = {"reason": "Sold twice by mistake"}
    assert office.submit(page(refused) + "/refuse", reason).status_code == 303
    given.stock(world.truck, {world.sizes["C127"]: 9})
    [answer] = tablet.send(refused)["results"]
    assert (answer["state"], answer["code"]) == ("rejected", "refused_for_good")
    assert "Sold twice by mistake" in answer["message"]
    [told] = tablet.get("/sync/hello").json["settled"]
    assert told["message"] == answer["message"]
    assert sales() == []


def test_what_waited_for_a_form_refused_for_good_waits_no_more(office, tablet, world):
    given.stock(world.truck, {world.sizes["C127"]: 2})
    plan = tablet.plan(world, C127=150)
    confirm = tablet.confirm(plan)
    sale = tablet.sale(world, confirm, C127=2)
    assert tablet.states(plan, confirm, sale) == ["applied", "rejected", "blocked"]
    office.submit(page(confirm) + "/refuse", {"reason": "Never loaded"})
    assert tablet.states(confirm, sale) == ["rejected", "applied"]


def test_what_is_settled_cannot_be_put_right_as_well(office, tablet, refused, world):
    office.submit(page(refused) + "/refuse", {"reason": "No"})
    given.stock(world.truck, {world.sizes["C127"]: 9})
    right = tablet.sale(world, C127=1) | {"replaces": refused["client_temp_id"]}
    [answer] = tablet.send(right)["results"]
    assert answer["code"] == "replaced"
    assert sales() == []


def test_settled_twice_is_settled_once(office, refused):
    fields = {"reason": "Loaded", "post_missing": "y"}
    assert office.post(page(refused) + "/accept", fields).status_code == 303
    assert office.post(page(refused) + "/accept", fields).status_code == 303
    assert office.submit(page(refused) + "/refuse", {"reason": "No"}).status_code == 409
    assert len(sales()) == 1
    acts = select(func.count()).select_from(AuditEntry).filter_by(action="refusal.accept")
    assert db.session.scalar(acts) == 1


def test_a_sale_older_than_seven_days_is_done_by_a_supervisor(office, tablet, world):
    given.stock(world.truck, {world.sizes["C127"]: 9})
    sale = tablet.sale(world, C127=1)
    sale["captured_at"] = (clock.now() - timedelta(days=8)).isoformat()
    assert tablet.states(sale) == ["rejected"]
    assert office.post(page(sale) + "/accept", {"reason": "Flat battery"}).status_code == 303
    [done] = sales()
    assert done.supply_on == (clock.now() - timedelta(days=8)).astimezone(clock.SINGAPORE).date()
    body = db.session.scalars(select(AuditEntry.body).filter_by(action="sale.confirm")).one()
    assert f'"approved_by":{{"id":{world.supervisor.id}' in body


def test_a_report_carries_the_drivers_words(office, tablet, world):
    sale = tablet.sale(world, C127=2) | {"report": "The customer kept <b>two</b>"}
    tablet.send(sale)
    shown = office.get(page(sale))
    assert "The customer kept &lt;b&gt;two&lt;/b&gt;" in shown.text


def test_only_who_oversees_the_driver_sees_and_settles(app, refused):
    other = Visitor(app).enter(given.a_supervisor(given.a_depot()))
    assert other.get(page(refused)).status_code == 404
    assert "Nothing waits for you" in words(other.get("/refusals"))
    assert other.submit(page(refused) + "/refuse", {"reason": "x"}).status_code == 404
    fields = {"reason": "x", "post_missing": "y"}
    assert other.post(page(refused) + "/accept", fields).status_code == 404
    assert sales() == []


def test_a_refusal_on_its_own_page_is_not_parked(office, tablet, world):
    fields = {"source": str(world.truck.ref), "payment_method": "cash", "delivery-C127": "2"}
    assert tablet.submit(f"/sites/{world.site.ref}/sale", fields).status_code == 409
    assert db.session.scalars(select(RefusedSubmission)).one().sent is None
    assert "Nothing waits for you" in words(office.get("/refusals"))


@pytest.mark.parametrize("verb", ["accept", "refuse"])
def test_a_reason_is_needed(office, refused, verb):
    assert office.submit(f"{page(refused)}/{verb}", {}).status_code == 422
    assert db.session.scalars(select(Settlement)).all() == []


def test_what_is_not_there_cannot_be_settled(office):
    assert office.get(f"/refusals/{uuid4()}").status_code == 404


def test_what_was_sent_is_told_by_names_and_what_was_left_empty_is_folded(office, tablet, world):
    sale = tablet.sale(world, C127=2)
    meter = f"meter-{world.meter.ref}"
    sale["fields"] |= {
        f"{meter}-current": "112.5", f"{meter}-kind": "normal", f"{meter}-previous": "100",
        "claimed": "7932", "delivery-C9": "0", "note": "C127",
    }  # fmt: skip
    assert tablet.states(sale) == ["rejected"]
    shown = office.get(page(sale))
    said = words(shown)
    for told in (
        "Delivered full · CYL 12.7 kg", f"{world.meter.code} · The meter shows", "$79.32",
        f"Sell from {world.truck.name}", "What was left empty Delivered full · CYL 9 kg",
    ):  # fmt: skip
        assert told in said
    assert str(world.meter.ref) not in said
    assert str(world.truck.ref) not in said
    assert '<option value="normal" selected>' in shown.text
    assert 'name="sent:note" value="C127"' in shown.text
