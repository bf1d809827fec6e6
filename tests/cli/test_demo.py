from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hsh.cli.demo import player, world
from hsh.cli.demo.calendar import start_for, working_days
from hsh.cli.demo.dice import Dice
from hsh.core import clock
from hsh.core.clock import SINGAPORE
from hsh.db import db
from hsh.documents.pdf import pdf
from hsh.models.books import AuditEntry, StockMove
from hsh.models.logistics import Distribution
from hsh.models.people import User
from hsh.models.registry import Company, Customer
from hsh.models.sales import Discrepancy, Document, MeterReading, Transaction, TransactionLine
from hsh.queries.verify import verify
from hsh.services.books.work import work_once
from hsh.services.registry import company
from hsh.services.sales.papers import Press, work
from tests.published import published_file

MONDAY = "2026-11-02"


@pytest.fixture
def demo(app):
    def run(*args):
        return app.test_cli_runner().invoke(args=["demo", *args], catch_exceptions=False)

    return run


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def broken_laws(app, books):
    """Return what is broken, as the tables' owner sees it: an app's account sees no triggers."""

    def run():
        db.session.rollback()
        engine = getattr(books, "owner", db.engine)
        checks = verify(engine, data_dir=Path(app.config["HSH"].data_dir))
        return [check for check in checks if not check.ok]

    return run


def store_pdfs(app):
    """Do the worker's work; return how many PDFs are on the disk."""
    data_dir = Path(app.config["HSH"].data_dir)
    while work_once(work(Press(render=pdf, directory=data_dir))):
        pass
    return len(list((data_dir / "invoices").rglob("TRX-*.pdf")))


def what_was_played():
    """Numbers, moves and totals: what the same seed and start must give again."""
    moves = select(
        StockMove.kind,
        StockMove.equipment_id,
        StockMove.from_place_id,
        StockMove.from_condition,
        StockMove.to_place_id,
        StockMove.to_condition,
        StockMove.quantity,
        StockMove.moved_at,
    ).order_by(StockMove.id)
    papers = select(
        Document.transaction_number, Document.number, Document.total, Document.issued_on
    ).order_by(Document.id)
    runs = select(Distribution.ref, Distribution.number).order_by(Distribution.id)
    return [db.session.execute(query).all() for query in (moves, papers, runs)]


def test_played_days_keep_every_law(demo, broken_laws):
    done = demo("--days", "3", "--start", MONDAY, "--sales", "15")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert [line[:15] for line in lines] == [
        "Mon 2 Nov 2026:",
        "Tue 3 Nov 2026:",
        "Wed 4 Nov 2026:",
    ]
    assert count(Transaction) >= 3 * 15
    assert broken_laws() == []


def test_a_played_week_shows_what_the_trade_knows(demo):
    demo("--days", "6", "--start", MONDAY)
    kinds = set(db.session.scalars(select(StockMove.kind)))
    assert kinds == {
        "adjustment", "transfer", "load", "unload", "delivery", "collection", "return",
    }  # fmt: skip
    lines = set(db.session.scalars(select(TransactionLine.kind)))
    assert lines == {
        "usage", "delivery", "collection", "return_full", "return_part", "accessory", "service",
        "deposit", "deposit_refund",
    }  # fmt: skip
    assert set(db.session.scalars(select(MeterReading.kind))) >= {"normal", "estimated"}
    assert set(db.session.scalars(select(Document.kind))) == {"invoice", "credit_note"}
    assert count(Discrepancy) > 0


def test_the_same_seed_and_start_give_the_same_day_again(books, make_app, tmp_path):
    first = played(make_app(), "7")
    books.clean()
    (tmp_path / "again").mkdir()
    second = played(make_app(DATABASE_URL=books.url(tmp_path / "again")), "7")
    assert first == second
    assert len(first[1]) > 10


def played(app, seed):
    with app.app_context():
        done = app.test_cli_runner().invoke(
            args=["demo", "--days", "1", "--seed", seed, "--start", MONDAY, "--sales", "12"]
        )
        assert done.exit_code == 0, done.output
        return what_was_played()


def test_another_seed_gives_another_day(books, make_app, tmp_path):
    first = played(make_app(), "7")
    books.clean()
    (tmp_path / "again").mkdir()
    assert first != played(make_app(DATABASE_URL=books.url(tmp_path / "again")), "8")


def test_it_continues_after_the_last_day(demo, broken_laws):
    demo("--days", "1", "--start", "2026-11-07", "--sales", "5")
    more = demo("--days", "1", "--sales", "5")
    assert more.stdout.startswith("Mon 9 Nov 2026:")
    assert broken_laws() == []


def test_it_does_not_play_a_day_that_has_been(demo):
    demo("--days", "1", "--start", MONDAY, "--sales", "1")
    again = demo("--days", "1", "--start", MONDAY)
    assert again.exit_code == 2
    assert "--start must be later than 2 Nov 2026" in again.stderr


def test_unless_told_otherwise_it_ends_on_the_working_day_before_today(demo):
    with clock.running(lambda: datetime(2026, 11, 9, 3, 0, tzinfo=SINGAPORE)):
        done = demo("--days", "2", "--sales", "1")
    assert [line[:15] for line in done.stdout.splitlines()] == [
        "Fri 6 Nov 2026:",
        "Sat 7 Nov 2026:",
    ]


def test_if_empty_leaves_played_books_as_they_are(demo):
    demo("--days", "1", "--start", MONDAY, "--sales", "1")
    entries = count(AuditEntry)
    done = demo("--days", "1", "--if-empty")
    assert (done.exit_code, done.stdout) == (
        0,
        "The books hold data already; nothing was played.\n",
    )
    assert count(AuditEntry) == entries


def test_if_empty_finishes_what_was_interrupted_before_the_first_day(demo):
    demo("--days", "0", "--start", MONDAY)
    assert count(Company) == 1
    assert count(Transaction) == 0


def test_a_real_companys_books_are_left_alone(demo):
    details = company.CompanyDetails(
        name="Real Gas Pte Ltd", uen="200012345K", gst_number=None, address="1 Real Road",
        phone=None, email=None, logo=None, cash_rounding=False, is_demo=False,
    )  # fmt: skip
    company.set_company(details, by=None)
    done = demo("--days", "1")
    assert done.exit_code == 1
    assert "These are the books of a real company" in done.stderr
    assert demo("--days", "1", "--if-empty").exit_code == 0
    assert count(User) == count(Transaction) == 0


def test_production_has_no_demo(make_app):
    app = make_app(HSH_ENV="production", HSH_SECRET_KEY="x" * 40)
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 1
    assert "never played in production" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("--days", "-1"),
        ("--days", "many"),
        ("--days", "99999"),
        ("--start", "2022-12-31"),
        ("--start", "yesterday"),
        ("--sales", "-1"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(demo, args):
    assert demo(*args).exit_code == 2
    assert count(AuditEntry) == 0


def test_names_in_use_are_told_and_nothing_is_opened(app, demo):
    app.test_cli_runner().invoke(
        args=["user", "add", "driver", "--name", "A", "--role", "driver", "--password-stdin"],
        input="a long enough password",
    )
    done = demo("--days", "1")
    assert done.exit_code == 1
    assert "There is a user driver already." in done.stderr
    assert count(Company) == count(Customer) == 0


def test_a_hundred_sales_over_the_published_sites_with_three_trucks(app, demo, broken_laws):
    """The proof that the job asks for: a full day over 470 real addresses keeps every law."""
    done = app.test_cli_runner().invoke(args=["import", "customers", str(published_file())])
    assert done.exit_code == 0, done.output
    demo("--days", "0", "--start", MONDAY)
    published = [site for site in world.sites() if site.code.startswith("S")]
    assert len(published) == 470
    assert len(world.trucks(date(2026, 11, 2))) == 3
    day = player.play_day(date(2026, 11, 2), Dice("hundred"), sites=published, sales=100)
    at_the_counters = 2
    assert len(day.sales) == 100 + at_the_counters
    assert count(Document) == len(day.sales) + len(day.voids)
    sources = select(func.count(Transaction.source_id.distinct()))
    assert db.session.scalar(sources) == 3 + at_the_counters
    assert store_pdfs(app) == count(Document) >= 100
    assert broken_laws() == []


def test_a_working_week_has_six_days():
    assert working_days(date(2026, 11, 6), 3) == [
        date(2026, 11, 6),
        date(2026, 11, 7),
        date(2026, 11, 9),
    ]
    assert start_for(date(2026, 11, 9), 3) == date(2026, 11, 6)
    assert start_for(date(2026, 11, 8), 1) == date(2026, 11, 7)


def test_the_play_runs_on_its_own_clock_and_gives_the_real_one_back(demo):
    before = datetime.now(SINGAPORE)
    demo("--days", "1", "--start", MONDAY, "--sales", "2")
    assert clock.now() >= before
    days = {clock.business_date(at) for at in db.session.scalars(select(AuditEntry.at))}
    assert days == {date(2026, 11, 2)}


def test_the_numbers_carry_the_year_that_is_played(demo):
    demo("--days", "1", "--start", "2025-12-31", "--sales", "2")
    numbers = db.session.scalars(select(Document.transaction_number)).all()
    assert all(number.startswith("TRX-2025-") for number in numbers)
    assert numbers
