"""/stock/minimums: what a depot should never have fewer of, and what it has fewer of now."""

import re

import pytest

from hsh.core.words import Condition
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.queries.registry import minimums
from hsh.queries.verify import verify
from tests import given
from tests.visitor import words


@pytest.fixture
def world(app):
    return given.a_world(full_at_depot=10)


@pytest.fixture
def supervisor(world, signed_in):
    return signed_in(world.supervisor)


def address(world):
    return f"/stock/minimums/{world.depot.ref}"


def version(visitor, path):
    return re.search(r'name="version" value="([0-9]+)"', visitor.get(path).text)[1]


def put(world, visitor, **figures):
    fields = {name.replace("_", "-"): str(count) for name, count in figures.items()}
    return visitor.submit(address(world), fields | {"version": version(visitor, address(world))})


def test_what_is_below_its_minimum_is_told_on_the_stock_page(world, supervisor):
    assert put(world, supervisor, full_C127=12, full_C9=10, empty_C50=1).status_code == 303
    seen = words(supervisor.get("/stock"))
    assert "Jurong depot has 10 full CYL 12.7 kg; it should have 12." in seen
    assert "Jurong depot has 0 empty CYL 50 kg; it should have 1." in seen
    assert "it should have 10." not in seen


def test_a_minimum_that_is_reached_is_not_told(world, supervisor):
    put(world, supervisor, full_C127=12)
    given.stock(world.depot, {world.sizes["C127"]: 2})
    assert minimums.below(world.supervisor.actor) == []


def test_a_minimum_that_is_taken_away_is_none(world, supervisor):
    put(world, supervisor, full_C127=12)
    put(world, supervisor, full_C127=0)
    assert minimums.below(world.supervisor.actor) == []
    assert minimums.of(world.depot.id) == {}


def test_each_sees_what_is_short_at_their_own_depots(world, supervisor):
    put(world, supervisor, full_C127=12)
    assert minimums.below(given.a_supervisor(given.a_depot()).actor) == []
    [short] = minimums.below(given.an_admin().actor)
    assert (short.depot, short.condition, short.there, short.minimum) == (
        world.depot.ref, Condition.FULL, 10, 12,
    )  # fmt: skip


def test_the_books_tell_them(world, supervisor, tmp_path):
    put(world, supervisor, full_C127=12, empty_C9=3)
    put(world, supervisor, full_C127=0, full_C9=4)
    put(world, supervisor, full_C127=0, full_C9=4, empty_C9=0)
    checks = {check.name: check for check in verify(db.engine, data_dir=tmp_path)}
    assert "stock_minimums" not in checks["registry.as_audited"].detail
    assert checks["submissions.kept"].ok
    told = db.session.query(AuditEntry).filter_by(action="minimum.set").count()
    assert told == 3


def test_who_comes_second_sees_both(world, supervisor):
    late = version(supervisor, address(world))
    put(world, supervisor, full_C127=12)
    answer = supervisor.submit(address(world), {"full-C127": "15", "version": late})
    assert answer.status_code == 409
    assert "CYL 12.7 kg, Full 12 15" in words(answer)
    assert 'value="15"' in answer.text
    assert f'value="{version(supervisor, address(world))}"' in answer.text


@pytest.mark.parametrize("wrong", [{"full-C127": "-1"}, {"full-C127": "x"}, {"full-C1": "1"}])
def test_a_figure_that_will_not_do_changes_nothing(world, supervisor, wrong):
    typed = {"full-C9": "7", "version": version(supervisor, address(world))} | wrong
    answer = supervisor.submit(address(world), typed)
    assert (answer.status_code, minimums.of(world.depot.id)) == (422, {})
    assert 'value="7"' in answer.text


def test_another_depots_minimums_are_not_theirs(world, signed_in):
    other = signed_in(given.a_supervisor(given.a_depot()))
    assert other.get(address(world)).status_code == 404
    assert other.submit(address(world), {"version": "0"}).status_code == 404
    assert signed_in(given.an_accountant()).get(address(world)).status_code == 403


def test_a_truck_has_no_minimum(world, supervisor):
    assert supervisor.get(f"/stock/minimums/{world.truck.ref}").status_code == 404
