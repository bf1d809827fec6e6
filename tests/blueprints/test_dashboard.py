"""The office's day: figures that lead to their lists, charts with their tables, the books' health."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from hsh.cli import night
from hsh.core import clock
from hsh.db import db
from hsh.queries.books import verifications
from tests import given
from tests.blueprints.test_today import tiles
from tests.only import on_sqlite
from tests.selling import at, sell, size
from tests.visitor import words


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=30)


def health(visitor):
    """What the tile of the books' health says: value, note, address."""
    return next(tile for name, tile in tiles(visitor.get("/")).items() if "health" in name)


def verify(app):
    return app.test_cli_runner().invoke(args=["verify"])


def test_a_verify_that_never_ran_says_so(world, signed_in):
    admin = signed_in(given.an_admin())
    assert health(admin)[:2] == ("unknown", "verify never ran")
    assert "Verify never ran." in words(admin.get("/books-health"))


@on_sqlite
def test_what_verify_found_is_shown_with_its_age(app, signed_in):
    assert verify(app).exit_code == 0
    value, note, address = health(signed_in(given.an_admin()))
    assert value == "sound"
    assert note.startswith("verified ")
    assert "All laws hold" in words(signed_in(given.an_accountant()).get(address))


def test_broken_books_are_said_to_be_broken(app, world, signed_in):
    assert verify(app).exit_code == 1  # nobody told the audit book of the world
    value, _note, address = health(signed_in(given.an_admin()))
    assert "broken" in value
    assert "registry" in words(signed_in(given.an_accountant()).get(address))


def test_a_verify_of_long_ago_says_little(app, world, signed_in):
    verify(app)
    soon = clock.now() + timedelta(hours=20)
    assert not verifications.is_due(soon, after=verifications.FRESH)
    assert verifications.is_due(soon + timedelta(days=2), after=verifications.FRESH)


def test_the_worker_verifies_once_a_night(app, world, monkeypatch):
    started = []
    monkeypatch.setattr(night.subprocess, "Popen", lambda command, **_: started.append(command))
    three = clock.now().astimezone(clock.SINGAPORE).replace(hour=3) + timedelta(days=1)
    with at(three - timedelta(hours=6)):
        worker = night.Night()
        assert not worker.verify()
    for minutes in (0, 1, 30):
        with at(three + timedelta(minutes=minutes)):
            worker.verify()
    assert len(started) == 1


def test_meters_to_read_are_counted_and_listed(world, signed_in):
    read = given.a_meter(world.site, serial="FRESH")
    from hsh.db import db
    from hsh.models.registry import Meter

    db.session.get_one(Meter, read.id).last_read_on = clock.today()
    db.session.commit()
    supervisor = signed_in(world.supervisor)
    value, _note, address = tiles(supervisor.get("/"))["Meters to read"]
    assert value == "1"
    seen = words(supervisor.get(address))
    assert world.meter.code in seen
    assert "FRESH" not in seen


def test_the_charts_say_in_a_table_what_they_draw(world, signed_in):
    for back in (3, 0):
        with at(clock.now() - timedelta(days=back)):
            sell(world, cylinders=size(delivered=2))
    page = signed_in(world.supervisor).get("/")
    assert page.text.count("<rect") == 60
    seen = words(page)
    assert seen.count("$69.32") >= 2
    assert "25.4 kg" in seen


def test_a_day_that_is_over_is_asked_for_once_and_today_each_time(world, signed_in):
    supervisor = signed_in(world.supervisor)
    supervisor.get("/")
    sell(world, cylinders=size(delivered=2))
    assert "$69.32" in words(supervisor.get("/"))


def test_the_figures_of_another_depot_are_not_in_the_charts(world, signed_in):
    sell(world, cylinders=size(delivered=2))
    signed_in(given.an_admin()).get("/")
    stranger = signed_in(given.a_supervisor(given.a_depot()))
    assert "$69.32" not in words(stranger.get("/"))


_OF_A_DAY_OR_ONE = ("confirmed_on=", "rowid=", "source_id=", "voids_id=")


@on_sqlite
@pytest.mark.parametrize("person", [given.a_supervisor, given.an_admin])
def test_no_figure_goes_through_all_sales_or_moves(person, world, signed_in):
    sell(world, cylinders=size(delivered=1))
    reader, plans = signed_in(person()), []

    def explain(connection, _cursor, statement, values, *_):
        if statement.startswith("SELECT"):
            rows = connection.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(row[3] for row in rows)

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        assert reader.get("/").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
    steps = [step for step in plans if re.match(r"(SCAN|SEARCH) (transactions|stock_moves)", step)]
    assert steps
    assert [step for step in steps if not any(by in step for by in _OF_A_DAY_OR_ONE)] == []
