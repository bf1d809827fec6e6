"""The second factor in a real browser: set up from the page, then logged in with, with and without scripts."""

import pytest

from hsh.core import clock, onetime
from hsh.db import db
from hsh.models.people import SecondFactor
from tests import given

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def page(request, open_page):
    page = open_page(java_script_enabled=request.param)
    page.set_default_timeout(20_000)
    return page


def test_a_supervisor_sets_it_up_and_logs_in_with_it(page, world):
    log_in(page, world.supervisor)
    page.get_by_role("heading", name="Today", exact=True).wait_for()
    page.goto("/account/factor")
    secret = page.locator(".guide .code").inner_text().replace(" ", "")
    page.locator("[name=code]").fill(onetime.code(secret, clock.now()))
    page.get_by_role("button", name="Switch on").click()
    codes = page.locator(".codes .code")
    codes.first.wait_for()
    assert codes.count() == 10
    kept = codes.first.inner_text()
    forget_the_last_code(world.supervisor)

    page.get_by_role("button", name="Log out").first.click()
    log_in(page, world.supervisor)
    page.locator("[name=code]").fill("000000")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("This code is not good").wait_for()
    page.locator("[name=code]").fill(onetime.code(secret, clock.now()))
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Today", exact=True).wait_for()

    page.get_by_role("button", name="Log out").first.click()
    log_in(page, world.supervisor)
    page.locator("[name=code]").fill(kept)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Today", exact=True).wait_for()


def log_in(page, person):
    page.goto("/login")
    page.locator("[name=username]").fill(person.username)
    page.locator("[name=password]").fill(given.PASSWORD)
    page.get_by_role("button", name="Log in").click()


def forget_the_last_code(person):
    """Nobody waits half a minute in a test for the app's next code."""
    db.session.rollback()
    db.session.get_one(SecondFactor, person.id).last_step = 0
    db.session.commit()
