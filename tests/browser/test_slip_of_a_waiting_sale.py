"""The slip of a sale that waits on the tablet: printed without a network, and held to what it said."""

import re
from decimal import Decimal

import pytest

from hsh.core.words import Condition
from hsh.db import db
from hsh.documents import provisional
from hsh.models.registry import Rate
from hsh.models.sales import Transaction
from tests import escpos_parser, given
from tests.browser import tablet
from tests.browser.bluetooth_printer import SWITCHES, BluetoothPrinter
from tests.selling import sell, size

pytestmark = pytest.mark.browser
KEPT = "async () => (await self.hsh.store.all()).map(({ client_temp_id, slip }) => [client_temp_id, slip])"


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=20)
    given.stock(world.site, {world.sizes["C127"]: 9}, condition=Condition.HELD)
    sell(world, cylinders=size(delivered=1))
    db.session.rollback()
    return world


@pytest.fixture
def page(world, server, start_chromium):
    context = start_chromium(*SWITCHES).new_context(base_url=server)
    page = context.new_page()
    page.set_default_timeout(15_000)
    tablet.sign_in(page, world.driver)
    tablet.prepare(page)
    yield page
    context.close()


def sell_offline(page, world):
    page.context.set_offline(True)
    page.goto(f"/sites/{world.site.ref}/sale")
    page.fill("[name='delivery-C127']", "2")
    page.locator("#sum .pay").get_by_text("$69.32").wait_for()
    page.locator("button.primary").click()
    tablet.saved(page)


def print_slip(page, nth=1):
    page.get_by_role("button", name="Print slip").click()
    printed = page.locator("#printing li").get_by_text("Printed", exact=True)
    printed.filter(visible=True).nth(nth - 1).wait_for()


def test_the_pending_page_prints_it_without_a_network_and_counts_the_copies(page, world):
    sell_offline(page, world)
    page.goto("/pending")
    ((ref, slip),) = page.evaluate(KEPT)
    record = slip | {"short_code": f"{ref[:4]}-{ref[4:8]}".upper()}
    printer = BluetoothPrinter(page)
    for copy in (0, 1):
        printer.writes.clear()
        print_slip(page, copy + 1)
        assert printer.received == provisional.escpos(record, copy=copy)
    text = escpos_parser.text(printer.received)
    for said in ("PROVISIONAL - NOT A TAX INVOICE", record["short_code"], "S$ 69.32", "COPY 1"):
        assert said in text
    printer.power_off()


def test_the_page_that_says_saved_prints_it_too(page, world):
    sell_offline(page, world)
    printer = BluetoothPrinter(page)
    print_slip(page)
    assert "S$ 69.32" in escpos_parser.text(printer.received)
    printer.power_off()


def test_a_plan_has_no_slip(page):
    page.context.set_offline(True)
    tablet.plan_a_load(page, {"C127": 5})
    tablet.saved(page)
    page.goto("/pending")
    page.get_by_role("button", name="Remove").wait_for()
    assert page.get_by_role("button", name="Print slip").filter(visible=True).count() == 0


def test_when_the_books_come_to_another_total_the_driver_is_told(page, world):
    sell_offline(page, world)
    dearer()
    page.context.set_offline(False)
    tablet.wait_for_states(page, "sent")
    sale = db.session.query(Transaction).order_by(Transaction.id.desc()).first()
    assert (sale.claimed, sale.payable) == (6932, 7150)
    db.session.rollback()
    page.goto("/pending")
    page.get_by_text("The slip said $69.32, the books say $71.50.").wait_for()
    assert page.get_by_role("button", name="Print slip").filter(visible=True).count() == 0
    page.get_by_role("link", name=re.compile("TRX-")).first.click()
    page.get_by_text("The tablet had shown $69.32. The books say $71.50.").wait_for()


def dearer():
    """The office raises the price while the tablet is in the basement."""
    for rate in db.session.query(Rate).filter_by(amount=Decimal("31.8")):
        rate.amount = Decimal("32.8")
    db.session.commit()
