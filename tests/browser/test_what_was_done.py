"""A form under way and what it made, as someone in the office sees it."""

import re

import pytest

from tests import given
from tests.browser import axe, tablet

pytestmark = pytest.mark.browser

SPOKEN = """() => {
  window.spoken = [];
  new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => window.spoken.push(node.innerText))))
    .observe(document.getElementById("toasts"), {childList: true});
}"""
RESTING = """() => new MutationObserver((all) => all.forEach(({ target }) => {
  if (target.disabled && target.ariaBusy === "true") sessionStorage.rested = getComputedStyle(target, "::before").animationName;
})).observe(document.body, {attributes: true, subtree: true})"""
"""Keeps that a button rested, with its sign, past the page that it stood on."""
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def desk(world, open_page):
    """Open the page of the world's truck as an admin."""
    admin = given.an_admin()

    def open_one(**options):
        page = open_page(viewport=DESK, **options)
        tablet.sign_in(page, admin)
        page.goto(f"/registry/vehicles/{world.truck.ref}")
        return page

    return open_one


def toast(page):
    return page.locator("#toasts .toast")


def save(page, name):
    page.fill("[name=name]", name)
    page.get_by_role("button", name="Save").click()


def test_it_is_told_read_out_and_dismissed(desk):
    page = desk()
    page.evaluate(SPOKEN)
    save(page, "New name")
    toast(page).wait_for()
    page.wait_for_function("() => window.spoken.length > 1")
    assert "New name is changed." in page.evaluate("() => window.spoken.at(-1)")
    assert page.get_attribute("#toasts", "aria-live") == "polite"
    toast(page).get_by_role("link", name="New name").wait_for()
    assert axe.violations(page) == []
    page.get_by_role("button", name="Dismiss").click()
    assert toast(page).count() == 0


def test_the_next_act_takes_its_place_and_a_refused_one_leaves_none(desk):
    page = desk()
    save(page, "First")
    toast(page).get_by_text("First").wait_for()
    save(page, "Second")
    toast(page).get_by_text("Second").wait_for()
    assert toast(page).count() == 1
    page.fill("[name=max_gross_kg]", "-1")
    save(page, "Third")
    page.locator(".problem").first.wait_for()
    assert toast(page).count() == 0


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("width", [1440, 360])
def test_closing_is_undone_from_the_toast(desk, world, javascript, width):
    page = desk(java_script_enabled=javascript)
    page.goto(f"/registry/services/{world.fee.id}")
    page.set_viewport_size({"width": width, "height": 740})
    for act, state in (("Close", "closed"), ("Undo", "open again")):
        page.get_by_role("button", name=re.compile(f"^{act}$")).click()
        toast(page).get_by_text(f"is {state}.").wait_for()
    assert not javascript or page.evaluate("() => document.body.scrollWidth <= innerWidth")
    hidden = page.get_by_role("button", name="Dismiss")
    assert hidden.count() == (1 if javascript else 0)


def test_a_page_that_follows_a_redirect_tells_it(desk, world):
    page = desk()
    page.goto("/registry/depots/new")
    page.fill("[name=code]", "TUAS")
    page.fill("[name=name]", "Tuas depot")
    page.fill("[name=address]", "12 Tuas Avenue 7\nSingapore 639212")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/registry/depots")
    toast(page).get_by_role("link", name="Tuas depot").click()
    page.get_by_role("heading", name="Tuas depot").wait_for()
    assert toast(page).count() == 0


FORMS = {
    "sent by htmx": ("/registry/vehicles/{truck}", "Save"),
    "a filter": ("/audit", "Show"),
    "looked up": ("/prices/change", "Show who will pay what"),
    "a plain one": ("/login", "Log in"),
}


@pytest.mark.parametrize("kind", FORMS)
def test_a_button_rests_while_its_form_is_under_way_and_not_after_back(
    desk, open_page, world, kind
):
    address, words = FORMS[kind]
    page = open_page(viewport=DESK) if kind == "a plain one" else desk()
    page.goto(address.format(truck=world.truck.ref))
    if kind == "a plain one":
        page.fill("[name=username]", "nobody")
        page.fill("[name=password]", "nothing at all")
    page.evaluate(RESTING)
    page.locator("main form button:not([type=button])", has_text=words).first.click()
    page.wait_for_function("() => sessionStorage.rested === 'turn'")
    page.wait_for_function("() => !document.querySelector('main form button[aria-busy=true]')")
    if kind == "a plain one":
        return  # what was answered to a POST cannot be gone back to
    page.goto("/healthz")
    page.go_back()
    assert page.locator("main form button[aria-busy=true]").count() == 0
    assert page.locator("main form button:disabled").count() == 0
