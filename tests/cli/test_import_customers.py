import pytest
from sqlalchemy import func, select

from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.registry import Customer, Place, PriceList, Site
from tests.published import published_file

HEADER = "name,address,latitude,longitude\r\n"
AH_HUAT = 'AH HUAT,"282 Bishan Street 22, #01-12,  S570282",1.358,103.844\r\n'
MEI = 'MEI,"21 Tampines Ave 1,  S529757",1.346,103.932\r\n'
GOOD = HEADER + AH_HUAT + MEI


@pytest.fixture
def flask(app):
    return app.test_cli_runner()


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "customers.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def take(flask, path, *options):
    return flask.invoke(args=["import", "customers", path, *options])


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_each_row_becomes_a_customer_with_one_site(flask, file):
    done = take(flask, file(GOOD))
    assert done.exit_code == 0, done.output
    assert done.stdout == "2 new, 0 already there, 0 bad.\n"
    rows = db.session.execute(
        select(Customer, Place, Site, PriceList)
        .join(Site, Site.customer_id == Customer.id)
        .join(Place, Place.id == Site.place_id)
        .join(PriceList, PriceList.id == Customer.price_list_id)
        .order_by(Place.code)
    ).all()
    customer, place, site, prices = rows[0]
    assert customer.name == place.name == "AH HUAT"
    assert customer.billing_address == "282 Bishan Street 22\n#01-12\nSingapore 570282"
    assert customer.terms_days is None
    assert (place.kind, place.code) == ("site", "S000001")
    assert (site.street, site.unit, site.building) == ("282 Bishan Street 22", "#01-12", None)
    assert (site.postal_code, site.latitude, site.longitude) == ("570282", "1.358", "103.844")
    assert prices.code == "STANDARD"
    assert [row[1].code for row in rows] == ["S000001", "S000002"]


def test_the_import_is_one_audit_entry_with_the_file_and_every_customer(flask, file):
    take(flask, file(GOOD))
    body = db.session.scalar(select(AuditEntry.body).where(AuditEntry.action == "customer.import"))
    for customer in db.session.scalars(select(Customer)):
        assert str(customer.ref) in body
    assert '"file":"customers.csv"' in body
    assert '"new":2' in body


def test_the_same_file_twice_makes_no_duplicate(flask, file):
    take(flask, file(GOOD))
    again = take(flask, file(GOOD.replace("Tampines Ave 1", "TAMPINES AVENUE 1")))
    assert again.stdout == "0 new, 2 already there, 0 bad.\n"
    assert count(Customer) == count(Site) == 2


def test_a_later_file_adds_only_what_is_new_and_counts_its_codes_on(flask, file):
    take(flask, file(HEADER + AH_HUAT))
    assert take(flask, file(GOOD)).stdout == "1 new, 1 already there, 0 bad.\n"
    codes = db.session.scalars(select(Place.code).where(Place.kind == "site").order_by(Place.code))
    assert list(codes) == ["S000001", "S000002"]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(flask, file):
    done = take(flask, file(GOOD), "--dry-run")
    assert done.exit_code == 0
    assert done.stdout.startswith("2 new, 0 already there, 0 bad.\n")
    assert "nothing was written" in done.stdout
    assert count(Customer) == count(PriceList) == count(AuditEntry) == 0


BAD = {
    ',"282 Bishan Street 22,  S570282",1.35,103.84': "name: missing",
    "A,,1.35,103.84": "address: missing",
    'A,"282 Bishan Street 22",1.35,103.84': "address: no postal code of six digits at the end",
    'A,"Sims Drive Singapore 461057,  S461058",1.35,103.84': "address: two postal codes that differ",
    'A,"#01-12,  S570282",1.35,103.84': "address: no street",
    'A,"282 Bishan Street 22,  S570282",north,103.84': "latitude: not a number of degrees",
    'A,"282 Bishan Street 22,  S570282",1.35,': "longitude: missing",
    'A,"282 Bishan Street 22,  S570282",1.35,nan': "longitude: not a number of degrees",
    'A,"282 Bishan Street 22,  S570282",103.84,1.35': "latitude: not in Singapore",
    'A,"282 Bishan Street 22,  S570282",1.35': "there are 3 columns where there should be 4",
    'A,"282 Bishan Street 22,  S570282",1.35,103.84,x': "there are 5 columns where there should be 4",
    f'{"A" * 201},"282 Bishan Street 22,  S570282",1.35,103.84': "name: longer than 200 characters",
    'A\x1b@,"282 Bishan Street 22,  S570282",1.35,103.84': "name: control characters",
    'A\u202e,"282 Bishan Street 22,  S570282",1.35,103.84': "name: control characters",
    '"A\nB","282 Bishan Street 22,  S570282",1.35,103.84': "name: control characters",
    'ah  huat,"Blk 282 Bishan St 22, #01-12,  S570282",1.35,103.84':
        "the same customer at the same address stands on line 2",
}  # fmt: skip


@pytest.mark.parametrize(("row", "reason"), BAD.items())
def test_a_bad_row_is_told_with_its_line_and_nothing_is_written(flask, file, row, reason):
    done = take(flask, file(HEADER + AH_HUAT + "\r\n" + row + "\r\n" + MEI))
    assert done.exit_code == 1
    assert done.stderr.splitlines()[0] == f"Line 4: {reason}"
    assert "1 bad rows, so nothing was written" in done.stderr
    assert count(Customer) == count(AuditEntry) == 0


def test_a_row_that_is_not_utf8_is_one_bad_row(flask, file):
    rows = 'CAF\xc9,"1 Sims Drive,  S380045",1.35,103.84\r\n'
    broken = rows.encode() + rows.encode("cp1252")
    done = take(flask, file(HEADER.encode() + broken + MEI.encode()))
    assert done.stderr.startswith("Line 3: name: not in UTF-8\n")


def test_a_file_of_windows_is_read_as_such(flask, file):
    rows = 'CAF\xc9,"1 Sims Drive,  S380045",1.35,103.84\r\n'
    assert take(flask, file((HEADER + rows).encode("cp1252"))).exit_code == 0
    assert db.session.scalars(select(Customer.name)).one() == "CAF\xc9"


def test_all_bad_rows_are_told_at_once(flask, file):
    done = take(flask, file(HEADER + "".join(f"{row}\r\n" for row in list(BAD)[:5]) + MEI))
    assert [line.split(":")[0] for line in done.stderr.splitlines()[:5]] == [
        "Line 2", "Line 3", "Line 4", "Line 5", "Line 6",
    ]  # fmt: skip


def test_skip_bad_takes_the_rest(flask, file):
    done = take(flask, file(GOOD + "A,nowhere,1.35,103.84\r\n"), "--skip-bad")
    assert done.exit_code == 0
    assert done.stdout == "2 new, 0 already there, 1 bad.\n"
    assert "Line 4: address: no postal code" in done.stderr
    assert count(Customer) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "The file is empty."),
        (HEADER, "The file has a first line but no customers."),
        ("name,address\r\nA,B\r\n", "The file's first line must be these columns: name, address, latitude, longitude."),
        (GOOD.encode("utf-16"), "The file is neither CSV nor XLSX."),
        (b"\x00\xff\xfe" * 50, "The file is neither CSV nor XLSX."),
        (b"PK\x03\x04 and no workbook", "The workbook cannot be read."),
        (HEADER + '"A', "The file is not CSV: a quote is wrong on line 2."),
        (HEADER + '"A"x,B,1,2', "The file is not CSV: a quote is wrong on line 2."),
        (b"x" * 10_000_001, "The file is larger than 10 MB."),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_in_one_sentence(flask, file, content, reason):
    done = take(flask, file(content))
    assert done.exit_code == 1
    assert reason in done.stderr
    assert count(AuditEntry) == 0


@pytest.mark.parametrize("path", ["missing.csv", ".", "/dev/zero"])
def test_what_is_no_file_is_refused_in_one_sentence(flask, path):
    done = take(flask, path)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {path}: The file")


def test_a_byte_order_mark_and_unix_lines_are_taken(flask, file):
    done = take(flask, file(("\ufeff" + GOOD).replace("\r\n", "\n")))
    assert done.stdout == "2 new, 0 already there, 0 bad.\n"


def test_names_in_chinese_and_tamil_are_taken_as_they_are(flask, file):
    names = ["海南鸡饭", "சரவணா உணவகம்"]
    rows = "".join(f'{name},"1 Sims Drive,  S380045",1.35,103.84\r\n' for name in names)
    assert take(flask, file(HEADER + rows)).exit_code == 0
    assert sorted(db.session.scalars(select(Customer.name))) == sorted(names)


def test_the_published_file_comes_in_whole_and_once(flask):
    path = str(published_file())
    assert take(flask, path).stdout == "470 new, 0 already there, 0 bad.\n"
    assert take(flask, path).stdout == "0 new, 470 already there, 0 bad.\n"
    assert count(Customer) == count(Site) == 470
