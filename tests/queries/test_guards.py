"""The law that asks whether the database itself still refuses to rewrite facts."""

import pytest

from hsh.db import db
from hsh.models import guards
from hsh.queries.books.guard_laws import guards_are_in_place
from hsh.queries.law import Books


@pytest.fixture
def owner(app, books):
    """Connect with an operator's rights: on a server the app's own account sees no triggers."""
    with getattr(books, "owner", db.engine).connect() as connection:
        yield connection


@pytest.fixture
def replace(owner):
    """Put another trigger in a guard's place, and put the guard back after the test."""

    def run(statement):
        owner.exec_driver_sql(GONE)
        owner.exec_driver_sql(statement)

    yield run
    owner.rollback()
    owner.exec_driver_sql(GONE.replace("TRIGGER", "TRIGGER IF EXISTS"))
    guard = guards.create_triggers(owner.dialect.name, ("payments",))[0]
    owner.exec_driver_sql(guard)
    owner.commit()


GONE = "DROP TRIGGER payments_no_update"


def detail(owner, tmp_path):
    return guards_are_in_place.check(Books(connection=owner, data_dir=tmp_path)).detail


def test_the_guards_of_a_new_database_are_in_place(owner, tmp_path):
    assert detail(owner, tmp_path) == ""


def test_a_guard_that_is_gone_is_missed(owner, replace, tmp_path):
    replace("SELECT 1")
    assert detail(owner, tmp_path) == "payments_no_update: missing=True"


def test_a_guard_that_lets_everything_through_is_found(owner, replace, tmp_path):
    idle = {
        "sqlite": "CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments BEGIN SELECT 1; END",
    }.get(
        owner.dialect.name,
        "CREATE TRIGGER payments_no_update BEFORE UPDATE ON payments FOR EACH ROW SET @idle = 1",
    )
    replace(idle)
    assert detail(owner, tmp_path).startswith("payments_no_update: says=CREATE TRIGGER")


def test_guards_that_cannot_be_seen_are_not_taken_for_granted(owner, tmp_path):
    if owner.dialect.name != "sqlite":
        with db.engine.connect() as connection:
            assert detail(connection, tmp_path) == "triggers: seen=0"
    else:
        for statement in guards.drop_triggers():
            owner.exec_driver_sql(statement)
        assert detail(owner, tmp_path) == "triggers: seen=0"
        owner.rollback()
