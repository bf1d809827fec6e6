"""Another version of the app arrives while forms wait on the tablet."""

import shutil

import pytest

from hsh import config
from tests.browser import tablet
from tests.browser.serving import free_port, serving

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("sale")]


NONE_OF_THESE = "async (old) => (await caches.keys()).every((name) => !old.includes(name))"


@pytest.fixture
def tablet_page(chromium):
    """Open a page at a port of 127.0.0.1."""
    contexts = []

    def open_one(port):
        context = chromium.new_context(base_url=f"http://127.0.0.1:{port}")
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def newer(tmp_path):
    """The folder of the next version of the app."""
    folder = tmp_path / "newer"
    folder.mkdir()
    for name in ("app.py", "gunicorn.conf.py"):
        shutil.copy(config.ROOT / name, folder)
    shutil.copytree(config.ROOT / "hsh", folder / "hsh", ignore=shutil.ignore_patterns("fonts"))
    with (folder / "hsh" / "static" / "css" / "hsh.css").open("a") as style:
        style.write("main { --another-version: yes }\n")
    return folder


def keep_a_sale(page, world):
    """Prepare the tablet and have one sale wait on it, as the server never answers it."""
    tablet.sign_in(page, world.driver)
    tablet.prepare(page)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "1")
    page.context.set_offline(True)
    page.locator("button.primary").click()
    tablet.saved(page)
    page.evaluate(
        "async () => self.hsh.store.change((await self.hsh.store.all())[0].client_temp_id, { user: 'x' })"
    )


def update(page):
    page.context.set_offline(False)
    page.evaluate(
        "async () => { await (await navigator.serviceWorker.getRegistration()).update() }"
    )


def test_the_kill_switch_takes_the_worker_away_and_leaves_the_queue(
    database_url, tmp_path, world, tablet_page
):
    port = free_port()
    page = tablet_page(port)
    with serving(database_url, tmp_path, port=port):
        keep_a_sale(page, world)
    with serving(database_url, tmp_path, port=port, HSH_OFFLINE="off"):
        update(page)
        tablet.until(page, "async () => (await caches.keys()).length === 0")
        page.goto("/")
        assert tablet.states(page) == ["waiting"]
        assert page.evaluate("!navigator.serviceWorker.controller")


def test_an_update_replaces_all_that_is_kept_and_leaves_what_waits(
    database_url, tmp_path, world, tablet_page, newer
):
    port = free_port()
    page = tablet_page(port)
    with serving(database_url, tmp_path, port=port):
        keep_a_sale(page, world)
        before = page.evaluate("caches.keys()")
    with serving(database_url, tmp_path, port=port, root=newer):
        update(page)
        page.goto("/")
        tablet.until(page, NONE_OF_THESE, before)
        assert tablet.states(page) == ["waiting"]
        page.context.set_offline(True)
        page.reload()
        page.get_by_text("No network. This is how it was at").wait_for()
        style = (
            "getComputedStyle(document.querySelector('main')).getPropertyValue('--another-version')"
        )
        assert page.evaluate(style).strip() == "yes"


def test_a_day_kept_by_the_older_worker_drops_nothing_of_the_newer_one(
    database_url, tmp_path, world, tablet_page, newer
):
    port = free_port()
    page = tablet_page(port)
    with serving(database_url, tmp_path, port=port):
        tablet.sign_in(page, world.driver)
        tablet.prepare(page)
        before = page.evaluate("caches.keys()")
    with serving(database_url, tmp_path, port=port, root=newer):
        page.evaluate("self.hsh.store.setFact('day', null)")
        update(page)
        page.evaluate("navigator.serviceWorker.controller.postMessage('day')")
        tablet.until(page, NONE_OF_THESE, before)
    page.goto("/pending")
    page.get_by_text("Nothing waits.").wait_for()
    page.goto("/")
    page.get_by_text("No network. This is how it was at").wait_for()
