"""Every page that somebody can open, in the light and in the dark, has no violation of axe-core.

Which pages there are comes from the app's routes: one without an errand in ``proof/errands.py``
makes these tests fail, so that none is forgotten.
"""

from contextlib import ExitStack

import pytest

from proof import books as proof_books
from proof.errands import ERRANDS, Desk, address, missing
from proof.staff import PASSWORD
from tests.browser import axe, tablet
from tests.browser.conftest import TABLET
from tests.browser.serving import serving

pytestmark = pytest.mark.browser

PEOPLE = ("driver-a", "supervisor", "admin", "accountant")
OWNER = "driver-a"
"""Whose records are looked at: everybody signed in may see some of them."""
LOOKS = ("distributions.look", "distributions.look_again", "sites.quote")
"""They tell about a form as it is being typed: a wrong one is no error yet."""
SUBMIT = """async ({path, fields}) => {
  const form = Object.assign(document.createElement("form"), {method: "post", action: path});
  const csrf_token = document.querySelector('meta[name="csrf-token"], [name=csrf_token]');
  for (const [name, value] of Object.entries({csrf_token: csrf_token.content ?? csrf_token.value, ...fields})) {
    form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
  }
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture(scope="module")
def desk():
    """A company's books with something of everything in them."""
    with proof_books.embedded() as books:
        desk = Desk(books)
        assert missing(books.app) == set()
        for errand in ERRANDS.values():
            desk.aim(errand, OWNER)
        books.let_go()
        yield desk


@pytest.fixture(scope="module")
def shown(desk, chromium):
    """Open a page as ``person``, or as nobody; all of them look at the same server."""
    home = desk.books.home
    with serving(proof_books.url_of(home), home) as server, ExitStack() as stack:

        def open_page(person=None, **options):
            context = chromium.new_context(base_url=server, viewport=TABLET, **options)
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(15_000)
            if person:
                page.goto("/login")
                page.fill("[name=username]", desk.cast.login(person).username)
                page.fill("[name=password]", PASSWORD)
                page.get_by_role("button", name="Log in").click()
                page.wait_for_url(lambda url: "/login" not in url)
            return page

        yield open_page


@pytest.mark.parametrize("person", [None, *PEOPLE])
def test_every_page(desk, shown, person):
    page = shown(person, service_workers="block")
    found, refused = {}, set()
    for errand in asked_for("GET"):
        path = path_of(desk, errand)
        answer = page.request.get(path, max_redirects=0)
        is_page = answer.headers["content-type"].startswith("text/html") and answer.status != 303
        if is_page and answer.status not in refused:
            page.goto(path)
            found[errand.endpoint] = [*axe.violations(page), *too_wide(page)]
            refused |= {answer.status} - {200}
    assert len(found) > (2 if person is None else 8)
    assert wrong(found) == {}


def too_wide(page):
    """Tell what a phone would have to scroll sideways for; tables scroll by themselves."""
    page.set_viewport_size({"width": 360, "height": 740})
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size(TABLET)
    return [f"{wider} px wider than a phone"] if wider > 0 else []


@pytest.mark.parametrize("person", [None, *PEOPLE])
def test_every_form_that_was_filled_in_wrongly(desk, shown, person):
    page = shown(person, service_workers="block")
    start = "/account" if person else "/login"
    found, refused = {}, set()
    for errand in asked_for("POST"):
        fields = spoilt(desk.aim(errand, OWNER).form)
        if not fields or (errand.endpoint == "sessions.enter") is not (person is None):
            continue
        page.goto(start)
        with page.expect_navigation() as coming:
            page.evaluate(SUBMIT, {"path": path_of(desk, errand), "fields": fields})
        status = coming.value.status
        assert status in {403, 404, 422} or errand.endpoint in LOOKS, errand.endpoint
        if status not in refused:
            found[f"{errand.endpoint} {status}"] = axe.violations(page)
            refused |= {status} & {403, 404}
    assert any("422" in name for name in found), found.keys()
    assert wrong(found) == {}


def test_the_pages_of_the_day_without_a_network(desk, shown):
    page = shown("driver-a", has_touch=True)
    tablet.prepare(page)
    sale = path_of(desk, ERRANDS["sites.sale", "GET"])
    for count in (0, 1):  # one that the server refuses, one that waits
        page.goto(sale)
        page.fill("[name=collection-C127]", str(9000 * (1 - count)))
        page.fill("[name=delivery-C127]", str(count))
        page.context.set_offline(bool(count))
        page.locator("#visit button.primary").click()
        tablet.wait_for_states(page, *["refused", "waiting"][: count + 1])
    found = {"saved": axe.violations(page)}
    kept = page.evaluate("async () => (await self.hsh.store.fact('day')).pages")
    for path in {page_kept["address"] for page_kept in kept} | {"/pending", "/stock"}:
        page.goto(path)
        found[path] = axe.violations(page)
    assert len(found) > 8
    assert wrong(found) == {}


def asked_for(method):
    return [errand for errand in ERRANDS.values() if errand.method == method]


def path_of(desk, errand):
    return address(desk.books.app, errand.endpoint, desk.aim(errand, OWNER))


def spoilt(form):
    """The fields of a form with something in each that will not do."""
    return {
        name: ("x" if any(map(str.isdigit, value)) else "")
        for name, value in form.items()
        if name != "client_temp_id"
    }


def wrong(found):
    return {name: lines for name, lines in found.items() if lines}
