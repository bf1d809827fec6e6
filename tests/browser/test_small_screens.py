"""Pages at 200% zoom and on a small screen: nothing is cut, nothing scrolls sideways, all is in reach."""

import pytest

from hsh.db import db
from tests import given
from tests.browser import tablet
from tests.selling import sell, size

pytestmark = pytest.mark.browser

SIZES = {
    "a small phone": {"viewport": {"width": 360, "height": 640}},
    "a tablet at 200%": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},
    "an upright tablet at 200%": {
        "viewport": {"width": 400, "height": 640},
        "device_scale_factor": 2,
    },
}
OUT_OF_REACH = """async () => {
  const faults = [];
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} wide on ${clientWidth}`);
  const scroller = (one) => one.closest(".scroll, .slip, .shell nav ul");
  const name = (one) => one.outerHTML.slice(0, 100);
  for (const one of document.querySelectorAll("main *")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || scroller(one) || one.closest(".unseen, svg")) continue;
    const { left, right, width } = one.getBoundingClientRect();
    if (width > 1 && (left < -1 || right > clientWidth + 1)) faults.push(`cut: ${name(one)}`);
  }
  for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.disabled || one.matches(".skip")) continue;
    one.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const { left, top, width, height } = one.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    const label = one.labels?.[0];
    if (!there || !(one.contains(there) || there.contains(one) || label?.contains(there))) {
      faults.push(`covered: ${name(one)} by ${there && name(there)}`);
    }
  }
  return faults;
}"""


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=20)
    db.session.rollback()
    return world


@pytest.mark.parametrize("shape", SIZES)
def test_every_page_of_the_day_fits(world, open_page, shape):
    sale = sell(world, cylinders=size(delivered=3))
    db.session.rollback()
    page = open_page(**SIZES[shape])
    page.goto("/login")
    found = {"/login": page.evaluate(OUT_OF_REACH)}
    tablet.sign_in(page, world.driver)
    tablet.prepare(page)
    day = page.evaluate("async () => (await self.hsh.store.fact('day')).pages")
    paths = [kept["address"] for kept in day]
    for path in [
        *paths,
        f"/transactions/{sale.ref}",
        "/print/printer",
        "/account",
        "/no-such-page",
    ]:
        page.goto(path)
        found[path] = page.evaluate(OUT_OF_REACH)
    page.context.set_offline(True)
    for path in [f"/sites/{world.site.ref}/sale", "/stock"]:
        page.goto(path)
        found[f"{path} offline"] = page.evaluate(OUT_OF_REACH)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "1")
    page.locator("#visit button.primary").click()
    tablet.saved(page)
    found["saved"] = page.evaluate(OUT_OF_REACH)
    page.goto("/pending")
    page.get_by_text("Waiting").first.wait_for()
    found["/pending"] = page.evaluate(OUT_OF_REACH)
    assert {path: faults for path, faults in found.items() if faults} == {}


TABLETS = {"landscape": {"width": 1024, "height": 768}, "portrait": {"width": 768, "height": 1024}}
BROKEN_WORDS = """() => {
  const ways = document.querySelector(".shell nav ul");
  const broken = [...document.querySelectorAll("main label, .shell nav a span")].filter((one) => {
    const text = one.checkVisibility() && document.createTreeWalker(one, NodeFilter.SHOW_TEXT).nextNode();
    const word = text && /\\S+/.exec(text.data);
    if (!word) return false;
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  });
  return [...broken.map((one) => one.textContent.trim()), ...(ways.scrollWidth > ways.clientWidth ? ["the ways do not fit"] : [])];
}"""


@pytest.mark.parametrize("shape", TABLETS)
def test_no_word_is_broken_and_every_way_is_in_sight_on_a_tablet(world, open_page, shape):
    page = open_page(viewport=TABLETS[shape])
    tablet.sign_in(page, world.driver)
    tablet.prepare(page)
    found = {}
    for path in (f"/sites/{world.site.ref}/sale", "/distributions/plan?way=load", "/print/printer"):
        page.goto(path)
        found[path] = page.evaluate(BROKEN_WORDS)
    assert not any(found.values()), found
