"""The app without a network: it opens, shows the day with its age, and shows nobody another's."""

import shutil

import pytest

from hsh.db import db
from tests import given
from tests.browser import tablet
from tests.browser.conftest import QUIET

pytestmark = pytest.mark.browser


def test_the_day_opens_without_a_network_and_says_how_old_it_is(page, world):
    page.context.set_offline(True)
    for address, heading in (
        ("/", "Today"),
        (f"/sites/{world.site.ref}/sale", world.site.name),
        ("/distributions/plan?way=load", "Plan a distribution"),
        ("/pending", "What waits"),
    ):
        page.goto(address)
        page.get_by_role("heading", name=heading, level=1).wait_for()
        if address != "/pending":
            page.get_by_text("No network. This is how it was at").wait_for()
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"


def test_a_page_that_is_not_kept_leads_to_those_that_are(page, world):
    page.context.set_offline(True)
    page.goto("/stock")
    page.get_by_text("This page is not kept on this tablet.").wait_for()
    page.get_by_role("link", name=world.site.name).click()
    page.locator("#visit").wait_for()


def test_log_out_drops_the_pages(page, world):
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login**")
    assert kept_names(page) == []
    page.context.set_offline(True)
    page.goto("/")
    page.get_by_text("This page is not kept on this tablet.").wait_for()
    assert world.site.name not in page.content()


def test_log_out_without_a_network_drops_the_pages_too(page):
    page.context.set_offline(True)
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("The server could not be told that you log out.").wait_for()
    assert kept_names(page) == []


def test_another_person_never_sees_the_pages_of_the_first(app, page, world):
    other = given.a_driver()
    db.session.commit()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login**")
    tablet.sign_in(page, other)
    tablet.prepare(page)
    page.context.set_offline(True)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.get_by_text("This page is not kept on this tablet.").wait_for()


def test_a_captive_portal_is_neither_kept_nor_believed(page, world):
    def portal(route):
        route.fulfill(status=200, content_type="text/html", body="<html ><p>Log in to the WiFi")

    page.context.route(lambda url: "/static/" not in url, portal)
    page.goto("/")
    page.get_by_text("No network. This is how it was at").wait_for()
    page.goto("/stock")
    page.get_by_text("The network asks for something first").wait_for()
    page.context.unroute_all()
    page.context.set_offline(True)
    page.goto("/")
    page.get_by_role("heading", name="Today", exact=True).wait_for()


def test_the_app_can_be_installed(chromium, server, tmp_path, world):
    context = chromium.browser_type.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path=shutil.which("chromium"),
        args=QUIET,
        base_url=server,
    )
    page = context.new_page()
    tablet.sign_in(page, world.driver)
    tablet.prepare(page)
    session = context.new_cdp_session(page)
    assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    context.close()


def kept_names(page):
    return page.evaluate("async () => (await caches.keys()).filter(n => n.includes('-pages-'))")
