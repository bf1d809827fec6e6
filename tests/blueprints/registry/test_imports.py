"""Spreadsheets become records: read, looked at, put right, taken in by the worker."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import openpyxl
import pytest
from sqlalchemy import func, select

from hsh.core import clock
from hsh.core.refusals import Invalid
from hsh.core.roles import Role
from hsh.core.words import Condition
from hsh.db import db
from hsh.models.books import StockLevel
from hsh.models.imports import Import, ImportRow
from hsh.models.people import UserRole
from hsh.models.registry import Customer, Meter, Place, Rate, Site
from hsh.queries.verify import verify
from hsh.services.books import outbox
from hsh.services.books.work import work_once
from hsh.services.imports import files, sheet
from hsh.services.registry import rates, users
from tests import given
from tests.published import published_file
from tests.selling import at, at_once
from tests.visitor import words

HEADER = "Business,Site address,Tel,Terms\n"
AH_HUAT = 'Ah Huat,"282 Bishan Street 22, #01-12,  S570282",6123 4567,30\n'
MEI = 'Mei,"21 Tampines Ave 1,  S529757",,\n'


@pytest.fixture
def company(app):
    given.a_company()


@pytest.fixture
def admin(company, signed_in):
    rates.standard_price_list(by=None)
    return signed_in(given.an_admin())


def bring(visitor, content, kind="customers", name="customers.csv", **fields):
    data = content if isinstance(content, bytes) else content.encode()
    sent = {"client_temp_id": str(uuid4()), "kind": kind, "file": (io.BytesIO(data), name)}
    return visitor.post("/imports", sent | fields, content_type="multipart/form-data")


def columns(visitor, address):
    """Send the columns as the page had guessed them."""
    page = visitor.get(address).text
    chosen = {}
    for name, options in re.findall(
        r'<select id="[^"]+" name="(column-[^"]+)">(.*?)</select>', page, re.DOTALL
    ):
        found = re.search(r'value="(\d+)" selected', options)
        chosen[name] = found[1] if found else ""
    return visitor.submit(address, chosen)


def order(visitor, address):
    """Have a file taken in, and leave it to the worker."""
    return visitor.submit(f"{address}/take")


def work():
    """Do what the worker would; return how many batches."""
    done = 0
    while work_once(files.work()):
        done += 1
    return done


def take(visitor, address):
    answer = order(visitor, address)
    work()
    return answer


def brought(visitor, content, kind="customers", **kwargs):
    answer = bring(visitor, content, kind, **kwargs)
    assert answer.status_code == 303, words(answer)
    address = answer.headers["Location"]
    assert columns(visitor, address).status_code == 303
    return address


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def broken(tmp_path):
    return {c.name: c.detail for c in verify(db.engine, data_dir=tmp_path) if not c.ok}


def a_workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_file_is_looked_at_before_anything_is_taken_in(admin):
    address = brought(admin, HEADER + AH_HUAT + MEI + "Bad,nowhere,,\n")
    page = words(admin.get(address))
    assert "New 2" in page
    assert "With problems 1" in page
    assert "4 Address, with its postal code: The address has no postal code" in page
    assert count(Customer) == 0


def test_the_rows_that_will_do_become_customers(admin, tmp_path):
    before = broken(tmp_path)
    address = brought(admin, HEADER + AH_HUAT + MEI + "Bad,nowhere,,\n")
    assert take(admin, address).status_code == 303
    assert "All of it is in the books." in words(admin.get(address))
    row = db.session.scalars(select(Customer).where(Customer.name == "Ah Huat")).one()
    assert (row.phone, row.terms_days) == ("6123 4567", 30)
    assert count(Customer) == count(Site) == 2
    assert broken(tmp_path) == before


def test_a_customer_that_came_with_a_file_is_proven(admin, tmp_path):
    take(admin, brought(admin, HEADER + AH_HUAT))
    before = broken(tmp_path)
    db.session.scalars(select(Customer)).one().terms_days = 90
    db.session.commit()
    assert broken(tmp_path)["registry.as_audited"] != before["registry.as_audited"]


def test_the_same_rows_brought_again_are_known_and_left_as_they_are(admin):
    take(admin, brought(admin, HEADER + AH_HUAT))
    again = brought(admin, HEADER + AH_HUAT.replace("Street", "St") + MEI)
    assert "There already, left as they are 1" in words(admin.get(again))
    take(admin, again)
    assert count(Customer) == 2


def shops(count):
    return HEADER + "".join(f'Shop {n},"{n} Sims Drive,  S380045",,\n' for n in range(1, count + 1))


def test_the_worker_takes_a_file_in_a_batch_at_a_time_while_the_page_tells(admin, monkeypatch):
    monkeypatch.setattr(files, "BATCH", 2)
    address = brought(admin, shops(5))
    assert "hx-trigger" not in admin.get(address).text.partition("<main")[2].partition("<form")[0]
    order(admin, address)
    assert count(Customer) == 0
    assert work_once(files.work())
    page = admin.get(address)
    assert "Being taken in" in words(page)
    assert "2 of 5" in words(page)
    assert 'value="2"' in page.text
    assert 'hx-trigger="every 1s"' in page.text
    assert "Being taken in" in words(admin.get("/imports"))
    assert work() == 2
    assert count(Customer) == 5
    page = admin.get(address)
    assert "All of it is in the books." in words(page)
    assert "every 1s" not in page.text


def test_what_is_being_taken_in_is_asked_for_once_and_keeps_its_columns(
    admin, monkeypatch, tmp_path
):
    before = broken(tmp_path)
    monkeypatch.setattr(files, "BATCH", 1)
    address = brought(admin, shops(2))
    for _ in range(2):
        assert order(admin, address).status_code == 303
    assert admin.submit(address, {"column-name": "1", "column-address": "0"}).status_code == 409
    assert work() == 2
    assert count(Customer) == 2
    assert order(admin, address).status_code == 303
    assert work() == 0
    assert broken(tmp_path) == before


def test_nobody_says_that_the_worker_is_late_before_it_is(admin):
    address = brought(admin, shops(1))
    order(admin, address)
    assert "Nothing has moved" not in words(admin.get(address))
    with at(clock.now() + timedelta(minutes=2)):
        assert "Nothing has moved since" in words(admin.get(address))


def crash(*_args, **_kwargs):
    raise RuntimeError("power cut")


def fail(times, monkeypatch):
    """Have the worker fail in the middle of a batch; it begins again later and later."""
    with monkeypatch.context() as patch:
        patch.setattr("hsh.services.books.audit.record", crash)
        for n in range(times):
            with at(clock.now() + timedelta(minutes=n)), pytest.raises(RuntimeError):
                work_once(files.work())


def test_a_batch_that_fails_is_tried_again_by_itself(admin, monkeypatch):
    address = brought(admin, HEADER + AH_HUAT + MEI)
    order(admin, address)
    fail(2, monkeypatch)
    assert count(Customer) == 0
    assert "Being taken in" in words(admin.get(address))
    with at(clock.now() + timedelta(minutes=5)):
        assert work() == 1
    assert count(Customer) == 2


def test_a_batch_that_fails_each_time_stops_the_file_and_is_taken_up_again_by_hand(
    admin, monkeypatch
):
    monkeypatch.setattr(files, "BATCH", 1)
    address = brought(admin, shops(3))
    order(admin, address)
    work_once(files.work())
    fail(3, monkeypatch)
    page = words(admin.get(address))
    assert "Stopped" in page
    assert "1 of 3" in page
    assert "What was taken in so far is in the books" in page
    with at(clock.now() + timedelta(hours=2)):
        assert work() == 0
    take(admin, address)
    assert count(Customer) == 3


def test_a_batch_that_ends_the_worker_each_time_is_not_begun_for_ever(admin, monkeypatch):
    address = brought(admin, shops(1))
    order(admin, address)

    def killed(_message):
        raise SystemExit  # as good as kill -9: nothing is noted

    deadly = replace(files.work(), do=killed)
    for n in range(3):
        with at(clock.now() + timedelta(minutes=n)), pytest.raises(SystemExit):
            work_once(deadly)
    with at(clock.now() + timedelta(hours=1)):
        assert work_once(deadly)
        assert not work_once(deadly)
    assert "Stopped" in words(admin.get(address))


def becomes_a_driver(person):
    db.session.query(UserRole).filter_by(user_id=person.id).update({"role": "driver"})
    db.session.commit()


def is_switched_off(person):
    users.switch_off(person.username, by=None)


@pytest.mark.parametrize("happens", [becomes_a_driver, is_switched_off])
def test_who_lost_the_right_meanwhile_brings_nothing_more(signed_in, monkeypatch, happens):
    monkeypatch.setattr(files, "BATCH", 1)
    given.a_company()
    rates.standard_price_list(by=None)
    person = given.an_admin()
    address = brought(signed_in(person), shops(2))
    order(signed_in(person), address)
    work_once(files.work())
    happens(person)
    assert work() == 1
    assert count(Customer) == 1
    other = signed_in(given.an_admin())
    assert "Whoever had it taken in may not do that any more." in words(other.get(address))
    take(other, address)
    assert count(Customer) == 2


def test_a_worker_that_was_overtaken_does_nothing(admin):
    address = brought(admin, shops(1))
    order(admin, address)
    slow = outbox.claim(files.TOPIC, lease=timedelta(seconds=30))
    with at(clock.now() + timedelta(minutes=1)):
        assert work() == 1
        with pytest.raises(outbox.Overtaken):
            files.work().do(slow)
    assert count(Customer) == 1


def test_two_workers_at_once_take_each_row_in_once(app, admin, monkeypatch):
    monkeypatch.setattr(files, "BATCH", 3)
    addresses = [brought(admin, shops(20)), brought(admin, shops(20).replace("Shop", "Stall"))]
    for address in addresses:
        order(admin, address)
    at_once(app, [work for _ in range(4)])
    assert work() == 0
    assert count(Customer) == count(Site) == 40
    for address in addresses:
        assert "20 of 20" in words(admin.get(address))


def test_an_order_that_is_sent_twice_is_one(admin, monkeypatch):
    monkeypatch.setattr(files, "BATCH", 1)
    address, form = brought(admin, HEADER + AH_HUAT + MEI), str(uuid4())
    for _ in range(2):
        assert admin.post(f"{address}/take", {"client_temp_id": form}).status_code == 303
    assert work() == count(Customer) == 2


def test_the_columns_can_be_named_otherwise(admin):
    address = bring(admin, "A,B\n" + 'Ah Huat,"282 Bishan Street 22,  S570282"\n').headers[
        "Location"
    ]
    unnamed = admin.submit(address, {"column-name": "", "column-address": ""})
    assert unnamed.status_code == 422
    assert "Say which column this is." in words(unnamed)
    assert admin.submit(address, {"column-name": "0", "column-address": "1"}).status_code == 303
    assert "New 1" in words(admin.get(address))
    assert admin.submit(address, {"column-name": "0", "column-address": "7"}).status_code == 422


def test_the_problems_come_as_a_file_in_which_nothing_is_a_formula(admin):
    address = brought(admin, HEADER + '"=HYPERLINK(""x"")",nowhere,+65,\n')
    answer = admin.get(f"{address}/problems.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Line,Problem,Business,Site address,Tel,Terms"
    assert lines[1].startswith('2,"Address, with its postal code: The address has no postal code')
    assert '"\'=HYPERLINK(""x"")",nowhere,\'+65,' in lines[1]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + HEADER + AH_HUAT,
        (HEADER + AH_HUAT).replace(",", ";").replace("282 Bishan Street 22; #01-12;  ", "282 Bishan Street 22, #01-12,  "),
        HEADER.replace(",", "\t") + "Ah Huat\t282 Bishan Street 22, #01-12,  S570282\t6123 4567\t30\n",
        a_workbook(["Business", "Site address", "Tel", "Terms"], ["Ah Huat", "282 Bishan Street 22, #01-12,  S570282", "6123 4567", 30]),
    ],
)  # fmt: skip
def test_marks_separators_and_workbooks_are_understood(admin, content):
    take(admin, brought(admin, content))
    row = db.session.scalars(select(Customer)).one()
    assert (row.name, row.terms_days) == ("Ah Huat", 30)


def test_a_file_of_windows_keeps_its_accents(admin):
    take(admin, brought(admin, (HEADER + AH_HUAT.replace("Ah Huat", "Caf\xe9")).encode("cp1252")))
    assert db.session.scalars(select(Customer.name)).one() == "Caf\xe9"


HOLDS = "name;address\rAh Huat;282 Bishan Street 22, #01-12,  S570282\r"


@pytest.mark.parametrize(
    "content",
    [
        HOLDS,  # line ends of old Macs, and more commas than semicolons
        "sep=;\r\n" + HOLDS.replace("\r", "\r\n"),
        '"name, full";address\nAh Huat;282 Bishan Street 22, #01-12,  S570282\n',
        "\n\n,,\n" + 'name,address\nAh Huat,"282 Bishan Street 22, #01-12,  S570282"\n',
    ],
)  # fmt: skip
def test_what_stands_between_the_cells_is_found_out(content):
    read = sheet.read(content.encode())
    assert len(read.header) == 2
    assert [row.cells for row in read.rows] == [
        ("Ah Huat", "282 Bishan Street 22, #01-12,  S570282")
    ]


def test_a_formula_counts_by_its_result_and_a_wrong_one_by_its_row(admin):
    good = a_workbook(["name", "address"], ["#REF!", "282 Bishan Street 22,  S570282"])
    page = words(admin.get(brought(admin, good)))
    assert "2 Name: A formula of the spreadsheet went wrong here." in page
    answer = bring(admin, a_workbook(["name", "address"], ["Ah Huat", "=B1&2"]))
    assert answer.status_code == 422
    assert "Line 2 has a formula whose result is not in the file." in words(answer)


def test_columns_of_one_name_are_told_apart(admin):
    address = bring(admin, "name,name,address\na,b,c\n").headers["Location"]
    page = words(admin.get(address))
    assert "name (column 1)" in page
    assert "name (column 2)" in page


def test_bytes_that_no_code_page_knows_are_refused_with_their_row(admin):
    text = (HEADER + AH_HUAT).replace("Ah Huat", "\u9999\u6e2f").encode("shift-jis")
    address = brought(admin, text)
    page = words(admin.get(address))
    assert "2 Name: There are characters here that cannot be read." in page
    assert "cannot be read" in admin.get(f"{address}/problems.csv").text
    header = bring(admin, text.replace(b"Terms", b"Caf\x8d")).headers["Location"]
    assert "Caf\ufffd" in words(admin.get(header))


def a_bomb():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "The file is empty."),
        (HEADER, "The file has a first line but no rows below it."),
        (b"%PDF-1.7\x00\x01", "This is neither CSV nor XLSX."),
        (b"PK\x03\x04nothing", "This workbook cannot be read."),
        (a_bomb(), "The file is larger than 10 MB, or unpacks to more."),
        ((HEADER + AH_HUAT).encode("utf-16"), "This is neither CSV nor XLSX."),
        (b"%PDF-1.7\nx,y\nz,z\n", "This is neither CSV nor XLSX."),
        ("<html>\n<table>\n<tr>", "This is neither CSV nor XLSX."),
        (HEADER + "x" * 200_000 + "\n", "Line 2 has a cell of more than 2000 characters."),
        (a_workbook(["x"] * 60), "Line 1 has more than 50 columns."),
        (HEADER + '"A', "a quote is wrong on line 2"),
        (HEADER + ",".join("x" * 60) + "\n", "Line 2 has more than 50 columns."),
        (HEADER + "x" * 2_001 + "\n", "Line 2 has a cell of more than 2000 characters."),
    ],
)  # fmt: skip
def test_a_wrong_file_gets_a_clear_answer_and_nothing_is_kept(admin, content, says):
    answer = bring(admin, content)
    assert answer.status_code == 422
    assert says in words(answer)
    assert count(Import) == count(ImportRow) == 0


def test_too_many_bytes_are_refused():
    with pytest.raises(Invalid) as refused:
        sheet.read(b"x" * (sheet.MOST_BYTES + 1))
    assert refused.value.params["reason"] == "file_too_big"


def test_a_million_columns_are_refused():
    with pytest.raises(Invalid) as refused:
        sheet.read(b"," * 1_000_000 + b"\n")
    assert refused.value.params["reason"] == "file_too_wide"


def test_too_many_rows_are_refused(admin, monkeypatch):
    monkeypatch.setattr(sheet, "MOST_ROWS", 1)
    assert "The file has more than 1 rows." in words(bring(admin, HEADER + AH_HUAT + MEI))


def test_no_file_is_asked_for(admin):
    answer = admin.submit("/imports", {"kind": "customers"})
    assert answer.status_code == 422
    assert "Choose a file." in words(answer)


def test_only_an_import_takes_a_large_form(admin):
    large = {"name": "x" * 2_000_000}
    assert admin.submit("/customers/new", large).status_code == 413


def test_meters_come_to_their_sites(admin, tmp_path):
    site = given.a_site(code="S000007")
    before = broken(tmp_path)
    rows = 'Site code,Serial,Digits,Decimals,Reading,Date\nS000007,M-1,5,1,"1,234.5",20/11/2026\nS9,M-2,5,1,0,2026-11-20\n'
    address = brought(admin, rows, "meters")
    assert "3 Code of the site: There is no site of this code." in words(admin.get(address))
    take(admin, address)
    row = db.session.scalars(select(Meter)).one()
    assert (row.site_id, row.last_reading) == (site.id, Decimal("1234.5"))
    assert broken(tmp_path) == before
    assert "There already, left as they are 1" in words(admin.get(brought(admin, rows, "meters")))


def test_prices_come_to_lists_customers_and_sites(admin, tmp_path):
    given.a_size()
    given.a_site(code="S000007")
    before = broken(tmp_path)
    rows = (
        "price_list,customer of,site,item,price,from\n"
        "STANDARD,,,C127,$31.80,1 Jan 2026\n,S000007,,C127,30,2026-01-01\n,,S000007,gas,1.2345,2026-01-01\n"
        "STANDARD,,S000007,C127,30,2026-01-01\n,,S000007,C128,30,2026-01-01\n"
    ).replace("customer of", "customer of site")
    address = brought(admin, rows, "rates")
    page = words(admin.get(address))
    assert "New 3" in page
    assert "in one of the columns, not in several" in page
    take(admin, address)
    found = db.session.execute(select(Rate.scope, Rate.amount).order_by(Rate.id)).all()
    assert found == [
        ("price_list", Decimal("31.8")), ("customer", Decimal(30)), ("site", Decimal("1.2345")),
    ]  # fmt: skip
    assert broken(tmp_path) == before


STOCK = "place,size,condition,quantity\nJURONG,C127,,40\nJURONG,C127,empty,7\nS000007,C127,,3\nTUAS,C127,,1\n"


@pytest.fixture
def counter(company, signed_in):
    given.a_size()
    given.a_site(code="S000007")
    depot = given.a_depot("JURONG")
    given.a_depot("TUAS")
    return signed_in(given.a_supervisor(depot))


def test_opening_stock_is_counted_in_where_it_stands(counter, tmp_path):
    before = broken(tmp_path)
    address = brought(counter, STOCK, "stock")
    assert "There is no such depot, truck or site" in words(counter.get(address))
    take(counter, address)
    levels = db.session.execute(
        select(Place.code, StockLevel.condition, StockLevel.quantity)
        .join(Place, Place.id == StockLevel.place_id)
        .where(StockLevel.quantity > 0)
        .order_by(Place.code, StockLevel.condition)
    ).all()
    assert levels == [
        ("JURONG", Condition.EMPTY, 7), ("JURONG", Condition.FULL, 40), ("S000007", Condition.HELD, 3),
    ]  # fmt: skip
    assert broken(tmp_path) == before


def test_opening_stock_above_the_limit_is_said_to_wait_for_approval(counter):
    given.limits(20)
    address = brought(counter, STOCK, "stock")
    take(counter, address)
    assert "A place with more than 20 cylinders waits for approval." in words(counter.get(address))
    assert "All of it is in the books" not in words(counter.get(address))


def test_opening_stock_is_not_counted_in_twice(counter):
    take(counter, brought(counter, STOCK, "stock"))
    again = bring(counter, STOCK, "stock")
    assert again.status_code == 422
    assert "This very file was taken in before" in words(again)


def test_who_counts_stock_brings_stock_and_who_keeps_the_registry_the_rest(admin, counter):
    assert bring(counter, HEADER + AH_HUAT).status_code in {403, 422}
    assert bring(admin, STOCK, "stock").status_code in {403, 422}
    address = brought(admin, HEADER + AH_HUAT)
    assert counter.get(address).status_code == 404
    assert take(counter, address).status_code in {403, 404}
    assert count(Customer) == count(Site)


@pytest.mark.parametrize("role", [Role.DRIVER, Role.ACCOUNTANT])
def test_others_bring_nothing(signed_in, role):
    assert signed_in(given.a_user(role)).get("/imports").status_code == 403


def test_the_published_list_comes_in_whole(admin, tmp_path):
    address = brought(admin, published_file().read_bytes())
    for _ in range(2):
        take(admin, address)
    assert count(Customer) == 470
    page = words(admin.get(address))
    assert "470 of 470" in page
    assert "imports" not in "".join(broken(tmp_path))
