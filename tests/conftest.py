"""Fixtures for every test: an empty database after the migrations, the app on it, and visitors.

They know nothing of the trade; ``tests/given.py`` does. On SQLite each test gets a copy of one file.
With HSH_TEST_DATABASE (an owner's address) and HSH_TEST_APP_DATABASE (the application's account)
the same tests run on MariaDB or MySQL: migrated once, emptied after each test. Each process of
``pytest -n`` has a database of its own there.
"""

import os
import shutil

import flask_migrate
import pytest
from flask import Flask
from jinja2 import BytecodeCache
from sqlalchemy import create_engine, exists, make_url, select, text

from hsh import config, create_app
from hsh.db import Base, db, engine_options
from hsh.models.grants import grants
from tests.visitor import Client, Visitor


class Compiled(BytecodeCache):
    """Templates are compiled once for all tests."""

    def __init__(self):
        self.kept = {}

    def load_bytecode(self, bucket):
        if code := self.kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket):
        self.kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


SERVER = ("HSH_TEST_DATABASE", "HSH_TEST_APP_DATABASE")


def pytest_configure():
    process = os.environ.get("PYTEST_XDIST_WORKER")
    for name in SERVER if process else ():
        if name in os.environ:
            url = make_url(os.environ[name])
            url = url.set(database=f"{url.database}_{process}")
            os.environ[name] = url.render_as_string(hide_password=False)


Flask.jinja_options = {"bytecode_cache": Compiled()}


class SqliteBooks:
    def __init__(self, home):
        url = f"sqlite:///{home / 'empty.sqlite3'}"
        migrate(url, home)
        self.empty = home / "empty.sqlite3"

    def url(self, tmp_path):
        shutil.copy(self.empty, tmp_path / "hsh.sqlite3")
        return f"sqlite:///{tmp_path / 'hsh.sqlite3'}"

    def clean(self):
        """The file goes with its folder."""


class ServerBooks:
    def __init__(self, home):
        self.owner_url, self.app_url = (os.environ[name] for name in SERVER)
        self._make_empty()
        self.owner = create_engine(self.owner_url, **engine_options(self.owner_url))
        migrate(self.owner_url, home)
        self._grant()
        self.kept = self._rows()

    def url(self, tmp_path):
        return self.app_url

    def clean(self):
        with self.owner.begin() as connection:
            connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
            for table in self._not_empty(connection):
                connection.execute(text(f"TRUNCATE TABLE {table.name}"))
            for table, rows in self.kept.items():
                connection.execute(table.insert(), rows)
            connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))

    def _make_empty(self):
        owner = make_url(self.owner_url)
        server = create_engine(owner.set(database=""))
        with server.begin() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {owner.database}"))
            connection.execute(text(f"CREATE DATABASE {owner.database} CHARACTER SET utf8mb4"))
        server.dispose()

    def _grant(self):
        account = create_engine(self.app_url).url.username
        with self.owner.begin() as connection:
            for statement in grants(account, self.owner.url.database):
                connection.execute(text(statement))

    def _rows(self):
        with self.owner.connect() as connection:
            return {
                table: [dict(row) for row in connection.execute(select(table)).mappings()]
                for table in self._not_empty(connection)
            }

    def _not_empty(self, connection):
        tables = Base.metadata.tables
        asked = select(*(exists(select(table)).label(name) for name, table in tables.items()))
        there = connection.execute(asked).mappings().one()
        return [table for name, table in tables.items() if there[name]]


def migrate(url, home):
    app = create_app(settings(url, home))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()


def settings(url, home, **environ):
    return config.load({"DATABASE_URL": url, "HSH_DATA_DIR": str(home)} | environ)


@pytest.fixture(scope="session")
def books(tmp_path_factory):
    """The database after the migrations, with nothing in it but what they put there."""
    home = tmp_path_factory.mktemp("books")
    return ServerBooks(home) if os.environ.get("HSH_TEST_DATABASE") else SqliteBooks(home)


@pytest.fixture
def database_url(books, tmp_path):
    """The address of an empty database, for this test alone."""
    yield books.url(tmp_path)
    books.clean()


@pytest.fixture
def make_app(database_url, tmp_path):
    """Make the app with settings of its own: make_app(HSH_ENV="production", ...)."""
    made = []

    def make(**environ):
        made.append(create_app(settings(database_url, tmp_path, **environ)))
        made[-1].testing = True
        made[-1].test_client_class = Client
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app):
    """The app on an empty database. pytest-flask enters its context for the test."""
    return make_app()


@pytest.fixture
def visitor(app):
    """Someone at a browser who is not signed in."""
    return Visitor(app)


@pytest.fixture
def signed_in(app):
    """Make a visitor who is signed in: signed_in(given.a_driver())."""

    def sign_in(person):
        return Visitor(app).enter(person)

    return sign_in
