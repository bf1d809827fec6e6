"""A real server, as production runs it, and Debian's Chromium; both stop with the test."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from hsh.db import db
from tests import given
from tests.browser import tablet
from tests.browser.serving import serving
from tests.selling import sell, size

TABLET = {"width": 1280, "height": 800}
QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
]


@pytest.fixture(scope="session")
def start_chromium():
    """Start a browser with further switches; it stops with the tests."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing: make test installs it, or says how"
    with sync_playwright() as playwright:
        browsers = []

        def start(*switches):
            browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *switches])
            browsers.append(browser)
            return browser

        yield start
        for browser in browsers:
            browser.close()


@pytest.fixture(scope="session")
def chromium(start_chromium):
    """One browser for all tests; each opens a context of its own."""
    return start_chromium()


@pytest.fixture
def world(app):
    """A company, and a driver with a full truck; a file that needs another has its own."""
    return given.a_world(full_on_truck=20)


@pytest.fixture
def sale(world):
    """A sale at the world's site, which is thereby on its driver's round."""
    done = sell(world, cylinders=size(delivered=3))
    db.session.rollback()
    return done


@pytest.fixture
def server(app, database_url, tmp_path):
    """The address of the app under gunicorn, on the test's own books."""
    with serving(database_url, tmp_path) as address:
        yield address


@pytest.fixture
def open_page(chromium, server):
    """Open a page as a new visitor: open_page(java_script_enabled=False, viewport=...)."""
    contexts = []

    def open_one(**options):
        context = chromium.new_context(
            base_url=server,
            accept_downloads=True,
            **({"viewport": TABLET, "has_touch": True} | options),
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(world, sale, open_page):
    """The driver's tablet: signed in, its worker in charge, the day kept."""
    page = open_page()
    tablet.sign_in(page, world.driver)
    tablet.prepare(page)
    return page
