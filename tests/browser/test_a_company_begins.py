"""A new company, from an empty database to its first reports, by what people click and type."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from itertools import islice

import openpyxl
import pytest

from hsh.core import clock
from tests.browser.serving import ROOT
from tests.published import published_file

pytestmark = pytest.mark.browser

OFFICE = {"width": 1440, "height": 900}
PASSWORD = "kopi siew dai gao"
CUSTOMERS = 60
LIMIT = 10
"""An adjustment of more cylinders than this waits for another supervisor."""
OPENING, LOADED, SOLD, FOUND = 200, 30, (3, 5), 12
PRICE, GST = 31_80, 9


@pytest.fixture
def flask(app, database_url, tmp_path):
    """Type a flask command at the server's terminal, and return what it prints."""

    def typed(*arguments):
        environ = os.environ | {"DATABASE_URL": database_url, "HSH_DATA_DIR": str(tmp_path)}
        done = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    return typed


@pytest.fixture
def customers_file(tmp_path):
    """The first businesses of the published file, as somebody would cut them out."""
    cut = tmp_path / "eateries.csv"
    with published_file().open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.reader(file), CUSTOMERS + 1))
    with cut.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return cut


@pytest.fixture
def newcomer(open_page):
    """A browser of its own, in which nothing may go wrong unseen."""
    failed = []

    def open_one(**options):
        page = open_page(**options)
        page.on("response", lambda answer: answer.status >= 500 and failed.append(answer.url))
        page.on("pageerror", lambda error: failed.append(str(error)))
        return page

    yield open_one
    assert failed == []


def test_a_company_begins(server, flask, newcomer, customers_file):
    admin = newcomer(viewport=OFFICE)
    found_the_company(admin, flask("setup-link", "--url", server))
    tell_depots_sizes_and_opening_stock(admin)
    import_customers(admin, customers_file, flask)
    set_a_price(admin)
    ada = invite(admin, newcomer(viewport=OFFICE), "Ada Lim", "supervisor")
    ben = invite(admin, newcomer(viewport=OFFICE), "Ben Tan", "supervisor")
    driver = invite(admin, newcomer(), "Devi Raj", "driver")
    give_a_truck(admin, "Devi Raj")
    set_the_limit(admin)

    load_the_truck(driver)
    sales = [sell(driver, site, count) for site, count in zip(sites(admin, 2), SOLD, strict=True)]
    number = adjust_above_the_limit(ada, ben)
    the_stock_page_agrees(ada)
    the_report_adds_up(admin, sales)
    the_files_hold_what_was_sold(admin, sales)
    the_audit_book_names_both(admin, number, "Ada Lim", "Ben Tan")
    every_law_holds(flask)


def go(page, *names):
    """Follow links by how their names begin, from the navigation or from the page."""
    for name in names:
        beginning = re.compile(rf"^\s*{re.escape(name)}\b")
        follow(page, page.get_by_role("link", name=beginning).first)


def follow(page, link):
    """Click a link and wait for the page that it leads to: a shell changes pages without a load."""
    page.locator("main").evaluate("main => main.toggleAttribute('data-left', true)")
    link.click()
    page.locator("main:not([data-left])").wait_for()


def press(page, name):
    page.get_by_role("button", name=name).first.click()


def fill(page, **fields):
    """Type into a form's fields, or choose what they offer, each by its name in the form."""
    for name, value in fields.items():
        box = page.locator(f"[name='{name}']").first
        if box.evaluate("box => box.tagName") == "SELECT":
            option = box.locator("option", has_text=value).first
            box.select_option(option.get_attribute("value"))
        else:
            box.fill(str(value))


def headed(page, words):
    page.get_by_role("heading", name=words, level=1).wait_for()


def found_the_company(page, link):
    page.goto("/")
    page.get_by_text("flask setup-link").wait_for()  # the log-in page says what to do
    page.goto(link)
    fill(
        page,
        name="Ah Huat Gas Pte Ltd",
        uen="201912345K",
        address="12 Tuas Avenue 7\nSingapore 639212",
    )
    press(page, "Keep and go on")
    fill(page, gst_number="M90312345A", rate=GST, starts_on="2024-01-01")
    press(page, "Keep and go on")
    fill(page, name="Ah Huat", username="boss", password=PASSWORD)
    press(page, "Add me and log in")
    log_in(page, "boss")
    headed(page, "Set up")


def log_in(page, username):
    fill(page, username=username, password=PASSWORD)
    press(page, "Log in")
    page.wait_for_url(lambda address: "/login" not in address)


def tell_depots_sizes_and_opening_stock(page):
    for code, name in (("TUAS", "Tuas depot"), ("BEDOK", "Bedok depot")):
        fill(page, code=code, name=name, address="12 Tuas Avenue 7\nSingapore 639212")
        press(page, "Add")
        page.get_by_text(re.compile(f"There are: .*{name}")).wait_for()
    go(page, "That is all: Sizes")
    for code, name, net, tare in (
        ("C127", "CYL 12.7 kg", "12.7", "14.3"),
        ("C50", "CYL 50 kg", "50", "45"),
    ):
        fill(page, code=code, name=name, net_kg=net, tare_kg=tare)
        press(page, "Add")
        page.get_by_text(re.compile(f"There are: .*{name}")).wait_for()
    go(page, "That is all: Opening stock")
    for depot, full in (("Bedok depot", 20), ("Tuas depot", OPENING)):
        page.get_by_role("heading", name=depot).wait_for()
        fill(page, **{"full-C127": full, "empty-C127": 7, "full-C50": 4})
        press(page, "Count it in")
    page.get_by_text("The opening stock of every depot is counted in.").wait_for()
    go(page, "Go to Today")
    headed(page, "Today")
    page.get_by_text("set-up is not finished").wait_for(state="detached")


def import_customers(page, file, flask):
    go(page, "Imports")
    fill(page, kind="Customers")
    page.set_input_files("[name=file]", file)
    press(page, "Read it")
    headed(page, file.name)
    press(page, "Look at the rows")
    press(page, f"Take in {CUSTOMERS} rows")
    page.get_by_text("You can close this page").wait_for()
    flask("worker", "--drain")
    page.get_by_text("All of it is in the books.").wait_for()


def set_a_price(page):
    go(page, "Prices", "Standard price list")
    fill(page, item="CYL 12.7 kg", amount="31.80", starts_on=f"{clock.today():%Y-%m-%d}")
    press(page, "Set")
    page.get_by_text("Holds now").wait_for()


def invite(admin, page, name, role):
    """Let the admin add a person; return the browser in which they chose their password."""
    username = name.partition(" ")[0].lower()
    go(admin, "People", "Add a person")
    fill(admin, username=username, name=name)
    admin.locator(f"[name=roles][value={role}]").check(force=True)
    if role == "supervisor":
        admin.get_by_text("Tuas depot").click()
    press(admin, "Add")
    press(admin, "Make an invitation link")
    page.goto(admin.locator("#link").input_value())
    fill(page, password=PASSWORD)
    press(page, "Keep this password")
    go(page, "Log in")
    log_in(page, username)
    headed(page, "Today")
    return page


def give_a_truck(page, driver):
    go(page, "Registry", "Vehicles", "Add a truck")
    fill(page, plate="YP1234A", name="Truck 1", home_depot="Tuas depot", max_gross_kg="2000")
    press(page, "Add")
    page.get_by_role("cell", name="YP1234A").or_(page.get_by_text("YP1234A")).first.wait_for()
    go(page, "Registry", "Drivers", driver)
    fill(page, truck="YP1234A", starts_on=f"{clock.today():%Y-%m-%d}")
    press(page, "Give")
    page.get_by_text("Theirs today").wait_for()


def set_the_limit(page):
    go(page, "Stock", "Limits for approval")
    fill(page, adjust=LIMIT)
    press(page, "Save")
    page.get_by_text("The limits for approval are set.").wait_for()
    page.reload()
    assert page.locator("[name=adjust]").input_value() == str(LIMIT)


def load_the_truck(page):
    go(page, "Today", "Load")
    fill(page, **{"out_full-C127": LOADED})
    press(page, "Save the draft")
    page.get_by_text("Pending").first.wait_for()
    press(page, "Confirm")
    headed(page, re.compile(r"DIST-\d{4}-\d{6}"))


def sites(page, count):
    """Return the names of the first customers of the office's list."""
    go(page, "Customers")
    return page.locator("#list tbody td:nth-child(2) > a").all_inner_texts()[:count]


def sell(page, site, count):
    """Sell cylinders for cash; return the number of the sale, of its invoice, and the cents."""
    go(page, "Sell")
    fill(page, q=site)
    page.locator("#found").get_by_role("link", name=site).first.click()
    go(page, "Sell here")
    fill(page, **{"delivery-C127": count})
    page.check("[name=payment_method][value=cash]", force=True)
    press(page, re.compile("^Confirm"))
    page.locator("#transaction").wait_for()
    said = page.locator("#transaction").inner_text()
    net = PRICE * count
    return (
        re.search(r"TRX-\d{4}-\d{6}", said)[0],
        re.search(r"INV-\d{4}-\d{6}", said)[0],
        net + (net * GST + 50) // 100,
    )


def adjust_above_the_limit(asks, approves):
    """Let one supervisor ask for an adjustment and another approve it; return its number."""
    go(asks, "Stock", "Adjust")
    fill(asks, place="Tuas depot", reason="Found behind the shed", **{"full-C127": FOUND})
    press(asks, "Change the stock")
    asks.get_by_text("Someone else must decide").wait_for()
    assert not asks.get_by_role("button", name="Approve").is_visible()

    go(approves, "Approvals")
    follow(approves, approves.get_by_role("row", name="Ada Lim").get_by_role("link"))
    press(approves, "Approve")
    approves.get_by_text("Ben Tan approved it.").wait_for()
    go(asks, "Today")
    asks.locator("main").get_by_text("Approved").first.wait_for()
    return re.search(r"ADJ-\d{4}-\d{6}", approves.locator("#request").inner_text())[0]


def the_stock_page_agrees(page):
    go(page, "Stock")
    row = page.locator("table.sums").get_by_role("row", name="CYL 12.7 kg").inner_text().split("\t")
    full_at_depots, full_on_trucks, held = row[1], row[4], row[7]
    assert int(full_at_depots) == OPENING - LOADED + FOUND  # Ada oversees Tuas alone
    assert (int(full_on_trucks), int(held)) == (LOADED - sum(SOLD), sum(SOLD))


def the_report_adds_up(page, sales):
    """The report on the screen, and saved for a spreadsheet."""
    go(page, "Reports", "Sales by day")
    total = sum(cents for _number, _invoice, cents in sales)
    [said] = page.locator("#list tbody tr").all_inner_texts()
    assert f"{clock.today():%-d %b %Y}" in said
    assert f"${total / 100:,.2f}" in said
    heads, row = opened(download(page, "XLSX"))
    found = dict(zip(heads, row, strict=True))
    assert found["Day"].date() == clock.today()
    assert (found["Sales and voids"], Decimal(str(found["Total"]))) == (
        len(sales), Decimal(total).scaleb(-2),
    )  # fmt: skip


def download(page, link):
    with page.expect_download() as coming:
        page.get_by_role("link", name=link, exact=True).click()
    return coming.value.path().read_bytes()


def the_files_hold_what_was_sold(page, sales):
    """The list of sales as CSV and as XLSX, opened as a spreadsheet would."""
    go(page, "Sales")
    expected = [
        (number, invoice, Decimal(cents).scaleb(-2)) for number, invoice, cents in reversed(sales)
    ]
    text = download(page, "CSV").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [
        (row["Number"], row["Document"], Decimal(row["Total"])) for row in rows
    ] == expected  # fmt: skip
    assert {datetime.fromisoformat(row["Day"]).date() for row in rows} == {clock.today()}

    heads, *values = opened(download(page, "XLSX"))
    rows = [dict(zip(heads, row, strict=True)) for row in values]
    assert [
        (row["Number"], row["Document"], Decimal(str(row["Total"]))) for row in rows
    ] == expected  # fmt: skip
    assert all(isinstance(row["Day"], datetime) for row in rows)
    assert {row["Day"].date() for row in rows} == {clock.today()}


def opened(spreadsheet):
    return list(openpyxl.load_workbook(io.BytesIO(spreadsheet)).active.values)


def the_audit_book_names_both(page, number, *people):
    go(page, "Audit")
    fill(page, record=number)
    page.keyboard.press("Enter")
    page.wait_for_url("**record=**")
    follow(page, page.get_by_role("row", name="Stock adjusted").get_by_role("link"))
    said = page.locator("main").inner_text()
    assert all(name in said for name in people), said


def every_law_holds(flask):
    found = json.loads(flask("verify", "--json"))
    assert [law for law in found["checks"] if not law["ok"]] == []
    assert len(found["checks"]) > 30
