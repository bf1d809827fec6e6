"""The stock ledger: moves are the truth, levels what they add up to (laws 1 and 2)."""

from contextlib import suppress

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from hsh.core import clock
from hsh.core.refusals import NotEnoughStock
from hsh.core.stock import Move, Spot
from hsh.core.words import Condition, MoveKind, Outside, PlaceKind
from hsh.db import apart, atomic, db
from hsh.models.books import StockLevel, StockMove
from hsh.queries.registry.places import outside
from hsh.services.books import ledger
from tests import given
from tests.selling import everything, level

SOURCE = ledger.Source(type="correction", id=1)


@pytest.fixture
def world(app):
    return given.a_world()


def spot(place, kind, condition=Condition.FULL):
    return Spot(place=place.id, kind=kind, condition=condition)


def load(world, quantity, *, code="C127", source=None, target=None, kind=MoveKind.LOAD):
    return Move(
        kind=kind,
        equipment=world.sizes[code].id,
        source=source or spot(world.depot, PlaceKind.DEPOT),
        target=target or spot(world.truck, PlaceKind.TRUCK),
        quantity=quantity,
    )


@atomic
def post(*moves):
    return ledger.post(moves, ledger.lock(moves), source=SOURCE, at=clock.now())


def test_a_move_is_written_and_carried_into_both_levels(world):
    size = world.sizes["C127"]
    levels = post(load(world, 30))
    assert levels == {
        ledger.Key(world.depot.id, size.id, Condition.FULL): 70,
        ledger.Key(world.truck.id, size.id, Condition.FULL): 30,
    }
    assert (level(world.depot, size), level(world.truck, size)) == (70, 30)
    assert ledger.moves_of(SOURCE)[-1] == load(world, 30)


def test_one_act_may_move_twice_and_a_part_that_failed_moves_nothing(world):
    @atomic
    def parts():
        post(load(world, 30))
        with suppress(NotEnoughStock), apart():
            post(load(world, 60))
            post(load(world, 20))
        post(load(world, 70))

    parts()
    size = world.sizes["C127"]
    assert (level(world.depot, size), level(world.truck, size)) == (0, 100)
    assert [move.quantity for move in ledger.moves_of(SOURCE)][-2:] == [30, 70]


def test_levels_are_what_the_moves_add_up_to(world):
    post(load(world, 30), load(world, 5, code="C50"))
    post(load(world, 12).reversed())
    sums = {}
    for move in db.session.scalars(select(StockMove)):
        out = (move.from_place_id, move.equipment_id, move.from_condition)
        into = (move.to_place_id, move.equipment_id, move.to_condition)
        sums[out] = sums.get(out, 0) - move.quantity
        sums[into] = sums.get(into, 0) + move.quantity
    levels = db.session.scalars(select(StockLevel)).all()
    assert {(row.place_id, row.equipment_id, row.condition): row.quantity for row in levels} == sums


def test_levels_are_found_by_their_key_and_never_by_an_index_that_meets_others_rows(world):
    """By the one on equipment, sellers of one size from one truck deadlock at every attempt."""
    if db.engine.dialect.name != "mysql":
        pytest.skip("is about the locks of MySQL and MariaDB")
    for _ in range(12):
        truck = given.a_truck(world.depot)
        given.stock(truck, dict.fromkeys(world.sizes.values(), 5))
    plans = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def explain(connection, _cursor, statement, values, *_):
        if "stock_levels" in statement and statement.startswith(("SELECT", "UPDATE")):
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN FORMAT=TRADITIONAL {statement}", values)
                names = [column[0] for column in cursor.description]
                plans.append(dict(zip(names, cursor.fetchone(), strict=True))["key"])

    db.session.execute(text("ANALYZE TABLE stock_levels"))
    try:
        post(load(world, 3))
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)
    assert plans
    assert set(plans) == {"PRIMARY"}


def test_a_depot_never_goes_below_zero_and_says_how_many_there_are(world):
    before = everything()
    with pytest.raises(NotEnoughStock) as no:
        post(load(world, 101))
    assert no.value.params["shortages"] == [
        {
            "place": "Jurong depot",
            "equipment": "CYL 12.7 kg",
            "condition": Condition.FULL,
            "there": 100,
            "wanted": 101,
        }
    ]
    assert everything() == before


def test_nor_does_a_truck(world):
    with pytest.raises(NotEnoughStock):
        post(load(world, 1).reversed())


def test_nor_does_a_site(world):
    held = spot(world.site, PlaceKind.SITE, Condition.HELD)
    empty = spot(world.truck, PlaceKind.TRUCK, Condition.EMPTY)
    with pytest.raises(NotEnoughStock):
        post(load(world, 1, source=held, target=empty, kind=MoveKind.COLLECTION))


def test_outside_may_owe_without_end(world):
    supplier = outside(Outside.SUPPLIER)
    end = spot(supplier, PlaceKind.OUTSIDE)
    post(
        load(
            world, 5000, source=end, target=spot(world.depot, PlaceKind.DEPOT),
            kind=MoveKind.TRANSFER,
        )
    )  # fmt: skip
    assert level(supplier, world.sizes["C127"]) == -5000


def test_several_moves_at_one_level_count_together(world):
    with pytest.raises(NotEnoughStock) as no:
        post(load(world, 60), load(world, 60))
    [short] = no.value.params["shortages"]
    assert (short["there"], short["wanted"]) == (100, 120)


def test_one_short_move_takes_the_others_with_it(world):
    with pytest.raises(NotEnoughStock):
        post(load(world, 1), load(world, 101, code="C50"))
    assert level(world.depot, world.sizes["C127"]) == 100


@pytest.mark.parametrize("quantity", [0, -3])
def test_a_move_has_a_quantity(world, quantity):
    with pytest.raises(AssertionError):
        post(load(world, quantity))


def test_what_the_trade_does_not_know_is_a_bug_and_not_written(world):
    before = everything()
    to_empty = spot(world.truck, PlaceKind.TRUCK, Condition.EMPTY)
    with pytest.raises(AssertionError):
        post(load(world, 1, target=to_empty))
    assert everything() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock_moves SET quantity = 1",
        "DELETE FROM stock_moves",
        "UPDATE stock_levels SET quantity = -1 WHERE place_kind = 'depot'",
    ],
)
def test_the_database_itself_refuses_to_rewrite_stock(world, statement):
    before = everything()
    with pytest.raises(DBAPIError):
        db.session.execute(text(statement))
    db.session.rollback()
    assert everything() == before
