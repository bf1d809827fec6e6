"""What a driver does without a network is kept, sent once and in order, and told."""

import re

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from hsh.models.logistics import Distribution
from hsh.models.sales import Document
from tests import given
from tests.browser import tablet
from tests.browser.tablet import count, sell_one

pytestmark = pytest.mark.browser


def test_what_is_submitted_offline_is_kept_over_a_reload(page, world):
    page.context.set_offline(True)
    tablet.plan_a_load(page, {"C127": 5})
    tablet.saved(page)
    page.reload()
    assert tablet.states(page) == ["waiting"]
    page.get_by_role("link", name="1 waiting, oldest").click()
    page.get_by_text(re.compile("^5 . CYL 12.7 kg")).wait_for()
    assert count(Distribution) == 0


def test_online_the_answer_is_shown_and_nothing_is_left(page, world):
    before = count(Document)
    sell_one(page, world)
    page.wait_for_url("**/transactions/*")
    assert tablet.states(page) == ["sent"]
    assert count(Document) == before + 1


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500, "headers": {"X-HSH": "1"}},
        {"status": 502},
        {"status": 401, "headers": {"X-HSH": "1"}},
        {"status": 419, "headers": {"X-HSH": "1"}},
        {"status": 429, "headers": {"X-HSH": "1"}},
        {"status": 200, "body": "<p>Log in to the WiFi"},
        {"status": 200, "headers": {"X-HSH": "1"}, "body": "an answer to something else"},
        {"status": 422, "body": "a stranger's no"},
        {"status": 404},
        None,
    ],
    ids=[
        "500",
        "502",
        "401",
        "419",
        "429",
        "portal",
        "no echo",
        "a stranger's 422",
        "a stranger's 404",
        "cut off",
    ],
)
def test_what_is_no_final_answer_keeps_it(page, world, answer):
    page.goto(f"/sites/{world.site.ref}/sale")
    page.context.route("**/sale", lambda way: way.fulfill(**answer) if answer else way.abort())
    page.fill("[name='delivery-C127']", "1")
    page.locator("button.primary").click()
    tablet.saved(page)
    assert tablet.states(page) == ["waiting"]


def test_a_form_that_lay_open_for_61_minutes_is_sent(app, page, world):
    page.goto(f"/sites/{world.site.ref}/sale")
    token = "document.querySelector('meta[name=csrf-token]')"
    old = aged(app, page.evaluate(f"{token}.content"), minutes=61)
    page.evaluate(f"(old) => {{ {token}.content = old }}", old)
    page.fill("[name='delivery-C127']", "1")
    page.locator("button.primary").click()
    page.wait_for_url("**/transactions/*")
    assert tablet.states(page) == ["sent"]


def aged(app, token, *, minutes):
    """The same token, signed so long ago."""

    class LongAgo(TimestampSigner):
        def get_timestamp(self):
            return super().get_timestamp() - 60 * minutes

    now = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
    then = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token", signer=LongAgo)
    return then.dumps(now.loads(token))


def test_a_form_token_that_is_out_of_date_is_replaced(page, world):
    page.goto(f"/sites/{world.site.ref}/sale")
    page.evaluate("document.querySelector('meta[name=csrf-token]').content = 'stale'")
    page.fill("[name='delivery-C127']", "1")
    page.locator("button.primary").click()
    page.wait_for_url("**/transactions/*")
    assert tablet.states(page) == ["sent"]


def test_a_refusal_is_shown_and_kept_until_it_is_put_right(page, world):
    sell_one(page, world, 99)
    page.get_by_text("has 17 full").first.wait_for()
    assert tablet.states(page) == ["refused"]
    page.fill("[name='delivery-C127']", "1")
    page.locator("button.primary").click()
    page.wait_for_url("**/transactions/*")
    assert tablet.states(page) == ["sent"]


@pytest.mark.usefixtures("sale")
def test_a_full_tablet_says_not_saved_and_keeps_the_form(world, server, open_page):
    page = open_page()
    session = page.context.new_cdp_session(page)

    def leave_room(size):
        room = {"origin": server, "quotaSize": size}
        session.send("Storage.overrideQuotaForOrigin", room)

    leave_room(8 * 2**20)
    tablet.sign_in(page, world.driver)
    tablet.prepare(page)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "7")
    page.evaluate(FILL)
    leave_room(1)  # whatever the browser tidies up meanwhile
    page.context.set_offline(True)
    page.locator("button.primary").click()
    page.get_by_role("alert").get_by_text("Not saved").wait_for()
    assert page.input_value("[name='delivery-C127']") == "7"
    assert tablet.states(page) == []
    page.context.set_offline(False)
    page.locator("button.primary").click()
    page.wait_for_url("**/transactions/*")


FILL = """async () => {
  const bytes = (size) => {  // that cannot be packed
    const all = new Uint8Array(size);
    for (let at = 0; at < size; at += 65536) crypto.getRandomValues(all.subarray(at, at + 65536));
    return all;
  };
  for (let size = 2 ** 21; size >= 64; size /= 2) {
    for (let n = 0; n < 8; n++) {
      try {
        await self.hsh.store.setFact(`${size} ${n}`, bytes(size));
      } catch (error) {
        if (error.name !== "QuotaExceededError") throw error;
        break;
      }
    }
  }
}"""


def test_what_is_half_typed_survives_a_reload_and_the_way_back(page, world):
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "3")
    page.fill("[name=note]", "Back gate")
    page.wait_for_timeout(400)
    uuid = page.input_value("#visit [name=client_temp_id]")
    page.reload()
    tablet.draft_is_back(page)
    assert page.input_value("[name='delivery-C127']") == "3"
    assert page.input_value("[name=note]") == "Back gate"
    assert page.input_value("#visit [name=client_temp_id]") == uuid
    page.goto("/")
    page.go_back()
    tablet.draft_is_back(page)
    page.get_by_role("button", name="Start afresh").click()
    page.wait_for_function("() => document.querySelector('[name=note]')?.value === ''")


COUNTS = "async () => (await self.hsh.store.all()).map((item) => item.fields['delivery-C127'])"


def test_a_draft_sent_from_a_second_tab_with_other_words_is_another_sale(page, world):
    before = count(Document)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "1")
    page.wait_for_timeout(400)
    second = page.context.new_page()
    second.goto(page.url)
    tablet.draft_is_back(second)
    page.context.set_offline(True)
    for tab, number in ((page, "1"), (second, "2")):
        tab.fill("[name='delivery-C127']", number)
        tab.locator("button.primary").click()
        tablet.saved(tab)
    assert page.evaluate(COUNTS) == ["1", "2"]
    page.context.set_offline(False)
    tablet.wait_for_states(page, "sent", "sent")
    assert count(Document) == before + 2


def test_what_is_half_typed_survives_a_change_of_page_inside_the_shell(page):
    page.goto("/distributions")
    page.get_by_role("link", name="Load", exact=True).first.click()
    page.fill("[name=out_full-C127]", "7")
    page.wait_for_timeout(400)
    page.get_by_role("link", name="Distributions").click()
    page.get_by_role("link", name="Load", exact=True).first.click()
    tablet.draft_is_back(page)
    assert page.input_value("[name=out_full-C127]") == "7"


def test_the_chip_tells_what_waits_after_a_change_of_page_inside_the_shell(page):
    page.goto("/distributions")
    page.get_by_role("link", name="Load", exact=True).first.click()
    page.fill("[name=out_full-C127]", "7")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the draft").click()
    tablet.saved(page)
    page.get_by_role("link", name="1 waiting, oldest").wait_for()


def test_a_sent_form_leaves_no_draft(page, world):
    sell_one(page, world)
    page.wait_for_url("**/transactions/*")
    page.wait_for_function(f"() => !({DRAFT})()")
    page.goto(f"/sites/{world.site.ref}/sale")
    assert page.input_value("[name='delivery-C127']") == "0"
    assert page.get_by_text("What you had typed here is back.").count() == 0


def test_a_draft_that_outlives_its_form_is_not_typed_over_it(page, world):
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "3")
    page.wait_for_function(DRAFT)
    draft = page.evaluate(DRAFT)
    page.context.set_offline(True)
    page.locator("button.primary").click()
    tablet.saved(page)
    page.evaluate("([key, draft]) => localStorage.setItem(key, draft)", draft)  # a flat battery
    page.goto(f"/sites/{world.site.ref}/sale")
    page.wait_for_function(f"() => !({DRAFT})()")
    assert page.input_value("[name='delivery-C127']") == "0"
    sell_one(page, world, 2)
    tablet.saved(page)
    assert tablet.states(page) == ["waiting", "waiting"]


DRAFT = "() => Object.entries(localStorage).find(([key]) => key.startsWith('hsh.draft.'))"


def test_three_taps_are_one_sale(page, world):
    before = count(Document)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "1")
    page.locator("button.primary").click(click_count=3, no_wait_after=True)
    page.wait_for_url("**/transactions/*")
    assert count(Document) == before + 1


def test_a_form_that_is_under_way_is_not_sent_again(page, world):
    asked = []
    page.on("request", lambda one: one.method == "POST" and asked.append(one.url))
    page.goto(f"/sites/{world.site.ref}/sale")
    page.evaluate(
        "() => { for (const _ of '123') document.getElementById('visit').requestSubmit() }"
    )
    page.wait_for_url("**/transactions/*")
    assert len([url for url in asked if url.endswith("/sale")]) == 1


def test_back_and_forward_without_a_network_submit_nothing_again(page, world):
    page.context.set_offline(True)
    page.goto("/")
    sell_one(page, world)
    tablet.saved(page)
    page.go_back()
    page.get_by_role("heading", name="Today", level=1).wait_for()
    page.go_forward()
    page.locator("#visit, #saved").first.wait_for()
    assert len(tablet.states(page)) == 1
    sell_one(page, world, 2)  # another sale, not the first one changed
    tablet.saved(page)
    assert tablet.states(page) == ["waiting"] * 2
    page.context.set_offline(False)
    page.evaluate("self.hsh.flush()")
    tablet.wait_for_states(page, "sent", "sent")


def test_log_out_keeps_the_queue(page, world):
    page.context.set_offline(True)
    sell_one(page, world)
    tablet.saved(page)
    page.context.set_offline(False)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login**")
    assert page.evaluate(WAITING) == 1


WAITING = """() => new Promise((done) => {
  const opening = indexedDB.open("hsh");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("items").objectStore("items").count();
    asked.onsuccess = () => done(asked.result);
  };
})"""


@pytest.mark.parametrize("status", [403, 404, 410, 413])
def test_a_marked_no_needs_the_driver(page, world, status):
    page.goto(f"/sites/{world.site.ref}/sale")
    no = {"status": status, "headers": {"X-HSH": "1"}, "body": "<p>No."}
    page.context.route("**/sale", lambda way: way.fulfill(**no))
    page.fill("[name='delivery-C127']", "1")
    page.locator("button.primary").click()
    tablet.wait_for_states(page, "refused")
    page.get_by_role("link", name="1 need you").wait_for()


def test_what_must_not_wait_says_that_it_needs_the_network(page):
    page.goto("/account")
    page.context.set_offline(True)
    page.fill("[name=current]", given.PASSWORD)
    page.fill("[name=password]", "another long password")
    page.get_by_role("button", name="Change the password").click()
    page.get_by_role("alert").get_by_text("This needs the network").wait_for()
    assert tablet.states(page) == []
