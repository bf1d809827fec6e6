"""Pages on paper: what was read on the screen, in black on white, and nothing to click."""

import pytest

from hsh.db import db
from tests import given
from tests.browser import tablet
from tests.selling import sell, size

pytestmark = pytest.mark.browser

LOOKS = """() => {
  const style = (selector) => getComputedStyle(document.querySelector(selector));
  const shows = (selector) => [...document.querySelectorAll(selector)].some((one) => one.checkVisibility());
  return {
    ink: style("h1").color, ground: style("body").backgroundColor, heads: style("thead").display,
    clicked: shows("nav, .filters, button, .button, .pick"),
  };
}"""


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=20)
    sell(world, cylinders=size(delivered=3))
    db.session.rollback()
    return world


@pytest.mark.parametrize("person", ["driver", "supervisor"])
def test_a_list_is_printed_from_a_dark_screen(world, open_page, person):
    page = open_page(color_scheme="dark", service_workers="block")
    tablet.sign_in(page, getattr(world, person))
    page.goto("/transactions")
    page.emulate_media(media="print")
    assert page.evaluate(LOOKS) == {
        "ink": "rgb(0, 0, 0)", "ground": "rgba(0, 0, 0, 0)", "heads": "table-header-group",
        "clicked": False,
    }  # fmt: skip


def test_a_record_is_printed_with_its_status(world, open_page):
    page = open_page(color_scheme="dark", service_workers="block")
    tablet.sign_in(page, world.supervisor)
    page.goto("/transactions")
    page.locator("main td a").first.click()
    page.locator("#transaction").wait_for()
    page.emulate_media(media="print")
    assert page.locator("main .badge").first.is_visible()
    assert not page.locator(".shell").is_visible()
