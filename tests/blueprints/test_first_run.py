"""An empty server becomes a company at work, in the browser, by a link from its terminal."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from hsh.db import db
from hsh.models.books import StockLevel, StockMove
from hsh.models.logistics import Correction
from hsh.models.people import User
from hsh.models.registry import Company, TaxRate
from hsh.queries.registry import stores
from hsh.queries.verify import verify
from hsh.services.registry import founding
from tests import given
from tests.visitor import Visitor, location, words

COMPANY = {
    "name": "Ah Huat Gas Pte Ltd", "uen": "201912345k", "address": "12 Tuas Avenue 7\nSingapore 639212",
    "cash_rounding": "y",
}  # fmt: skip
TAX = {"gst_number": "M90312345A", "rate": "9", "starts_on": "2024-01-01"}
PERSON = {"name": "Ah Huat", "username": "boss", "password": "kopi siew dai gao"}
DEPOT = {"code": "TUAS", "name": "Tuas depot", "address": "12 Tuas Avenue 7\nSingapore 639212"}
SIZE = {
    "code": "C127", "kind": "cylinder", "name": "CYL 12.7 kg", "owner": "company", "net_kg": "12.7",
    "tare_kg": "14.3", "part_credit": "50", "tax_code": "SR",
}  # fmt: skip


@pytest.fixture
def link(app):
    return f"/first-run/{founding.link(app.config['SECRET_KEY'])}"


@pytest.fixture
def admin(signed_in):
    given.a_company()
    return signed_in(given.an_admin())


def founded(visitor, link):
    for step, sent in (("company", COMPANY), ("tax", TAX), ("admin", PERSON)):
        answer = visitor.post(f"{link}/{step}", sent)
        assert answer.status_code == 303, words(answer)
    return answer


def the_depot():
    [depot] = stores.depots()
    return depot


def test_a_company_is_founded_step_by_step_and_goes_to_work(app, visitor, link, tmp_path):
    answer = founded(visitor, link)
    assert location(answer) == "/login?next=/setup"
    visitor.post("/login", {"username": "boss", "password": PERSON["password"]})
    assert "The set-up is not finished" in words(visitor.get("/"))
    assert "Add a depot" in words(visitor.get("/setup"))
    visitor.submit("/setup/depots", DEPOT)
    assert "Add a size" in words(visitor.get("/setup"))
    visitor.submit("/setup/sizes", SIZE)
    assert "Tuas depot" in words(visitor.get("/setup"))
    sent = {"full-C127": "40", "empty-C127": "7"}
    assert visitor.submit(f"/setup/stock/{the_depot().ref}", sent).status_code == 303
    last = visitor.get("/setup")
    assert "The opening stock of every depot is counted in." in words(last)
    assert "What comes next" in words(last)
    for place in ("/imports", "/prices", "/registry", "/people"):
        assert f'class="button plain" href="{place}"' in last.text
    assert "set-up is not finished" not in words(visitor.get("/"))
    assert sorted(level.quantity for level in db.session.query(StockLevel)) == [-40, -7, 7, 40]
    assert db.session.query(Correction).one().reason == "Opening stock"
    faults = [one for one in verify(db.engine, data_dir=tmp_path) if not one.ok]
    assert faults == []


def test_the_set_up_is_taken_up_where_it_was_left(app, visitor, link):
    assert 'action="' + link + '/company"' in visitor.get(link).text
    visitor.post(f"{link}/company", COMPANY)
    later = Visitor(app)
    assert 'action="' + link + '/tax"' in later.get(link).text
    back = later.get(f"{link}?step=company")
    assert 'value="Ah Huat Gas Pte Ltd"' in back.text
    later.post(f"{link}/company", COMPANY | {"name": "Ah Huat LPG"})
    later.post(f"{link}/tax", TAX)
    later.post(f"{link}/tax", TAX | {"gst_number": ""})
    company = db.session.get_one(Company, 1)
    assert (company.name, company.gst_number) == ("Ah Huat LPG", None)
    assert [rate.rate for rate in db.session.query(TaxRate).filter_by(code="SR")] == [
        Decimal("0.09")
    ]
    assert 'action="' + link + '/admin"' in later.get(link).text


def test_the_link_is_over_once_somebody_can_log_in(app, visitor, link):
    founded(visitor, link)
    stranger = Visitor(app)
    assert stranger.get(link).status_code == 404
    for step, sent in (("company", COMPANY), ("tax", TAX), ("admin", PERSON | {"username": "me"})):
        assert stranger.post(f"{link}/{step}", sent).status_code == 404
    assert db.session.query(User).count() == 1


@pytest.mark.parametrize("token", ["", "x", "InNldCB1cCI.aaaa.bbbb"])
def test_a_stranger_cannot_claim_a_fresh_server(visitor, token):
    assert visitor.get(f"/first-run/{token}").status_code == 404
    assert visitor.post(f"/first-run/{token}/company", COMPANY).status_code == 404
    assert db.session.query(Company).count() == 0


def test_the_link_is_too_old_after_three_days(app, visitor, link, monkeypatch):
    monkeypatch.setattr(founding, "LIFETIME", timedelta(seconds=-1))
    assert visitor.get(link).status_code == 404


def test_a_link_of_another_server_is_no_good(visitor):
    assert visitor.get(f"/first-run/{founding.link('another secret')}").status_code == 404


def test_the_log_in_page_says_what_to_do_on_a_fresh_server(visitor):
    assert "flask setup-link" in visitor.get("/login").text
    given.an_admin()
    assert "flask setup-link" not in visitor.get("/login").text


@pytest.mark.parametrize(
    ("step", "sent", "problem"),
    [
        ("company", COMPANY | {"uen": "no!"}, "Use letters"),
        ("company", COMPANY | {"name": ""}, "This is needed"),
        ("tax", TAX | {"rate": "900"}, "from 0 to 100"),
        ("tax", TAX, "Tell the company"),
        ("admin", PERSON, "Tell the company"),
        ("admin", PERSON | {"password": "short"}, "At least"),
        ("admin", PERSON | {"username": "Not A Name"}, "Use small letters"),
    ],
)
def test_a_step_that_will_not_do_changes_nothing(visitor, link, step, sent, problem):
    refused = visitor.post(f"{link}/{step}", sent)
    assert refused.status_code == 422
    assert problem in words(refused)
    assert db.session.query(Company).count() == db.session.query(User).count() == 0


def test_the_secret_of_the_link_is_not_in_the_log(visitor, link, capsys):
    visitor.get(link)
    assert link.rpartition("/")[2] not in capsys.readouterr().out


def test_the_terminal_prints_the_link_while_nobody_can_log_in(app, visitor):
    runner = app.test_cli_runner()
    printed = runner.invoke(args=["setup-link", "--url", "https://hsh.example/"]).output.strip()
    assert printed.startswith("https://hsh.example/first-run/")
    assert visitor.get(printed.removeprefix("https://hsh.example")).status_code == 200
    assert "flask setup-link" in runner.invoke(args=["doctor"]).output
    given.an_admin()
    assert "Somebody can log in already" in runner.invoke(args=["setup-link"]).output


def test_opening_stock_is_counted_in_once_for_each_depot(admin):
    depot, size = given.a_depot(), given.a_size()
    address, sent = f"/setup/stock/{depot.ref}", {f"full-{size.code}": "5"}
    assert admin.submit(address, sent).status_code == 303
    again = admin.submit(address, sent)
    assert again.status_code == 422
    assert "From now on a supervisor adjusts it." in words(again)
    assert db.session.query(StockMove).count() == 1


def test_opening_stock_is_over_once_other_stock_has_moved(admin):
    depot, other, size = given.a_depot(), given.a_depot(), given.a_size()
    given.stock(depot, {size: 1})
    refused = admin.submit(f"/setup/stock/{other.ref}", {f"full-{size.code}": "5"})
    assert refused.status_code == 422
    assert "Stock has moved already." in words(admin.get("/setup"))


@pytest.mark.parametrize("count", ["0", "-1", "x", "100000"])
def test_an_opening_stock_that_is_no_count_is_refused(admin, count):
    depot, size = given.a_depot(), given.a_size()
    refused = admin.submit(f"/setup/stock/{depot.ref}", {f"full-{size.code}": count})
    assert refused.status_code == 422
    assert db.session.query(StockMove).count() == 0


def test_only_an_admin_sets_up(signed_in):
    given.a_company()
    supervisor = signed_in(given.a_supervisor(depot := given.a_depot()))
    assert supervisor.get("/setup").status_code == 403
    assert supervisor.submit(f"/setup/stock/{depot.ref}", {"full-C127": "1"}).status_code == 403
    assert not re.search("set-up is not finished", words(supervisor.get("/")))
