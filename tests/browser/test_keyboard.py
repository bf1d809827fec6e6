"""The driver's day with a keyboard alone: the focus is always somewhere, seen, and in the open."""

import re

import pytest
from playwright.sync_api import expect

from hsh.db import db
from tests import given
from tests.browser import tablet
from tests.selling import sell, size

pytestmark = pytest.mark.browser

MOST_TABS = 60
FOCUS = """() => {
  const here = document.activeElement;
  if (here === document.body) return "nowhere";
  if (here.tabIndex < 0) return null;  // where a page begins: the next Tab leads on from there
  const { outlineStyle, outlineWidth } = getComputedStyle(here);
  if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return `no outline: ${here.outerHTML.slice(0, 120)}`;
  const { left, top, width, height } = here.getBoundingClientRect();
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  const shown = seen && (here.contains(seen) || seen.contains(here));
  return shown ? null : `covered: ${here.outerHTML.slice(0, 120)}`;
}"""


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=20)
    sell(world, cylinders=size(delivered=3))
    db.session.rollback()
    return world


@pytest.fixture(params=[(1280, 800), (360, 640)], ids=["tablet", "small screen"])
def page(request, world, open_page):
    width, height = request.param
    page = open_page(viewport={"width": width, "height": height})
    page.set_default_timeout(20_000)
    return page


def test_a_day_without_touching_the_screen(page, world):
    log_in(page, world.driver)
    load(page)
    sell_two(page, world)
    look_at_the_paper(page)
    sell_without_a_network(page, world)


def log_in(page, person):
    page.goto("/login")
    to(page, page.locator("[name=username]"))
    page.keyboard.type(person.username)
    to(page, page.locator("[name=password]"))
    page.keyboard.type(given.PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Today", exact=True).wait_for()


def load(page):
    press(page, page.get_by_role("link", name="Distributions"))
    press(page, page.locator("main").get_by_role("link", name="Load", exact=True))
    to(page, page.locator("[name=out_full-C127]"))
    type_over(page, "5")
    press(page, page.get_by_role("button", name="Save the draft"))
    press(page, page.get_by_role("button", name="Confirm"), "Space")
    see(page.get_by_role("heading", name=re.compile("DIST-")))
    in_the_open(page)


def sell_two(page, world):
    press(page, page.get_by_role("link", name="Sell", exact=True))
    to(page, page.locator("[name=q]"))
    type_over(page, world.site.name)
    page.keyboard.press("Enter")
    press(page, page.locator("main li").get_by_role("link", name=world.site.name))
    press(page, page.get_by_role("link", name="Sell here").first)
    to(page, page.locator("[name=delivery-C127]"))
    type_over(page, "2")
    page.locator("#totals").get_by_text("$69.32").first.wait_for()
    in_the_open(page)
    to(page, page.locator("[name=payment_method]:checked"))
    page.keyboard.press("ArrowRight")
    press(page, page.get_by_role("button", name="Confirm, $69.32"))
    see(page.get_by_role("heading", name=re.compile("INV-")))
    in_the_open(page)


def look_at_the_paper(page):
    """No printer is near, so the panel opens with the other ways to print."""
    press(page, page.get_by_role("link", name="Print receipt"))
    to(page, page.get_by_role("link", name="Print as a page"))
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.get_by_text("INV-").first.wait_for()
    opened.value.close()


def sell_without_a_network(page, world):
    tablet.prepare(page)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.context.set_offline(True)
    to(page, page.locator("[name=delivery-C127]"))
    type_over(page, "1")
    press(page, page.locator("#visit button.primary"))
    tablet.saved(page)
    in_the_open(page)
    press(page, page.get_by_role("link", name=re.compile("^1 waiting")))
    page.get_by_role("heading", name="What waits").wait_for()
    page.context.set_offline(False)
    press(page, page.get_by_role("button", name="Send now"), "Space")
    tablet.wait_for_states(page, "sent", "sent", "sent", "sent")
    in_the_open(page)


def to(page, wanted):
    """Tab until ``wanted`` has the focus; on the way it is never lost from sight."""
    wanted.wait_for()
    for _ in range(MOST_TABS):
        if wanted.evaluate("one => one === document.activeElement"):
            in_the_open(page)
            return
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS) in {None, "nowhere"}  # behind the last comes the browser
    raise AssertionError(f"{MOST_TABS} tabs did not reach {wanted}")


def press(page, wanted, key="Enter"):
    to(page, wanted)
    page.keyboard.press(key)


def type_over(page, text):
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def see(heading):
    """Wait until it is there, and not somewhere that one would have to scroll to."""
    heading.wait_for()
    expect(heading).to_be_in_viewport(ratio=1)


def in_the_open(page):
    assert page.evaluate(FOCUS) is None
