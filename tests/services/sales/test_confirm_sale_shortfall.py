import pytest
from sqlalchemy import select

from hsh.core.refusals import SiteHoldsFewer
from hsh.core.words import Condition, MoveKind
from hsh.db import db
from hsh.models.books import StockMove
from hsh.models.sales import Discrepancy
from tests import given
from tests.selling import everything, held, level, sell, size, transaction


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=20)
    given.stock(world.site, {world.sizes["C127"]: 2}, condition=Condition.HELD)
    return world


def test_the_driver_is_warned_first_and_nothing_is_written(world):
    before = everything()
    with pytest.raises(SiteHoldsFewer) as no:
        sell(world, cylinders=size(collected=5))
    assert no.value.field == "accept_shortfall"
    assert no.value.params["shortages"] == [
        {"equipment": world.sizes["C127"].name, "there": 2, "wanted": 5}
    ]
    assert everything() == before


def test_going_on_brings_what_is_missing_from_outside_and_flags_it(world):
    sold = sell(world, cylinders=size(collected=5), accept_shortfall=True)
    kinds = [
        (move.kind, move.quantity)
        for move in db.session.scalars(
            select(StockMove).where(StockMove.source_type == "transaction").order_by(StockMove.id)
        )
    ]
    assert kinds == [(MoveKind.ADJUSTMENT, 3), (MoveKind.COLLECTION, 5)]
    (flag,) = db.session.scalars(select(Discrepancy))
    assert (flag.transaction_id, flag.quantity) == (transaction(sold).id, 3)
    assert held(world) == 0
    assert level(world.truck, world.sizes["C127"], Condition.EMPTY) == 5


def test_full_and_part_returned_count_as_leaving_too(world):
    with pytest.raises(SiteHoldsFewer):
        sell(world, cylinders=size(collected=1, returned_full=1, returned_part=1))


def test_what_arrives_does_not_make_up_for_what_leaves(world):
    """Old cylinders leave before new ones arrive: 3 empties were never 2."""
    with pytest.raises(SiteHoldsFewer):
        sell(world, cylinders=size(delivered=3, collected=3))


def test_a_tick_without_need_changes_nothing(world):
    sell(world, cylinders=size(collected=2), accept_shortfall=True)
    assert db.session.scalars(select(Discrepancy)).all() == []


def test_a_size_that_the_site_never_held_can_come_back_too(world):
    sell(world, cylinders=size("C50", collected=1), accept_shortfall=True)
    assert level(world.truck, world.sizes["C50"], Condition.EMPTY) == 1
