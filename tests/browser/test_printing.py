"""Receipts over Bluetooth, in real Chromium, to a printer that keeps what it is sent."""

import re

import pytest

from hsh.documents import provisional
from hsh.models.sales import ReceiptPrint
from tests import escpos_parser
from tests.browser.bluetooth_printer import SWITCHES, BluetoothPrinter
from tests.browser.tablet import count
from tests.browser.test_working_day import sign_in
from tests.documents.given import content

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def radio_chromium(start_chromium):
    """A browser with Bluetooth."""
    return start_chromium(*SWITCHES)


@pytest.fixture
def page(world, server, radio_chromium):
    context = radio_chromium.new_context(base_url=server, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.said = []
    page.on("console", lambda line: page.said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.fetched = []
    page.on("response", lambda answer: keep(page, answer))
    sign_in(page, world.driver)
    yield page
    context.close()


def keep(page, answer):
    if answer.url.endswith(".escpos"):
        page.fetched.append(answer)


@pytest.fixture
def printer(page, sale):
    page.goto(f"/transactions/{sale.ref}")
    printer = BluetoothPrinter(page)
    yield printer
    printer.power_off()


def print_it(page):
    page.get_by_role("link", name="Print receipt").click()


def to_the_printer_page(page):
    page.get_by_text("Other ways to print").click()
    page.get_by_role("link", name="Printer settings and test page").click()


def wait_until(page, words):
    """Until the panel says ``words``."""
    page.locator("#printing").get_by_text(words).filter(visible=True).first.wait_for()


def job(page, label):
    return page.locator("#printing li", has_text=label)


def served(page):
    """What the server handed out."""
    return b"".join(answer.body() for answer in page.fetched)


def test_the_printer_gets_the_very_bytes_of_the_route(page, printer, sale):
    print_it(page)
    wait_until(page, "Printed")
    assert printer.received == served(page)
    text = escpos_parser.text(printer.received)
    assert sale.document in text
    assert "COPY" not in text
    assert page.said == []


def printed(page):
    """Print, and wait until it is."""
    print_it(page)
    wait_until(page, re.compile("^Printed$"))


def test_small_pieces_arrive_in_order_and_are_kept_for_this_printer(page, printer, sale):
    printed(page)
    to_the_printer_page(page)
    page.get_by_label("Bytes at once").fill("20")
    page.get_by_label("Rest between, in milliseconds").fill("1")
    page.get_by_label("Rest between, in milliseconds").press("Tab")
    printer.writes.clear()
    page.fetched.clear()
    page.get_by_role("link", name="Print test page").click()
    wait_until(page, re.compile("^Printed$"))
    assert printer.received == served(page)
    assert {len(part) for part in printer.writes[:-1]} == {20}
    assert "Test page" in escpos_parser.text(printer.received)
    page.reload()
    assert page.evaluate("JSON.parse(localStorage['hsh.printers']).devices") != {}


def test_a_link_that_breaks_half_way_leaves_it_unknown_and_nothing_is_sent_again(page, printer):
    printer.dies_after = 2
    print_it(page)
    wait_until(page, "Look at the paper")
    assert len(printer.writes) == 2
    assert count(ReceiptPrint) == 1
    printer.offer()
    page.wait_for_timeout(2_500)  # longer than any attempt to connect again
    assert len(printer.writes) == 2
    assert len(page.fetched) == 1


def test_after_a_break_it_connects_again_without_asking_and_the_new_paper_says_copy(page, printer):
    printer.dies_after = 2
    print_it(page)
    wait_until(page, "Look at the paper")
    printer.offer()
    printer.writes.clear()
    page.fetched.clear()
    page.get_by_role("button", name="Print again as COPY").click()
    wait_until(page, re.compile("^Printed$"))
    assert printer.received == served(page)
    assert "COPY 1" in escpos_parser.text(printer.received)
    assert printer.prompts == 1


def test_cancelled_half_way_it_is_unknown(page, printer):
    printer.silent_from = 1
    print_it(page)
    wait_until(page, "Printing")
    page.get_by_role("button", name="Cancel").click()
    printer.answer_now()
    wait_until(page, "Cancelled half way")
    assert len(printer.writes) == 2  # the one under way, and none after it


def test_cancelled_before_anything_was_sent_the_same_paper_is_printed_later(page, printer, world):
    printer.silent_from = 1
    print_it(page)
    wait_until(page, "Printing")
    to_the_printer_page(page)
    page.get_by_role("link", name="Print test page").click()
    wait_until(page, "Waiting")
    job(page, "Test page").get_by_role("button", name="Cancel").click()
    printer.answer_now()
    wait_until(page, "Cancelled before anything was printed")
    wait_until(page, re.compile("^Printed$"))
    printer.writes.clear()
    page.get_by_role("button", name="Try again").click()
    job(page, "Test page").get_by_text(re.compile("^Printed$")).wait_for()
    assert "Test page" in escpos_parser.text(printer.received)


def test_what_was_fetched_and_never_sent_is_the_same_paper_later_and_no_copy(page, printer):
    held = []
    page.route("**/*.escpos", lambda route, _request: held.append(route))
    with page.expect_request("**/*.escpos"):
        print_it(page)
    page.get_by_role("button", name="Cancel").click()
    for route in held:
        route.continue_()
    wait_until(page, "Cancelled before anything was printed")
    page.get_by_role("button", name="Try again").click()
    wait_until(page, re.compile("^Printed$"))
    assert "COPY" not in escpos_parser.text(printer.received)
    assert count(ReceiptPrint) == 1


def test_two_jobs_are_printed_one_after_the_other_while_the_driver_goes_on(page, printer, sale):
    printer.silent_from = 1
    print_it(page)
    wait_until(page, "Printing")
    to_the_printer_page(page)
    page.get_by_role("link", name="Print test page").click()
    wait_until(page, "Waiting")
    printer.answer_now()
    job(page, "Test page").get_by_text(re.compile("^Printed$")).wait_for()
    first, second = printer.received.split(b"\x1b@")[1:]
    assert sale.document in escpos_parser.text(b"\x1b@" + first)
    assert "Test page" in escpos_parser.text(b"\x1b@" + second)
    assert (printer.prompts, printer.opened) == (1, 1)


def test_a_second_tap_prints_no_second_paper(page, printer):
    printer.silent_from = 1
    print_it(page)
    wait_until(page, "Printing")
    print_it(page)
    printer.answer_now()
    wait_until(page, re.compile("^Printed$"))
    assert printer.received.count(b"\x1b@") == 1
    assert count(ReceiptPrint) == 1


def test_the_connection_outlives_a_whole_round_of_pages(page, printer, world):
    printed(page)
    page.get_by_role("link", name="Next customer").click()
    page.get_by_role("searchbox").or_(page.locator("[name=q]")).first.fill(world.site.name[:6])
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile(re.escape(world.site.name))).first.click()
    page.get_by_role("link", name="Sell here").first.click()
    page.fill("[name='delivery-C127']", "1")
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    page.get_by_role("link", name="Print receipt").wait_for()
    printer.writes.clear()
    page.fetched.clear()
    printed(page)
    assert printer.received == served(page)
    assert (printer.prompts, printer.opened) == (1, 1)
    assert page.said == []


def test_without_a_chosen_printer_nothing_is_counted_as_printed(page, printer):
    printer.refused = True
    print_it(page)
    wait_until(page, "No printer was chosen")
    assert count(ReceiptPrint) == 0


def test_a_printer_out_of_reach_fails_and_nothing_is_counted(page, printer):
    printed(page)
    printer.is_deaf = True
    printer.cut()
    wait_until(page, "not connected")
    print_it(page)
    wait_until(page, "The printer did not answer")
    assert count(ReceiptPrint) == 1


@pytest.mark.parametrize(
    ("service", "takes"),
    [
        ("49535343-fe7d-4ae5-8fa9-9fafd205e455", "49535343-8841-43f4-a8d4-ecbe34729bb3"),
        ("e7810a71-73ae-499d-8c15-faa9aef0c3f2", "bef8d6c9-9c21-4c9e-b632-bd58c1009f9f"),
    ],
)
def test_printers_of_other_makers_are_known_too(page, sale, service, takes):
    page.goto(f"/transactions/{sale.ref}")
    printer = BluetoothPrinter(
        page, properties={"writeWithoutResponse": True}, offers=(service, takes)
    )
    printed(page)
    assert printer.received == served(page)
    printer.power_off()


def test_after_a_reload_the_same_printer_is_found_without_asking(page, printer, sale):
    printed(page)
    page.reload()
    printer.come_back()
    page.goto(f"/transactions/{sale.ref}")
    printer.come_back()
    printer.writes.clear()
    page.fetched.clear()
    printed(page)
    assert printer.received == served(page)
    assert printer.prompts == 1


SLIP = """async (record) => {
  const { printSlip } = await import("/static/js/print/slips.js");
  window.outcomes = [...(window.outcomes ?? []), await printSlip(record)];
}"""


def test_a_slip_is_printed_without_network_and_the_second_says_copy(page, printer):
    printed(page)
    page.evaluate('import("/static/js/print/slips.js")')
    page.context.set_offline(True)
    record = content()
    ref = "a1b2c3d4-0000-4000-8000-000000000001"
    for copy in (0, 1):
        printer.writes.clear()
        page.evaluate(SLIP, {**record, "ref": ref})
        assert printer.received == provisional.escpos(record, copy=copy)
    assert page.evaluate("window.outcomes") == ["printed", "printed"]
