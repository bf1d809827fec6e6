"""The tablet's own total: the server's, cent for cent, and shown with or without a network."""

import json

import pytest

from hsh.core.words import Condition
from hsh.db import db
from hsh.models.sales import Document, Transaction
from tests import given, totalling
from tests.browser import tablet
from tests.selling import count, sell, size
from tests.services.sales.test_agree_price import agreed, used_by

pytestmark = pytest.mark.browser
QUOTED = """async (visits) => {
  const { quote } = await import("/static/js/sale/quote.js");
  return visits.map(({ rates, cases }) => cases.map(({ order }) => quote(rates, order)));
}"""


def test_the_tablet_comes_to_what_the_server_says_in_every_shared_case(app, open_page):
    visits = json.loads(totalling.FILE.read_text())
    page = open_page()
    page.goto("/login")
    for visit, quoted in zip(visits, page.evaluate(QUOTED, visits), strict=True):
        for case, found in zip(visit["cases"], quoted, strict=True):
            assert found == case["comes_to"], case["order"]


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=20, cash_rounding=True)
    given.stock(world.site, {world.sizes["C127"]: 9}, condition=Condition.HELD)
    sell(world, cylinders=size(delivered=1), deposits=count(world.deposit))
    db.session.rollback()
    return world


@pytest.fixture
def page(world, open_page):
    page = open_page()
    page.said = []
    page.on("pageerror", lambda error: page.said.append(str(error)))
    tablet.sign_in(page, world.driver)
    tablet.prepare(page)
    return page


def newest():
    sale = db.session.query(Transaction).order_by(Transaction.id.desc()).first()
    db.session.rollback()
    return sale


def type_a_visit(page, world):
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "2")
    page.fill("[name='collection-C127']", "1")
    page.locator(f"[name='meter-{world.meter.ref}-current']").fill("112.5")
    page.locator("label", has_text="Cash").click()


def paying(page, dollars):
    page.locator("#sum .pay").get_by_text(dollars).wait_for()
    page.get_by_role("button", name=f"Confirm, {dollars}").wait_for()


def test_without_a_network_the_total_is_shown_and_sent_as_what_the_tablet_claims(page, world):
    page.context.set_offline(True)
    type_a_visit(page, world)
    paying(page, "$86.15")  # 15.43 + 63.60 + GST, rounded for cash
    page.get_by_text("No network: this tablet worked it out.").wait_for()
    page.get_by_role("button", name="Confirm").click()
    tablet.saved(page)
    page.context.set_offline(False)
    tablet.wait_for_states(page, "sent")
    assert (newest().claimed, newest().payable) == (8615, 8615)
    assert page.said == []


def test_a_price_agreed_for_one_sale_is_the_tablets_too_without_a_network(page, world):
    ref = agreed(world)
    db.session.rollback()
    type_a_visit(page, world)  # the page is kept for when there is no network
    page.get_by_text("$29.50 agreed for this sale").wait_for()
    page.context.set_offline(True)
    type_a_visit(page, world)
    paying(page, "$81.15")  # 15.43 + 59.00 + GST, rounded for cash
    page.get_by_role("button", name="Confirm").click()
    tablet.saved(page)
    page.context.set_offline(False)
    tablet.wait_for_states(page, "sent")
    sold = newest()
    assert (sold.claimed, sold.payable) == (8115, 8115)
    assert used_by(ref) == sold.id


def test_with_a_network_the_total_is_there_before_the_server_answers(page, world):
    page.route("**/sale/quote", lambda route: None)  # it never answers
    type_a_visit(page, world)
    paying(page, "$86.15")
    assert page.input_value("[name=claimed]") == "8615"


SLIP = "async () => (await self.hsh.store.all()).at(-1).slip"
SAID_BY_BOTH = ("kind", "locale", "company", "customer", "site", "due_on", "buyer_reference",
                "seller", "price_basis", "lines", "taxes", "totals", "payment", "issued_on",
                "supply_on")  # fmt: skip


def test_a_slip_says_what_the_document_will_say(page, world):
    page.context.set_offline(True)
    type_a_visit(page, world)
    page.locator("summary", has_text="Deposits").click()
    page.fill(f"[name='deposit_refund-{world.deposit.code}']", "1")
    page.locator("label", has_text="On account").click()
    page.get_by_label("Purchase order").fill(" PO 7 ")
    page.get_by_role("button", name="Confirm").click()
    tablet.saved(page)
    slip = page.evaluate(SLIP)
    page.context.set_offline(False)
    tablet.wait_for_states(page, "sent")
    assert page.evaluate(SLIP) is None  # it is no longer needed here
    document = db.session.query(Document).order_by(Document.id.desc()).first()
    frozen = json.loads(document.content)
    db.session.rollback()
    assert {name: slip[name] for name in SAID_BY_BOTH} == {
        name: frozen[name] for name in SAID_BY_BOTH
    }
