"""Reports: a period, a table that adds up, and nothing that the person does not see."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hsh.blueprints.books import reports
from hsh.core import clock
from hsh.core.words import PaymentMethod
from hsh.db import db
from hsh.models.sales import Document
from tests import given
from tests.distributing import load
from tests.selling import NOON, at, reading, sell, size, void
from tests.visitor import words

PERIOD = "since=2026-11-18&until=2026-11-20"
MONEY = ("sales-by-day", "sales-by-customer", "sales-by-driver")


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=40)


@pytest.fixture
def traded(world):
    """Sales of three days, of which the second is voided on the third."""
    sold = []
    for back, count in ((2, 3), (1, 2), (0, 5)):
        with at(NOON - timedelta(days=back)):
            sold.append(
                sell(world, cylinders=size(delivered=count), payment_method=PaymentMethod.CASH)
            )
    with at(NOON):
        void(world, sold[1])
    return world


@pytest.fixture
def office(traded, signed_in):
    return signed_in(given.an_accountant())


def rows(visitor, name, period=PERIOD):
    answer = visitor.get(f"/reports/{name}/export?as=csv&{period}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def cents(text):
    return round(float(text) * 100)


def frozen():
    """What the documents themselves say, of all that was sold."""
    return [json.loads(text) for text in db.session.scalars(select(Document.content))]


@pytest.mark.parametrize("name", MONEY)
def test_the_money_is_that_of_the_documents(office, name):
    totals = [content["totals"] for content in frozen()]
    found = rows(office, name)
    for column, field in (
        ("Without GST", "net"), ("GST", "tax"), ("Deposits", "deposits"),
        ("Rounding", "rounding"), ("Total", "payable"),
    ):  # fmt: skip
        assert sum(cents(row[column]) for row in found) == sum(total[field] for total in totals)
    assert sum(int(row["Of these voids"]) for row in found) == 1


def test_a_period_leaves_out_what_was_sold_before_and_after(office):
    [day] = rows(office, "sales-by-day", "since=2026-11-19&until=2026-11-19")
    assert (day["Day"], day["Sales and voids"]) == ("2026-11-19", "1")
    assert rows(office, "sales-by-day", "since=2026-11-01&until=2026-11-02") == []


def test_sizes_count_what_stayed_with_customers(office):
    [size_] = rows(office, "sales-by-size")
    assert (size_["Delivered"], size_["Kg delivered"]) == ("8", "101.6")
    assert cents(size_["Amount"]) == 8 * 3180


def test_the_gst_summary_is_what_the_documents_say(office):
    taxes = [tax for content in frozen() for tax in content["taxes"]]
    found = rows(office, "gst")
    assert {row["Documents"] for row in found} == {"Invoice", "Credit note"}
    assert sum(cents(row["GST"]) for row in found) == sum(tax["tax"] for tax in taxes)
    assert sum(cents(row["Supplies"]) for row in found) == sum(tax["net"] for tax in taxes)


def test_voids_and_numbers_are_told(office):
    [one] = rows(office, "voids")
    assert one["Takes back"].startswith("INV-2026-")
    series = {row["Series"]: row for row in rows(office, "numbers")}
    assert {name: row["Missing"] for name, row in series.items()} == dict.fromkeys(series, "0")
    assert series["TRX"]["Given"] == "4"


def test_stock_is_told_as_it_was_when_the_last_day_was_over(world, signed_in):
    supervisor = signed_in(world.supervisor)
    today = clock.today()
    yesterday = today - timedelta(days=1)
    with at(clock.now() + timedelta(days=1)):
        load(world, out={"C127": 7})
    now = f"since={today}&until={today + timedelta(days=1)}"
    assert _full(rows(supervisor, "stock-at-end", now)) == ("93", "47")
    before = f"since={yesterday}&until={today}"
    assert _full(rows(supervisor, "stock-at-end", before)) == ("100", "40")
    [first, last] = rows(supervisor, "depot-record", now)
    assert (first["In"], last["Out"]) == ("8570", "88.9")
    assert float(last["Closing"]) == float(last["Opening"]) - 88.9


def _full(found):
    kept = {
        row["Place"]: row["Cylinders"]
        for row in found
        if row["Size"] == "CYL 12.7 kg" and row["Condition"] == "full"
    }
    return kept["Jurong depot"], next(n for place, n in kept.items() if place.startswith("Truck"))


def test_customers_hold_what_was_delivered_to_them(office, traded):
    period = f"since={clock.today()}&until={clock.today()}"
    [held] = rows(office, "cylinders-out", period)
    assert (held["Site code"], held["Cylinders"]) == (traded.site.code, "8")


def test_a_supervisor_of_another_depot_adds_up_nothing(traded, signed_in):
    stranger = signed_in(given.a_supervisor(given.a_depot()))
    for name in (*MONEY, "sales-by-size", "usage-by-meter", "gst", "voids"):
        assert rows(stranger, name) == []


def test_each_report_has_a_page_and_each_is_on_the_list_of_them(office):
    listed = words(office.get("/reports"))
    for report in reports.SERVED:
        assert str(report.title) in listed
        assert office.get(f"/reports/{report.name}?{PERIOD}").status_code == 200


def test_a_report_is_drawn_too(office):
    page = office.get(f"/reports/sales-by-day?{PERIOD}")
    assert page.text.count("<rect") == 3


@pytest.mark.parametrize(
    "period", ["since=2026-11-20&until=2026-11-18", "since=2020-01-01&until=2026-11-20", "since=x"]
)
def test_a_period_that_will_not_do_is_said_beside_the_field(office, period):
    answer = office.get(f"/reports/gst?{period}")
    assert answer.status_code == 422
    assert 'class="problem"' in answer.text


def test_drivers_read_no_reports(traded, signed_in):
    assert signed_in(traded.driver).get("/reports").status_code == 403


@pytest.mark.parametrize(
    ("name", "leads"),
    [
        ("sales-by-day", "/transactions?since=2026-11-"),
        ("sales-by-customer", "/documents?since=2026-11-18&amp;until=2026-11-20&amp;customer="),
        ("sales-by-driver", "/transactions?since=2026-11-18&amp;until=2026-11-20&amp;seller="),
        ("stock-at-end", "/stock/places/"),
        ("cylinders-out", "/stock/customers/"),
        ("depot-record", "/stock/places/"),
        ("gst", "/documents?since=2026-11-18&amp;until=2026-11-20&amp;kind="),
        ("voids", "/transactions/"),
    ],
)
def test_a_row_leads_to_the_records_behind_it(office, name, leads):
    page = office.get(f"/reports/{name}?{PERIOD}")
    links = re.findall(r'<td[^>]*><a href="([^"]+)"', page.text)
    assert links
    assert {link[: len(leads)] for link in links} & {leads}
    for link in set(links):
        assert office.get(link.replace("&amp;", "&")).status_code == 200


def test_usage_leads_to_the_meter(traded, office):
    with at(NOON):
        sell(traded, readings=reading(traded.meter, "110"))
    page = office.get(f"/reports/usage-by-meter?{PERIOD}")
    assert f'href="/customers/meters/{traded.meter.ref}?since=2026-11-18' in page.text


def test_the_sales_of_one_person_are_found(office, traded):
    link = re.search(
        r'<td[^>]*><a href="([^"]+)"', office.get(f"/reports/sales-by-driver?{PERIOD}").text
    )[1].replace("&amp;", "&")
    seen = words(office.get(link))
    [row, *_others] = rows(office, "sales-by-driver")
    assert f"of {row['Sales and voids']} " in seen
