"""The main job, as people do it: load, sell, papers, audit; with JavaScript and without."""

import re

import pytest

from hsh.core import clock
from hsh.db import db
from hsh.queries.verify import verify
from tests import escpos_parser, given
from tests.documents import paper

pytestmark = pytest.mark.browser


@pytest.fixture
def world(app):
    return given.a_world(cash_rounding=True)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_working_day(app, world, open_page, tmp_path, javascript):
    driver = open_page(java_script_enabled=javascript)
    sign_in(driver, world.driver)
    load = load_the_truck(driver, world, {"C9": 5, "C127": 10, "C50": 3}, javascript)
    sale, invoice = sell(driver, world, javascript)
    the_invoice_says_all(download_pdf(driver), sale, invoice)
    the_slip_is_printable(driver, sale, invoice)
    driver.get_by_role("button", name="Log out").click()
    driver.wait_for_url("**/login**")

    office = open_page(java_script_enabled=javascript, viewport={"width": 1440, "height": 900})
    sign_in(office, world.supervisor)
    for number in (load, sale, invoice):
        office.goto("/audit")
        office.fill("[name=record]", number)
        office.keyboard.press("Enter")
        office.wait_for_url(f"**record={number}**")
        office.get_by_role("row").nth(1).wait_for()
        assert (number if number != invoice else sale) in office.locator("tbody").inner_text()
    the_books_prove_it(app, tmp_path)


def the_books_prove_it(app, data_dir):
    """Every law but those of the registry, which the test put in place by hand."""
    broken = [c for c in verify(db.engine, data_dir=data_dir) if not c.ok]
    assert [c for c in broken if not c.name.startswith("registry.")] == []


def sign_in(page, person):
    page.goto("/login")
    page.fill("[name=username]", person.username)
    page.fill("[name=password]", given.PASSWORD)
    page.get_by_role("button", name=re.compile("Log in|Sign in")).click()
    page.wait_for_url(lambda address: "/login" not in address)


def load_the_truck(page, world, counts, javascript):
    """Plan and confirm a load; return its number."""
    page.goto("/distributions/plan?way=load")
    for code, count in counts.items():
        page.fill(f"[name=out_full-{code}]", str(count))
    if javascript:  # the stepper counts on from what was typed
        first = next(iter(counts))
        box = page.locator(f"[name=out_full-{first}]")
        box.locator("xpath=following::button[1]").click()
        assert box.input_value() == str(counts[first] + 1)
    page.get_by_role("button", name="Save the draft").click()
    assert "Pending" in page.locator("#distribution").inner_text()
    page.get_by_role("button", name="Confirm").click()
    heading = page.get_by_role("heading", name=re.compile(r"DIST-\d{4}-\d{6}"))
    heading.wait_for()
    return heading.inner_text()


def sell(page, world, javascript):
    """Sell usage, three sizes and a service in one visit; return both numbers."""
    page.goto(f"/sites?q={world.site.name[:6]}")
    page.get_by_role("link", name=re.compile(re.escape(world.site.name))).first.click()
    page.get_by_role("link", name="Sell here").first.click()
    page.fill(f"[name=meter-{world.meter.ref}-current]", "112.5")
    page.locator("summary", has_text="Services").click()
    for name, count in (
        ("delivery-C9", 1), ("delivery-C127", 4), ("delivery-C50", 1), (f"service-{world.fee.code}", 1),
    ):  # fmt: skip
        page.fill(f"[name='{name}']", str(count))
    page.check("[name=payment_method][value=cash]", force=True)
    page.fill("[name=purchase_order]", "PO 4711")
    the_total_is_shown(page, javascript)
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    page.locator("#transaction").wait_for()
    said = page.locator("#transaction").inner_text()
    return re.search(r"TRX-\d{4}-\d{6}", said)[0], re.search(r"INV-\d{4}-\d{6}", said)[0]


# 12.5 m3 x 1.2345 = 15.43; 22.50; 4 x 31.80 = 127.20; 120.00; fee 10.00: 295.13 + 26.56 GST
TOTAL, TO_PAY = "321.69", "321.70"


def the_total_is_shown(page, javascript):
    if not javascript:
        page.get_by_role("button", name="Work out the total").click()
    page.locator("#totals").get_by_text(TO_PAY).first.wait_for()
    assert page.input_value("[name=purchase_order]") == "PO 4711"


def download_pdf(page):
    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF").first.click()
    assert re.fullmatch(r"TRX-\d{8}-\d{6}\.pdf", coming.value.suggested_filename)
    return coming.value.path().read_bytes()


def the_invoice_says_all(pdf, sale, invoice):
    said = re.sub(r"\s+", " ", paper.text(pdf))
    for needed in (
        "Tax Invoice", invoice, sale, "PO 4711", "GST Reg. No.", "UEN", "12.5", "112.5",
        "Total excluding GST 295.13", "GST 9% 26.56", f"Total including GST {TOTAL}", TO_PAY,
        "Cash", "Audit anchor", f"{clock.today():%-d %b %Y}",
    ):  # fmt: skip
        assert needed in said, f"{needed!r} is not on the invoice: {said}"


def the_slip_is_printable(page, sale, invoice):
    link = page.get_by_role("link", name="Print receipt").get_attribute("href")
    said = escpos_parser.text(page.request.get(link).body())
    assert sale in said
    assert invoice in said
    assert "COPY" not in said
    again = escpos_parser.text(page.request.get(link).body())
    assert "COPY 1" in again
