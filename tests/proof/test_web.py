"""What the proofs through the web stand on can fail: routes are missed, writes and marks are seen."""

import pytest
from markupsafe import escape
from sqlalchemy import text

from hsh.db import db
from proof import naughty
from proof.errands import ERRANDS, missing
from proof.goals.roles import TABLE, read
from proof.tables import Watch
from tests import given


@pytest.fixture
def watch(app):
    watch = Watch(db.engine)
    yield watch
    watch.stop()


def put(count):
    for n in range(count):
        db.session.add(
            given.registry.PriceList(code=f"P{n}", name="P", tax_inclusive=False, version=1)
        )


def test_every_route_has_an_errand_and_a_row(app):
    assert missing(app) == set()
    assert {(endpoint, method) for endpoint, method, _person in read(TABLE)} == ERRANDS.keys()


def test_a_new_route_is_missed(make_app):
    app = make_app()
    app.add_url_rule("/new", "new", lambda: "", methods=["GET", "POST"])
    assert missing(app) == {"GET new", "POST new"}


def test_what_is_committed_is_seen_once(watch):
    put(2)
    assert watch.changed() == set()
    db.session.commit()
    assert watch.changed() == {"price_lists"}
    assert watch.changed() == set()


def test_what_is_rolled_back_or_reaches_no_row_is_not_seen(watch):
    put(1)
    db.session.flush()
    db.session.rollback()
    db.session.execute(text("UPDATE users SET active = 1 WHERE id = 0"))
    db.session.commit()
    assert watch.changed() == set()


def test_an_update_and_a_delete_are_seen_too(watch):
    put(1)
    db.session.commit()
    watch.changed()
    db.session.execute(text("UPDATE price_lists SET name = 'Q'"))
    db.session.commit()
    assert watch.changed() == {"price_lists"}
    db.session.execute(text("DELETE FROM price_lists"))
    db.session.commit()
    assert watch.changed() == {"price_lists"}


@pytest.mark.parametrize("mark", naughty.MARKUP[:6])
def test_a_mark_that_came_back_as_markup_is_seen(mark):
    assert naughty.unescaped(f"<p>{mark}</p>")
    assert naughty.unescaped(f"<p>{escape(mark)}</p>") is None
