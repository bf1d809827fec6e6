"""Printing where the browser has no Bluetooth: the page says why, and what else there is."""

import base64
import re

import pytest

from hsh.models.sales import ReceiptPrint
from tests import escpos_parser
from tests.browser.tablet import count
from tests.browser.test_working_day import sign_in

pytestmark = pytest.mark.browser
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-X306B) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"


@pytest.fixture
def receipt_at(world, sale, open_page):
    """The page of the sale, in a browser without Bluetooth."""

    def open_it(without="Bluetooth", **options):
        page = open_page(**options)
        page.add_init_script(f"delete Object.getPrototypeOf(navigator).{without.lower()}")
        sign_in(page, world.driver)
        page.goto(f"/transactions/{sale.ref}")
        page.get_by_role("link", name="Print receipt").click()
        return page

    return open_it


def test_the_page_says_why_and_counts_nothing(receipt_at):
    panel = receipt_at().locator("#printing")
    panel.get_by_text("This browser cannot reach Bluetooth printers").wait_for()
    for other in ("Print as a page", "Save for another printing app"):
        panel.get_by_role("link", name=other).wait_for()
    assert panel.get_by_role("button", name="RawBT").count() == 0
    assert panel.get_by_role("button", name="Choose printer").count() == 0
    assert count(ReceiptPrint) == 0


def test_the_receipt_as_a_page_counts_as_a_print(receipt_at, sale):
    page = receipt_at()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Print as a page").click()
    paper = opened.value
    paper.get_by_role("button", name="Print").wait_for()
    assert sale.document in paper.locator(".slip").inner_text()
    assert "COPY" not in paper.locator(".slip").inner_text()
    assert count(ReceiptPrint) == 1
    paper.reload()
    paper.locator(".slip").get_by_text("COPY 1").first.wait_for()


def test_on_paper_there_is_nothing_but_the_slip(receipt_at):
    page = receipt_at()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Print as a page").click()
    paper = opened.value
    paper.emulate_media(media="print")
    assert not paper.get_by_role("button", name="Print").is_visible()
    assert paper.locator(".slip").bounding_box()["width"] == pytest.approx(72 / 25.4 * 96, abs=1)


def test_the_saved_file_has_the_bytes_of_the_receipt(receipt_at, sale):
    page = receipt_at()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Save for another printing app").click()
    assert sale.document in escpos_parser.text(coming.value.path().read_bytes())


def test_on_android_rawbt_is_given_the_bytes(receipt_at, sale):
    page = receipt_at(user_agent=ANDROID)
    page.evaluate(
        "addEventListener('click', (tap) => { const link = tap.target.closest?.('a[href^=intent]');"
        " if (link) { tap.preventDefault(); window.handed = link.href; } }, true)"
    )
    page.get_by_role("button", name="Print with the app RawBT").click()
    page.locator("#printing").get_by_text("Handed over to RawBT").wait_for()
    found = re.fullmatch(
        r"intent:base64,(\S+)#Intent;scheme=rawbt;package=ru\.a402d\.rawbtprinter;end;",
        page.evaluate("window.handed"),
    )
    assert sale.document in escpos_parser.text(base64.b64decode(found[1]))


# No browser emulates a serial port: this one stands in for it, with a real stream to write to.
PORT = """
window.cable = [];
const port = Object.assign(new EventTarget(), {
  getInfo: () => ({ usbVendorId: 1, usbProductId: 2 }), writable: null,
  async open() { this.writable = new WritableStream({ write: (part) => { window.cable.push(...part); } }); },
});
Object.defineProperty(navigator, "serial", {
  value: { requestPort: async () => port, getPorts: async () => [] },
});
"""


def test_a_printer_on_a_cable_gets_the_bytes(world, sale, open_page):
    page = open_page()
    page.add_init_script(PORT + "delete Object.getPrototypeOf(navigator).bluetooth;")
    sign_in(page, world.driver)
    page.goto(f"/transactions/{sale.ref}")
    page.get_by_role("link", name="Print receipt").click()
    page.get_by_role("button", name="Printer on a cable").click()
    page.locator("#printing li").get_by_text(re.compile("^Printed$")).wait_for()
    assert sale.document in escpos_parser.text(bytes(page.evaluate("window.cable")))
