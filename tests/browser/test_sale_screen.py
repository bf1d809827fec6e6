"""The sale screen as it is typed into: what the page does by itself, and what it asks the server."""

import re

import pytest

from hsh.core.words import Condition
from hsh.db import db
from hsh.models.sales import Document
from tests import given
from tests.browser.test_working_day import sign_in
from tests.selling import sell, size

pytestmark = pytest.mark.browser


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=20)
    given.stock(world.site, {world.sizes["C127"]: 2}, condition=Condition.HELD)
    sell(world, cylinders=size(delivered=3, collected=1))
    db.session.rollback()
    return world


@pytest.fixture
def page(world, open_page):
    page = open_page()
    page.said = []
    page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    sign_in(page, world.driver)
    page.goto(f"/sites/{world.site.ref}/sale")
    return page


def test_typing_shows_usage_and_total_and_keeps_the_place(page, world):
    current = page.locator(f"[name='meter-{world.meter.ref}-current']")
    current.press_sequentially("112.5", delay=20)
    page.locator(".meter .live").get_by_text("12.5 m³ · $15.43").wait_for()
    page.locator("#totals .pay").get_by_text("$16.82").wait_for()
    assert current.evaluate("box => box === document.activeElement")
    assert current.input_value() == "112.5"
    page.get_by_role("button", name="Confirm, $16.82").wait_for()

    current.fill("90")  # below the last one: said at once, and the box stays as it is
    page.locator(".meter .live").get_by_text("Choose the kind").wait_for()
    assert current.evaluate("box => box === document.activeElement")
    page.locator("label", has_text="Rolled over").click()
    page.locator(".meter .live").get_by_text("999,990 m³").wait_for()
    assert page.said == []


def test_enter_goes_on_and_does_not_sell(page, world):
    before = db.session.query(Document).count()
    db.session.rollback()
    for name in (f"meter-{world.meter.ref}-current", "delivery-C127"):
        page.locator(f"[name='{name}']").press("Enter")
    page.wait_for_timeout(500)
    assert page.url.endswith("/sale")
    assert db.session.query(Document).count() == before


def test_the_last_order_is_filled_in_where_one_is(page, world):
    page.locator(f"[name='meter-{world.meter.ref}-current']").fill("112.5")
    page.get_by_role("link", name="Same as last time").click()
    page.locator("#totals .pay").get_by_text("$120.80").wait_for()
    assert page.input_value("[name='delivery-C127']") == "3"
    assert page.input_value("[name='collection-C127']") == "1"
    assert page.input_value(f"[name='meter-{world.meter.ref}-current']") == "112.5"


def test_collecting_more_than_the_books_have_asks_for_the_tick(page, world):
    page.fill("[name='collection-C127']", "9")
    page.get_by_label("I counted again.").wait_for()
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    page.get_by_role("alert").get_by_text("Nothing was changed yet").wait_for()
    page.get_by_label("I counted again.").check()
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    page.wait_for_url("**/transactions/*")
    assert "5 more" in page.locator("#transaction").inner_text()


def test_two_taps_on_confirm_are_one_sale(page, world):
    page.fill("[name='delivery-C127']", "1")
    before = db.session.query(Document).count()
    db.session.rollback()
    page.get_by_role("button", name=re.compile("^Confirm")).dblclick(no_wait_after=True)
    page.wait_for_url("**/transactions/*")
    assert db.session.query(Document).count() == before + 1
