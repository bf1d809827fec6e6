"""A day of work done once, cheated in many ways: each in a transaction that is rolled back."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hsh import create_app
from hsh.db import db
from hsh.queries.law import Books
from hsh.queries.verify import check
from proof.tamper import without_guards
from tests import a_day
from tests.conftest import settings

NOT_HERE = {"registry.as_audited", "registry.people_as_audited", "guards.in_place"}
"""A given world's registry has no audit entries, and the guards are down while we cheat."""


@dataclass
class Day:
    """The books after a day's work, as someone with every right and without guards sees them."""

    connection: Connection
    data_dir: Path

    def broken(self, anchors=()):
        """Return the laws that are broken, with what they say."""
        books = Books(connection=self.connection, data_dir=self.data_dir, anchors=anchors)
        return {c.name: c.detail for c in check(books) if not c.ok and c.name not in NOT_HERE}


@pytest.fixture(scope="module")
def day(books, tmp_path_factory):
    home = tmp_path_factory.mktemp("day")
    app = create_app(settings(books.url(home), home))
    with app.app_context():
        a_day.work(home)
        db.session.remove()
        owner = getattr(books, "owner", db.engine)
        with without_guards(owner) as connection:
            yield Day(connection, home)
        db.engine.dispose()
    books.clean()


@pytest.fixture
def cheat(day):
    """Run statements behind every guard's back and return the laws that are broken then."""
    with day.connection.begin() as work:

        def run(*statements, anchors=()):
            for statement in statements:
                if callable(statement):
                    statement(day.connection)
                else:
                    day.connection.exec_driver_sql(statement)
            return day.broken(anchors)

        yield run
        work.rollback()
