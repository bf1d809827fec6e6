"""What every list of the office does: it is counted, added up, sorted, chosen from, and exported."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from flask import url_for
from openpyxl import load_workbook
from sqlalchemy import select

from hsh.blueprints import lists
from hsh.db import db
from hsh.models.registry import Customer, Meter
from hsh.queries import lists as queries
from hsh.queries.sales import journal
from tests import given
from tests.selling import NOON, at, sell, size, transaction
from tests.visitor import words

LIST = "/transactions"


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=30)


@pytest.fixture
def days(world):
    """Three sales on three days of one, two and three cylinders."""
    found = []
    for back, count in ((2, 1), (1, 2), (0, 3)):
        with at(NOON - timedelta(days=back)):
            found.append(sell(world, cylinders=size(delivered=count)))
    return found


@pytest.fixture
def office(signed_in, days):
    return signed_in(given.an_accountant())


def numbers(response):
    return re.findall(r">(TRX-\d{4}-\d{6})</a>", response.text)


def table(answer):
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def opened(answer):
    return list(load_workbook(io.BytesIO(answer.data)).active.iter_rows())


def test_it_says_how_many_there_are_and_what_they_come_to(office, days):
    with at(NOON):
        seen = words(office.get(LIST))
    total = sum(transaction(one).payable for one in days) / 100
    assert "1\N{EN DASH}3 of 3" in seen
    assert f"Total $190.80 $17.17 ${total:,.2f}" in seen


def test_of_very_many_it_counts_no_further_and_adds_nothing_up(office, days, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 2)
    with at(NOON):
        seen = words(office.get(LIST))
    assert "1\N{EN DASH}3 of more than 2" in seen
    assert "Total $" not in seen


def test_each_filter_has_a_chip_that_takes_it_off(office, world, days):
    with at(NOON):
        answer = office.get(f"{LIST}?since=2026-11-19&site={world.site.code}")
    assert len(numbers(answer)) == 2
    chips = dict(
        re.findall(r'class="chip set" href="([^"]+)" aria-label="Take off: (\w+)', answer.text)
    )
    assert chips == {
        f"{LIST}?site={world.site.code}": "From",
        f"{LIST}?since=2026-11-19": "Site",
    }


def test_quick_days_keep_the_other_filters(office, days):
    with at(NOON):
        answer = office.get(f"{LIST}?site=kitchen")
        [today] = re.findall(r'class="chip" href="([^"]+)">Today<', answer.text)
        assert today == f"{LIST}?site=kitchen&amp;since=2026-11-20&amp;until=2026-11-20"
        assert numbers(office.get(f"{LIST}?since=2026-11-19&until=2026-11-19")) == [days[1].number]


def test_it_is_sorted_the_other_way_round_by_its_head(office, days):
    with at(NOON):
        answer = office.get(LIST)
        assert 'aria-sort="descending"' in answer.text
        turned = office.get(f"{LIST}?sort=-day")
    assert numbers(turned) == [one.number for one in days]
    assert 'aria-sort="ascending"' in turned.text


@pytest.mark.parametrize("sort", ["x", "-x", "-", "day; DROP TABLE users", "-" * 500])
def test_a_hostile_sort_leaves_the_order_as_it_is(office, days, sort):
    with at(NOON):
        answer = office.get(LIST, query_string={"sort": sort, "n": "9" * 40, "page": "zz"})
    assert sorted(numbers(answer)) == sorted(one.number for one in days)


def test_the_pager_tells_where_one_is(signed_in, world, monkeypatch):
    monkeypatch.setattr(lists, "look", _of_two(lists.look))
    sold = [sell(world, cylinders=size(delivered=1)) for _ in range(5)]
    office = signed_in(given.an_accountant())
    first = office.get(LIST)
    second = office.get(_way(first, "next"))
    assert "1\N{EN DASH}2 of 5" in words(first)
    assert "3\N{EN DASH}4 of 5" in words(second)
    assert numbers(second) == [sold[2].number, sold[1].number]
    assert numbers(office.get(_way(second, "prev"))) == numbers(first)


def _way(answer, rel):
    return re.search(rf'rel="{rel}" href="([^"]+)"', answer.text)[1].replace("&amp;", "&")


def _of_two(look):
    from dataclasses import replace

    def of_two(listing):
        return look(replace(listing, ask=lambda *asked: replace(listing.ask(*asked), size=2)))

    return of_two


def test_a_csv_has_all_that_the_page_shows_and_more(office, days):
    with at(NOON):
        answer = office.get(f"{LIST}/export?as=csv&since=2026-11-19")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=sales-")
    rows = table(answer)
    assert [row["Number"] for row in rows] == [days[2].number, days[1].number]
    assert rows[0]["Day"] == "2026-11-20 12:00:00"
    assert rows[0]["Total"] == "103.99"


def test_a_spreadsheet_has_real_dates_and_numbers(office, days):
    with at(NOON):
        heads, first, *_others = opened(office.get(f"{LIST}/export?as=xlsx"))
    row = {head.value: cell for head, cell in zip(heads, first, strict=True)}
    assert row["Day"].value == datetime.fromisoformat("2026-11-20 12:00")
    assert row["Day"].is_date
    assert (row["Total"].value, row["Total"].number_format) == (103.99, "#,##0.00")
    assert row["Number"].value == days[2].number


@pytest.mark.parametrize("name", ["=1+1", "+65 6123", "-2", "@SUM(A1)", "\uff1dcmd|x", "ok=1"])
def test_no_name_becomes_a_formula(world, signed_in, name):
    site = given.a_site(world.customer, name=name)
    sell(world, site=site.ref, cylinders=size(delivered=1))
    office = signed_in(given.an_accountant())
    [row] = table(office.get(f"{LIST}/export?as=csv"))
    assert row["Site"] == (name if name[0] == "o" else f"'{name}")
    heads, first = opened(office.get(f"{LIST}/export?as=xlsx"))
    cell = next(cell for head, cell in zip(heads, first, strict=True) if head.value == "Site")
    assert (cell.value, cell.data_type) == (name, "s")


def test_only_the_chosen_rows_are_exported(office, days):
    refs = [str(transaction(days[n]).ref) for n in (0, 2)]
    with at(NOON):
        answer = office.get(f"{LIST}/export", query_string={"as": "csv", "only": refs})
    assert {row["Number"] for row in table(answer)} == {days[0].number, days[2].number}


def test_what_is_chosen_but_not_theirs_is_in_no_file(days, signed_in):
    stranger = signed_in(given.a_supervisor(given.a_depot()))
    refs = [str(transaction(one).ref) for one in days]
    for query in ({}, {"only": refs}, {"only": ["x", "海", "' OR 1=1", ""]}):
        answer = stranger.get(f"{LIST}/export", query_string=query | {"as": "csv"})
        assert table(answer) == []


def test_the_chosen_rows_are_laid_out_for_paper(office, days):
    ref = transaction(days[1]).ref
    with at(NOON):
        seen = words(office.get(f"{LIST}/export?as=paper&only={ref}"))
    assert days[1].number in seen
    assert days[0].number not in seen


def test_a_wrong_filter_or_kind_makes_no_file(office, days):
    assert office.get(f"{LIST}/export?as=csv&since=soon").status_code == 422
    for kind in ("", "exe", "csv/../x"):
        assert office.get(f"{LIST}/export", query_string={"as": kind}).status_code == 404


def test_a_file_of_the_audit_book_with_a_wrong_filter_shows_what_is_wrong(office):
    answer = office.get("/audit/export?as=csv&since=soon")
    assert answer.status_code == 422
    assert "Enter a date as YYYY-MM-DD." in words(answer)
    assert "Check a receipt" in words(answer)


def test_an_export_reads_every_row_once_however_many_at_a_time(world, monkeypatch, days):
    monkeypatch.setattr(queries, "AT_A_TIME", 2)
    source = journal.sales(given.an_admin().actor, journal.Filter())
    found = [row.transaction_number for row in source.rows("")]
    assert found == [one.number for one in reversed(days)]


def test_a_driver_finds_a_sale_and_is_not_bothered_with_sums(world, days, signed_in):
    with at(NOON):
        seen = words(signed_in(world.driver).get(LIST))
    assert days[0].number in seen
    assert "1\N{EN DASH}3 of 3" not in seen


def test_people_are_searched_and_sorted(signed_in):
    for name in ("Zhang", "Abdul", "Mei"):
        given.a_driver(name=name, username=name.lower())
    admin = signed_in(given.an_admin(name="Office"))
    names = re.findall(
        r'href="/people/[0-9a-f-]{36}">([^<]+)', admin.get("/people?sort=-name").text
    )
    assert names == ["Zhang", "Office", "Mei", "Abdul"]
    only = re.findall(r'href="/people/[0-9a-f-]{36}">([^<]+)', admin.get("/people?search=ZHA").text)
    assert only == ["Zhang"]
    assert "Office" in words(admin.get("/people?role=admin"))


def test_paper_says_what_the_rows_come_to(office, days):
    with at(NOON):
        seen = words(office.get(f"{LIST}/export?as=paper"))
    total = sum(transaction(one).payable for one in days) / 100
    assert f"Total $190.80 $17.17 ${total:,.2f}" in seen


def test_what_fits_nothing_leads_back_to_all(office, days):
    answer = office.get(f"{LIST}?number=TRX-2020-000001")
    assert f'Nothing fits what you chose. <a href="{LIST}">Show all</a>' in answer.text


def test_a_list_of_a_record_keeps_it_in_every_address(signed_in, world):
    office = signed_in(given.an_accountant())
    path = f"/stock/places/{world.depot.ref}"
    given.stock(world.depot, {world.sizes["C9"]: 2})
    answer = office.get(f"{path}?size=C9&ref=00000000-0000-0000-0000-000000000000")
    assert f'href="{path}/export?size=C9&amp;as=csv"' in answer.text
    assert f'class="chip set" href="{path}" aria-label="Take off: Size' in answer.text
    assert [row["In"] for row in table(office.get(f"{path}/export?size=C9&as=csv"))] == ["2", "100"]
    assert office.get(f"{path[:-4]}0000/export?as=csv").status_code == 404


def test_every_list_is_exported_in_every_way(app, signed_in, world, days):
    admin = signed_in(given.an_admin())
    records = {
        "statement": world.depot.ref,
        "held-at-sites": db.session.get_one(Customer, world.customer.id).ref,
        "readings": db.session.scalars(select(Meter)).first().ref,
    }
    with app.test_request_context():
        addresses = [
            url_for(f"{one.endpoint}_export", **dict.fromkeys(one.below, records.get(one.name)))
            for one in lists.served().values()
        ]
    for address in addresses:
        for kind in ("csv", "xlsx", "paper"):
            assert admin.get(f"{address}?as={kind}").status_code == 200, (address, kind)
