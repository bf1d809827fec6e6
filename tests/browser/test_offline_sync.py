"""Back in coverage: every act is in the books once, in order, with its number on the tablet."""

import json
import re
from contextlib import suppress
from datetime import timedelta

import pytest
from playwright.sync_api import Error
from sqlalchemy import delete

from hsh.core import clock
from hsh.core.words import Condition
from hsh.db import db
from hsh.models.logistics import Distribution
from hsh.models.people import UserSession
from hsh.models.sales import Discrepancy, Document, Transaction
from hsh.queries.verify import verify
from tests import given
from tests.browser import tablet
from tests.browser.tablet import count, sell_one

pytestmark = pytest.mark.browser


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=6)
    given.stock(world.site, {world.sizes["C127"]: 9}, condition=Condition.HELD)
    return world


def sell_offline(page, world, number=1):
    sell_one(page, world, number)
    tablet.saved(page)


def test_a_load_planned_confirmed_and_sold_from_offline_is_in_the_books_once_and_in_order(
    app, page, world, tmp_path
):
    before = count(Document)
    page.context.set_offline(True)
    tablet.plan_a_load(page, {"C127": 5})
    tablet.saved(page)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/pending")
    sell_offline(page, world, 6)  # more than the truck has without the load
    page.reload()
    assert tablet.states(page) == ["waiting"] * 3
    page.context.set_offline(False)
    tablet.wait_for_states(page, "sent", "sent", "sent")
    run = db.session.query(Distribution).one()
    assert run.confirmed_at
    newest = db.session.query(Transaction).order_by(Transaction.id.desc()).first()
    assert newest.confirmed_at >= run.confirmed_at
    db.session.rollback()
    assert count(Document) == before + 1
    broken = [one for one in verify(db.engine, data_dir=tmp_path) if not one.ok]
    assert [one for one in broken if not one.name.startswith("registry.")] == []
    page.goto("/pending")
    for number in (r"DIST-\d{4}-\d{6}", r"TRX-\d{4}-\d{6}"):
        page.get_by_role("link", name=re.compile(number)).first.wait_for()


def test_a_sale_outlives_a_reload_without_a_network_and_gets_its_number(page, world):
    page.context.set_offline(True)
    sell_offline(page, world)
    page.reload()
    assert tablet.states(page) == ["waiting"]
    page.context.set_offline(False)
    page.goto("/pending")
    page.get_by_role("link", name=re.compile(r"TRX-\d{4}-\d{6}")).click()
    page.locator("#transaction").wait_for()


def test_what_waits_is_done_in_the_order_in_which_it_was_made(page, world):
    page.context.set_offline(True)
    for number in range(5):
        tablet.plan_a_load(page, {"C127": 1 + number})
        tablet.saved(page)
    page.context.set_offline(False)
    tablet.wait_for_states(page, *["sent"] * 5)
    made = [item["uuid"] for item in tablet.queue(page)]
    rows = db.session.query(Distribution).order_by(Distribution.id)
    assert [str(one.ref) for one in rows] == made
    db.session.rollback()


def test_a_batch_without_an_answer_is_sent_again(page, world):
    before = count(Document)
    page.context.set_offline(True)
    sell_offline(page, world)
    heard = []

    def lose_the_answer(way):
        way.fetch()
        heard.append(way)
        with suppress(Error):  # the page may have hung up by itself
            way.abort()

    page.context.route("**/sync", lose_the_answer)
    page.context.set_offline(False)
    page.goto("/pending")
    page.get_by_role("button", name="Send now").click()
    tablet.until(page, "async () => (await self.hsh.store.all())[0].attempts > 0")
    assert tablet.states(page) == ["waiting"]
    page.context.unroute_all()
    page.get_by_role("button", name="Send now").click()
    tablet.wait_for_states(page, "sent")
    assert heard
    assert count(Document) == before + 1


def test_what_was_counted_again_without_a_network_is_sold_and_told_to_the_office(page, world):
    page.context.set_offline(True)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='collection-C127']", "60")  # far more than the books have there
    page.get_by_label("I counted again.").check()
    page.locator("button.primary").click()
    tablet.saved(page)
    page.context.set_offline(False)
    tablet.wait_for_states(page, "sent")
    assert db.session.query(Discrepancy).one().quantity > 0
    db.session.rollback()


def test_the_number_appears_on_the_page_that_is_open(page, world):
    page.context.set_offline(True)
    sell_offline(page, world)
    page.context.set_offline(False)
    page.locator("#saved").get_by_role("link", name=re.compile(r"TRX-\d{4}-\d{6}")).click()
    page.locator("#transaction").wait_for()


def test_an_answer_that_was_lost_does_not_sell_twice(page, world):
    before = count(Document)
    page.goto(f"/sites/{world.site.ref}/sale")

    def lose_the_answer(way):
        way.fetch()
        way.abort()

    page.context.route("**/sale", lose_the_answer)
    page.fill("[name='delivery-C127']", "1")
    page.locator("button.primary").click()
    tablet.saved(page)
    page.context.unroute_all()
    page.evaluate("self.hsh.flush()")
    tablet.wait_for_states(page, "sent")
    assert count(Document) == before + 1


def test_two_tabs_send_each_item_once(page, world):
    before = count(Document)
    page.context.set_offline(True)
    for _ in range(3):
        sell_offline(page, world)
    other = page.context.new_page()
    other.goto("/pending")
    page.context.set_offline(False)
    for tab in (page, other):
        tab.evaluate("() => { self.hsh.flush(); self.hsh.send.flush(); }")
    tablet.wait_for_states(page, "sent", "sent", "sent")
    assert count(Document) == before + 3


def test_a_refused_sale_is_shown_fixed_and_sent_again(page, world):
    before = count(Document)
    page.context.set_offline(True)
    sell_offline(page, world, 40)
    page.context.set_offline(False)
    tablet.wait_for_states(page, "refused")
    page.goto("/pending")
    page.get_by_text("you asked for 40").wait_for()
    page.get_by_role("button", name="Fix and send again").click()
    tablet.draft_is_back(page)
    assert page.input_value("[name='delivery-C127']") == "40"
    page.fill("[name='delivery-C127']", "2")
    page.locator("button.primary").click()
    page.wait_for_url("**/transactions/*")
    tablet.wait_for_states(page, "sent")
    assert count(Document) == before + 1


def test_a_refused_item_holds_up_what_needs_it_and_nothing_else(page, world):
    page.context.set_offline(True)
    tablet.plan_a_load(page, {"C127": 500})
    tablet.saved(page)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/pending")
    tablet.plan_a_load(page, {"C9": 1})
    tablet.saved(page)
    sell_offline(page, world)
    page.context.set_offline(False)
    tablet.wait_for_states(page, "sent", "refused", "sent", "waiting")
    page.goto("/pending")
    page.get_by_text("Waits for another").wait_for()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("li", has_text="Needs you").get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Send now").click()
    tablet.wait_for_states(page, "sent", "sent", "sent")


def test_after_the_session_expired_it_is_sent_when_the_same_person_logs_in(page, world):
    page.goto(f"/sites/{world.site.ref}/sale")
    db.session.execute(delete(UserSession))
    db.session.commit()
    page.fill("[name='delivery-C127']", "1")
    page.locator("button.primary").click()
    tablet.saved(page)
    tablet.sign_in(page, world.driver)
    tablet.wait_for_states(page, "sent")


def test_what_one_person_made_is_never_sent_by_another(app, page, world):
    other = given.a_driver()
    db.session.commit()
    before = count(Document)
    page.context.set_offline(True)
    sell_offline(page, world)
    page.context.set_offline(False)
    page.context.route("**/sync", lambda way: way.abort())
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login**")
    page.context.unroute_all()
    tablet.sign_in(page, other)
    page.goto("/pending")
    page.get_by_text("1 more wait for other people").wait_for()
    page.get_by_role("button", name="Send now").click()
    page.wait_for_timeout(500)
    assert tablet.states(page) == ["waiting"]
    assert count(Document) == before


def test_a_supervisor_is_told_and_the_queue_can_be_taken_to_the_office(page, world):
    page.context.set_offline(True)
    sell_offline(page, world, 40)
    page.goto("/pending")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export what waits").click()
    held = json.loads(coming.value.path().read_text())
    assert [item["op"] for item in held["items"]] == ["sale.confirm"]
    assert held["device_id"]
    page.context.set_offline(False)
    tablet.wait_for_states(page, "refused")
    page.on("dialog", lambda dialog: dialog.accept("They were on the truck"))
    page.get_by_role("button", name="Report to the supervisor").click()
    tablet.wait_for_states(page, "refused")
    page.get_by_text("supervisor", exact=False).first.wait_for()


def test_a_queue_that_was_taken_to_the_office_outlives_its_tablet(page, world, open_page):
    before = count(Document)
    page.context.set_offline(True)
    sell_offline(page, world)
    page.goto("/pending")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export what waits").click()
    file = coming.value.path()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    tablet.until(page, "async () => (await self.hsh.store.all()).length === 0")
    office = open_page(service_workers="block")
    tablet.sign_in(office, world.supervisor)
    for _ in range(2):  # the second time it is known
        office.goto("/queue")
        office.set_input_files("input[type=file]", file)
        office.locator("main form button.primary").click()
        office.get_by_text(re.compile(r"INV-\d{4}-\d{6}|TRX-\d{4}-\d{6}")).first.wait_for()
        assert count(Document) == before + 1


def test_a_worker_that_is_stopped_loses_nothing(page, world):
    page.context.set_offline(True)
    sell_offline(page, world)
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    page.reload()
    assert tablet.states(page) == ["waiting"]
    page.context.set_offline(False)
    page.evaluate("self.hsh.flush()")
    tablet.wait_for_states(page, "sent")


def test_a_page_that_no_worker_controls_yet_keeps_it_too(world, open_page):
    page = open_page(service_workers="block")
    tablet.sign_in(page, world.driver)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "1")
    page.context.set_offline(True)
    page.locator("button.primary").click()
    tablet.saved(page)
    page.context.set_offline(False)
    tablet.wait_for_states(page, "sent")


def test_a_form_sent_before_the_page_had_its_script_is_kept_by_the_worker(page, world):
    before = count(Document)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "1")
    uuid = page.input_value("#visit [name=client_temp_id]")
    page.context.set_offline(True)
    page.evaluate("document.getElementById('visit').submit()")  # as a browser does by itself
    page.wait_for_url("**/pending#*")
    assert [(item["uuid"], item["state"]) for item in tablet.queue(page)] == [(uuid, "waiting")]
    page.context.set_offline(False)
    page.get_by_role("button", name="Send now").click()
    tablet.wait_for_states(page, "sent")
    assert count(Document) == before + 1


def test_background_sync_sends_without_any_page(page, world):
    page.context.set_offline(True)
    sell_offline(page, world)
    session = page.context.new_cdp_session(page)
    found = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"])
    )
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    page.evaluate("self.hsh.flush = self.hsh.send.flush = () => {}")
    page.context.set_offline(False)
    origin = page.evaluate("location.origin")
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": origin,
            "registrationId": found[0]["registrationId"],
            "tag": "hsh",
            "lastChance": False,
        },
    )
    tablet.wait_for_states(page, "sent")


def test_a_tablet_whose_clock_is_three_days_wrong_sells_today(page, world):
    page.clock.install(time=clock.now() + timedelta(days=3))
    page.context.set_offline(True)
    sell_offline(page, world)
    page.context.set_offline(False)
    page.evaluate("self.hsh.send.flush()")
    tablet.wait_for_states(page, "sent")
    newest = db.session.query(Transaction).order_by(Transaction.id.desc()).first()
    assert newest.supply_on == clock.today()
    db.session.rollback()


@pytest.mark.parametrize(
    "poison",
    ["{ op: 'x'.repeat(99), path: '/nowhere' }", "{ fields: { note: 'x'.repeat(2 ** 20) } }"],
    ids=["an op that nobody knows", "more than the server reads"],
)
def test_one_item_among_a_hundred_that_no_server_can_read_does_not_stop_the_others(page, poison):
    page.context.set_offline(True)
    tablet.plan_a_load(page, {"C127": 1})
    tablet.saved(page)
    page.evaluate(f"async () => {{ await ({MORE})(49, {{}}); await ({MORE})(1, {poison}); }}")
    page.evaluate(f"async () => ({MORE})(49, {{}})")
    page.context.set_offline(False)
    tablet.until(
        page, "async () => (await self.hsh.store.all()).every((item) => item.state !== 'waiting')"
    )
    assert tablet.states(page).count("refused") == 1
    assert count(Distribution) == 99


MORE = """async (count, changes) => {
  const [{ seq, ...first }] = await self.hsh.store.all();
  for (let n = 0; n < count; n++) await self.hsh.store.add({ ...first, client_temp_id: self.hsh.newUuid(), ...changes });
}"""
