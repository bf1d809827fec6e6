"""What places held at any moment, and their statements: held against the levels of the moment."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core import clock
from hsh.core.refusals import NotFound
from hsh.core.words import Condition, PlaceKind
from hsh.db import db
from hsh.models.books import StockLevel, StockMove
from hsh.models.registry import Equipment, Place
from hsh.queries.books import levels, statement
from hsh.queries.books.statement import Filter
from tests import a_day, given
from tests.selling import NOON, at


@pytest.fixture
def world(app, tmp_path):
    return a_day.work(tmp_path)


def kept():
    """The levels of this moment, by place, code and condition; zeros are left out."""
    rows = db.session.execute(
        select(StockLevel.place_id, Equipment.code, StockLevel.condition, StockLevel.quantity)
        .join(Equipment, Equipment.id == StockLevel.equipment_id)
        .where(StockLevel.quantity != 0)
    )
    return {tuple(key): quantity for *key, quantity in rows}


def everywhere():
    return db.session.scalars(select(Place.id)).all()


def held(at):
    found = levels.shelves(everywhere(), at)
    return {(place, *key): count for place, shelf in found.items() for key, count in shelf.items()}


def test_what_was_held_is_what_the_moves_up_to_then_add_up_to(world):
    moves = db.session.scalars(select(StockMove).order_by(StockMove.moved_at)).all()
    codes = dict(db.session.execute(select(Equipment.id, Equipment.code)).all())
    for instant in [moves[0].moved_at - timedelta(days=1), *(move.moved_at for move in moves)]:
        added = Counter()
        for move in moves:
            if move.moved_at <= instant:
                code = codes[move.equipment_id]
                added[move.to_place_id, code, move.to_condition] += move.quantity
                added[move.from_place_id, code, move.from_condition] -= move.quantity
        assert held(instant) == {key: count for key, count in added.items() if count}


def test_what_is_held_now_is_what_the_levels_say(world):
    assert held(clock.now()) == kept()
    assert len(kept()) > 8


def test_what_customers_held_is_what_their_sites_held(world):
    sites = set(db.session.scalars(select(Place.id).where(Place.kind == PlaceKind.SITE)))
    for instant in db.session.scalars(select(StockMove.moved_at).distinct()):
        found = Counter()
        for (place, code, _state), count in held(instant).items():
            if place in sites:
                found[code] += count
        assert +Counter(levels.with_customers(instant)) == found


def lines(world, place, person=None, *, sort="", size_of_page=50, **wanted):
    """All lines of a statement, page by page."""
    person, cursor, found = person or world.supervisor, "", []
    whole = statement.statement(person.actor, place.ref, Filter(**wanted))
    while True:
        page = replace(whole, size=size_of_page).page(cursor, sort)
        found += page.rows
        if not page.after:
            return found
        cursor = page.after


def test_a_statement_ends_with_what_is_there(world):
    for place in (world.depot, world.truck, world.site):
        newest = {}
        for line in lines(world, place):
            newest.setdefault((line.size, line.state), line.balance)
        names = dict(db.session.execute(select(Equipment.code, Equipment.name)).all())
        there = {(names[c], s): n for (p, c, s), n in kept().items() if p == place.id}
        assert {key: count for key, count in newest.items() if count} == there


def test_each_line_continues_the_one_before_it(world):
    for place in (world.depot, world.truck, world.site):
        balances = Counter()
        for line in reversed(lines(world, place)):
            balances[line.size, line.state] += line.change
            assert line.balance == balances[line.size, line.state]


def test_pages_of_a_statement_show_each_line_once(world):
    whole = lines(world, world.depot)
    assert lines(world, world.depot, size_of_page=2) == whole
    assert len(whole) > 6


def test_from_the_oldest_on_a_statement_says_the_same(world):
    whole = lines(world, world.depot)
    turned = lines(world, world.depot, sort="-at", size_of_page=3)
    assert sorted(turned, key=repr) == sorted(whole, key=repr)
    assert turned[0].at == whole[-1].at


def test_a_file_of_a_statement_carries_what_there_was(world, monkeypatch):
    monkeypatch.setattr("hsh.queries.lists.AT_A_TIME", 2)
    for place in (world.depot, world.truck, world.site):
        whole = statement.statement(world.supervisor.actor, place.ref, Filter())
        for sort in ("", "-at"):
            assert list(whole.rows(sort)) == lines(world, place, sort=sort)


def test_a_statement_is_counted_and_added_up_by_its_lines(world):
    for wanted in ({}, {"size": "C127"}, {"state": Condition.EMPTY}):
        extent = statement.statement(
            world.supervisor.actor, world.depot.ref, Filter(**wanted)
        ).extent()
        found = lines(world, world.depot, **wanted)
        assert extent.count == len(found)
        assert extent.sums == {
            "came": sum(line.came or 0 for line in found),
            "left": sum(line.left or 0 for line in found),
        }


def test_a_page_leads_back_to_the_newer_one(world):
    whole = statement.statement(world.supervisor.actor, world.depot.ref, Filter())
    short = replace(whole, size=2)
    first = short.page("", "")
    second = short.page(first.after, "")
    back = short.page(second.before, "")
    assert (back.rows, back.before) == (first.rows, None)


def test_a_narrowed_statement_keeps_its_balances(world):
    whole = [
        line
        for line in lines(world, world.truck)
        if (line.size, line.state) == ("CYL 12.7 kg", Condition.EMPTY)
    ]
    assert lines(world, world.truck, size="C127", state=Condition.EMPTY) == whole
    assert whole


def test_days_are_those_of_singapore(app):
    world = given.a_world(full_at_depot=0)
    for back in (2, 1, 0):
        with at(NOON - timedelta(days=back)):
            given.stock(world.depot, {world.sizes["C9"]: 1 + back})
    day = clock.business_date(NOON) - timedelta(days=1)
    [line] = lines(world, world.depot, since=day, until=day)
    assert (line.change, line.balance) == (2, 5)


def test_a_move_names_its_document_and_the_other_place(world):
    found = lines(world, world.truck, size="C127")
    assert {line.paper.number[:4] for line in found} == {"TRX-", "DIST"}
    assert {line.other for line in found} == {world.depot.name, world.site.name}


def test_a_document_of_another_depot_is_named_and_not_linked(world):
    other = given.a_supervisor(given.a_depot())
    sold = [
        line.paper for line in lines(world, world.site, other) if line.paper.type != "correction"
    ]
    assert sold
    assert {paper.ref for paper in sold} == {None}


@pytest.mark.parametrize("place", ["depot", "truck"])
def test_a_supervisor_looks_into_their_own_places_alone(world, place):
    other = given.a_supervisor(given.a_depot())
    with pytest.raises(NotFound):
        statement.statement(other.actor, getattr(world, place).ref, Filter())


def test_a_driver_sees_no_statement(world):
    with pytest.raises(NotFound):
        statement.statement(world.driver.actor, world.truck.ref, Filter())


def test_an_accountant_looks_into_every_place(world):
    scrap = db.session.scalars(select(Place).where(Place.code == "SUPPLIER")).one()
    assert statement.statement(given.an_accountant().actor, scrap.ref, Filter()).place == scrap


def test_there_is_no_statement_of_nothing(world):
    with pytest.raises(NotFound):
        statement.statement(given.an_admin().actor, uuid4(), Filter())
