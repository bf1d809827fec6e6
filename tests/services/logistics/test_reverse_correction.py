from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core.refusals import AlreadyReversed, Invalid, NotAllowed, NotEnoughStock, NotFound
from hsh.core.words import Condition, Outside
from hsh.db import db
from hsh.models.logistics import Correction
from hsh.queries.registry.places import outside
from hsh.services.logistics.corrections import (
    AdjustStock,
    DumpStock,
    ReverseCorrection,
    StockLine,
    WriteOffStock,
    correct_stock,
    reverse_correction,
)
from tests import given
from tests.services.logistics.test_correct_stock import EMPTY, asked, level


@pytest.fixture
def world(app):
    return given.a_world(full_at_depot=10)


def back(world, first, *, actor=None, reason="Never happened"):
    return reverse_correction(
        ReverseCorrection(
            actor=actor or world.supervisor.actor, submission=uuid4(), correction=first.ref,
            reason=reason,
        )
    )  # fmt: skip


def test_everything_goes_back_under_the_next_number_of_its_kind(world):
    scrap = outside(Outside.SCRAP)
    first = correct_stock(asked(WriteOffStock, world, 4, other=scrap.ref))
    second = back(world, first)
    size = world.sizes["C127"]
    assert (level(world.depot, size), level(scrap, size)) == (10, 0)
    assert [n[:3] + n[-1] for n in (first.number, second.number)] == ["WOF1", "WOF2"]


def test_more_and_fewer_in_one_adjustment_go_back_both(world):
    lines = tuple(
        StockLine(equipment=size, condition=Condition.FULL, quantity=quantity)
        for size, quantity in (("C9", 2), ("C50", -3))
    )
    first = correct_stock(asked(AdjustStock, world, lines=lines))
    back(world, first)
    assert [level(world.depot, world.sizes[size]) for size in ("C9", "C50")] == [10, 10]


def test_a_dump_that_was_none_is_full_again(world):
    back(world, correct_stock(asked(DumpStock, world, 4)))
    size = world.sizes["C127"]
    assert (level(world.depot, size), level(world.depot, size, EMPTY)) == (10, 0)


def test_the_reversal_names_the_first(world):
    first = correct_stock(asked(AdjustStock, world))
    second = db.session.scalars(
        select(Correction).where(Correction.ref == back(world, first).ref)
    ).one()
    assert db.session.get_one(Correction, second.reverses_id).ref == first.ref
    assert second.reason == "Never happened"


def test_nothing_is_taken_back_twice(world):
    first = correct_stock(asked(AdjustStock, world))
    second = back(world, first)
    with pytest.raises(AlreadyReversed) as no:
        back(world, first)
    assert no.value.params["number"] == second.number


def test_a_reversal_stays(world):
    second = back(world, correct_stock(asked(AdjustStock, world)))
    with pytest.raises(Invalid):
        back(world, second)


def test_what_is_not_there_any_more_cannot_go_back(world):
    first = correct_stock(asked(AdjustStock, world, 5))
    correct_stock(asked(AdjustStock, world, -12))
    with pytest.raises(NotEnoughStock):
        back(world, first)
    assert level(world.depot, world.sizes["C127"]) == 3


def test_a_reason_is_needed(world):
    first = correct_stock(asked(AdjustStock, world))
    with pytest.raises(Invalid):
        back(world, first, reason=" ")


def test_only_a_supervisor_of_the_place_takes_it_back(world):
    first = correct_stock(asked(AdjustStock, world))
    with pytest.raises(NotFound):
        back(world, first, actor=given.a_supervisor(given.a_depot()).actor)
    with pytest.raises(NotAllowed):
        back(world, first, actor=given.an_admin().actor)
