import os

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from hsh.db import Base, db
from hsh.models.grants import grants
from hsh.models.guards import FACTS


def test_facts_may_be_read_and_added_and_no_more():
    by_table = {statement.split("`")[3]: statement for statement in grants("hsh_app", "hsh")}
    assert by_table.keys() == {*Base.metadata.tables, "alembic_version"}
    for table in FACTS:
        assert by_table[table] == f"GRANT SELECT, INSERT ON `hsh`.`{table}` TO 'hsh_app'@'%'"
    assert "UPDATE, DELETE" in by_table["stock_levels"]
    assert "GRANT SELECT ON" in by_table["alembic_version"]


@pytest.mark.parametrize(
    "account", ["", "a'b", "a b", "a@b@c", "a;DROP", "x" * 33, "a@", "\u0430pp", "a`b"]
)
def test_what_is_no_account_is_refused(account):
    with pytest.raises(ValueError, match="account"):
        grants(account, "hsh")


def test_sqlite_has_no_accounts(make_app, tmp_path):
    app = make_app(DATABASE_URL=f"sqlite:///{tmp_path / 'any.sqlite3'}")
    done = app.test_cli_runner().invoke(args=["grants", "hsh_app"])
    assert done.exit_code == 1
    assert "SQLite has no accounts" in done.stderr


@pytest.mark.skipif("HSH_TEST_DATABASE" not in os.environ, reason="SQLite has no accounts")
def test_the_server_keeps_the_app_from_rewriting_facts(app):
    printed = app.test_cli_runner().invoke(args=["grants", "hsh_app@localhost"]).stdout
    assert printed.count("GRANT ") == len(Base.metadata.tables) + 1
    for statement in ("UPDATE stock_moves SET quantity = 1", "DELETE FROM audit_entries"):
        with pytest.raises(DatabaseError, match="command denied"):
            db.session.execute(text(statement))
        db.session.rollback()
