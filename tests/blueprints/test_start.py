import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from hsh.blueprints.start import refuse_unsafe_start
from hsh.config import ROOT, UnsafeSettings
from hsh.core.roles import Role
from hsh.db import db
from hsh.services.registry.users import NewUser, add_user
from tests import given
from tests.only import on_sqlite

PRODUCTION = {"HSH_ENV": "production", "HSH_SECRET_KEY": "k" * 40}


@pytest.fixture
def production(make_app):
    return make_app(**PRODUCTION)


def test_it_starts_on_proper_books(production):
    with production.app_context():
        given.a_company()
        given.an_admin()
    refuse_unsafe_start(production)


def test_it_starts_on_books_that_are_empty_still(production):
    refuse_unsafe_start(production)


def test_it_refuses_demo_data(production):
    with production.app_context():
        given.a_company(is_demo=True)
    with pytest.raises(UnsafeSettings, match="demo company"):
        refuse_unsafe_start(production)


def test_it_refuses_the_demo_password_and_says_whose(production):
    with production.app_context():
        given.an_admin()
        mei = NewUser(
            username="mei", name="Mei", roles=frozenset({Role.ADMIN}), password="hsh-demo"
        )
        add_user(mei, by=None, demo=True)
    with pytest.raises(UnsafeSettings, match="still opens: mei"):
        refuse_unsafe_start(production)


def test_it_refuses_a_database_that_was_not_migrated(make_app, tmp_path):
    app = make_app(**PRODUCTION, DATABASE_URL=f"sqlite:///{tmp_path / 'new.sqlite3'}")
    with pytest.raises(UnsafeSettings, match="flask db upgrade"):
        refuse_unsafe_start(app)


def test_it_refuses_a_database_that_is_not_there(make_app, tmp_path):
    app = make_app(**PRODUCTION, DATABASE_URL=f"sqlite:///{tmp_path / 'no' / 'such.sqlite3'}")
    with pytest.raises(UnsafeSettings, match="cannot be reached"):
        refuse_unsafe_start(app)


@on_sqlite
def test_it_refuses_facts_without_their_guards(production):
    with production.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entries_no_delete"))
    with pytest.raises(UnsafeSettings, match="Triggers"):
        refuse_unsafe_start(production)


def test_a_laptop_may_serve_the_demo(make_app):
    app = make_app()
    with app.app_context():
        given.a_company(is_demo=True)
    refuse_unsafe_start(app)


@pytest.mark.parametrize("module", ["wsgi", "app"])
def test_an_operators_command_may_mend_what_a_server_refuses(tmp_path, module):
    environ = {
        "HSH_ENV": "production",
        "HSH_SECRET_KEY": "k" * 64,
        "HSH_DATA_DIR": str(tmp_path),
        "PATH": os.environ["PATH"],
    }

    def run(*command):
        return subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, *command],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    refused = run("-c", f"import {module}")
    assert refused.returncode == 1
    assert "flask db upgrade" in refused.stderr
    assert run("-m", "flask", "--app", module, "db", "upgrade").returncode == 0
    assert run("-c", f"import {module}").returncode == 0
