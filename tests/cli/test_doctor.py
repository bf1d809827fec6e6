import os
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from hsh import config
from hsh.db import db

SECRET = "not a real secret, but long enough to pass"
CONFIG = Path(config.__file__)


ON_SERVER = "HSH_TEST_DATABASE" in os.environ
sqlite_only = pytest.mark.skipif(
    ON_SERVER, reason="on a server other rights and other settings decide it"
)
server_only = pytest.mark.skipif(not ON_SERVER, reason="SQLite has no accounts")


@pytest.fixture
def doctor(make_app):
    """Run doctor under these settings, after these statements."""

    def run(*before, **environ):
        app = make_app(**environ)
        with app.app_context():
            for statement in before:
                db.session.execute(text(statement))
            db.session.commit()
            return app.test_cli_runner().invoke(args=["doctor"])

    return run


@sqlite_only
def test_a_fresh_laptop_is_well(doctor):
    done = doctor()
    assert done.exit_code == 0, done.output
    assert done.output.endswith("All is well.\n")
    assert "FAULT" not in done.output


def test_every_setting_is_listed(doctor):
    output = doctor().output
    for name in set(re.findall(r'"(HSH_[A-Z_]+|DATABASE_URL)"', CONFIG.read_text())):
        assert f"\n  {name} " in output


def test_secrets_are_not_shown(doctor):
    output = doctor(
        HSH_SECRET_KEY=SECRET, HSH_MIGRATE_URL="mysql+pymysql://owner:hush@localhost/hsh"
    ).output
    assert SECRET not in output
    assert "hush" not in output


@sqlite_only
def test_a_database_before_its_migrations_is_a_fault(doctor, tmp_path):
    output = doctor(DATABASE_URL=f"sqlite:///{tmp_path / 'new.sqlite3'}").output
    assert "FAULT migrations" in output
    assert "Warnings: 1" in output


@sqlite_only
def test_a_missing_guard_is_a_warning_on_a_laptop(doctor):
    done = doctor("DROP TRIGGER stock_moves_no_update")
    assert done.exit_code == 0
    assert re.search(r"FAULT triggers +is stock_moves_no_update, should be \d+", done.output)


@sqlite_only
def test_a_missing_guard_is_unsafe_in_production(doctor):
    done = doctor("DROP TRIGGER stock_moves_no_update", HSH_ENV="production", HSH_SECRET_KEY=SECRET)
    assert done.exit_code == 1
    assert "This is not safe for production." in done.stderr


@sqlite_only
def test_demo_books_and_the_demo_password_are_unsafe_in_production(doctor, app):
    with app.app_context():
        app.test_cli_runner().invoke(args=["demo", "--days", "0"])
    done = doctor(HSH_ENV="production", HSH_SECRET_KEY=SECRET)
    assert done.exit_code == 1
    assert re.search(r"FAULT demo_data +True", done.output)
    assert re.search(r"FAULT demo_password +driver, driver2,", done.output)


@server_only
def test_the_apps_account_may_not_rewrite_facts(doctor):
    output = doctor().output
    assert "ok    rights" in output
    assert "ok    transaction_isolation" in output
    assert "ok    sql_mode" in output


@server_only
def test_an_account_with_too_many_rights_is_a_fault(doctor):
    output = doctor(DATABASE_URL=os.environ["HSH_TEST_DATABASE"]).output
    assert re.search(r"FAULT rights +is .*audit_entries, .*should be SELECT, INSERT", output)
    assert "ok    triggers" in output


@server_only
def test_a_server_that_may_forget_a_commit_is_a_fault(doctor):
    """The server of these tests is fast and forgetful."""
    assert "FAULT innodb_flush_log_at_trx_commit" in doctor().output


def test_a_database_that_is_down_is_a_fault_and_no_traceback(make_app):
    app = make_app(DATABASE_URL="mysql+pymysql://a:b@127.0.0.1:1/hsh")
    with app.app_context():
        output = app.test_cli_runner().invoke(args=["doctor"]).output
    assert "FAULT database" in output
    assert "Traceback" not in output
