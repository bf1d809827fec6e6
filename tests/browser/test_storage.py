"""Whether the tablet may remove what waits when its memory runs low: asked for, and told."""

import shutil

import pytest

from hsh.db import db
from tests import given
from tests.browser import tablet
from tests.browser.conftest import QUIET

pytestmark = pytest.mark.browser

SAFE = "This tablet keeps it even when its memory runs low."
UNSAFE = "When its memory runs low, this tablet might remove it."


@pytest.fixture
def page(app, chromium, server, tmp_path):
    """A page of an installed app: a private window may keep nothing."""
    world = given.a_world(full_on_truck=20)
    db.session.rollback()
    context = chromium.browser_type.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path=shutil.which("chromium"),
        args=QUIET,
        base_url=server,
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.site = world.site.ref
    tablet.sign_in(page, world.driver)
    yield page
    context.close()


def allow_to_keep(page):
    session = page.context.new_cdp_session(page)
    session.send("Browser.grantPermissions", {"permissions": ["durableStorage"]})


def test_the_driver_can_ask_for_it_and_sees_the_answer(page):
    page.goto("/pending")
    page.get_by_text(UNSAFE).wait_for()
    page.get_by_role("button", name="Keep it safe").wait_for()
    allow_to_keep(page)
    # Allowed, it is safe: whatever draws the page anew in between says so and takes the button away.
    page.locator("#persist").dispatch_event("click")
    page.get_by_text(SAFE).wait_for()
    assert page.get_by_role("button", name="Keep it safe").count() == 0


def test_the_first_thing_that_waits_asks_for_it(page):
    tablet.prepare(page)
    allow_to_keep(page)
    page.goto(f"/sites/{page.site}/sale")
    page.fill("[name='delivery-C127']", "1")
    page.context.set_offline(True)
    page.locator("#visit button.primary").click()
    tablet.saved(page)
    page.goto("/pending")
    page.get_by_text(SAFE).wait_for()
