from uuid import uuid4

import pytest

from hsh.core import clock
from hsh.core.refusals import (
    AlreadyReversed,
    Invalid,
    NotAllowed,
    NotConfirmed,
    NotEnoughStock,
    NotFound,
)
from hsh.core.words import Condition
from tests import given
from tests.distributing import (
    both,
    entries,
    load,
    moves,
    plan,
    planned,
    reverse,
    row,
    total_stock,
)
from tests.selling import everything


@pytest.fixture
def world(app):
    return given.a_world()


def test_everything_goes_back_under_a_number_of_its_own(world):
    given.stock(world.truck, {world.sizes["C127"]: 4}, condition=Condition.EMPTY)
    first = load(world, out={"C127": 5}, empty={"C127": 4})
    second = reverse(world, first.ref)
    assert [n[-6:] for n in (first.number, second.number)] == ["000001", "000002"]
    assert both(world) == (100, 0)
    assert both(world, condition=Condition.EMPTY) == (0, 4)
    assert total_stock() == 0


def test_the_reversal_names_the_first_and_why(world):
    first = load(world, out={"C127": 5})
    second = row(reverse(world, first.ref, reason="Wrong truck\nRead the plate").ref)
    assert second.reverses_id == row(first.ref).id
    assert second.reason == "Wrong truck\nRead the plate"
    assert (second.planned_on, second.confirmed_by) == (clock.today(), world.supervisor.id)


def test_the_first_stays_as_it_was(world):
    first = load(world, out={"C127": 5})
    before = row(first.ref).confirmed_at, planned(first.ref), moves(first.ref)
    reverse(world, first.ref)
    assert (row(first.ref).confirmed_at, planned(first.ref), moves(first.ref)) == before
    assert row(first.ref).number == first.number


def test_its_moves_are_the_firsts_turned_round(world):
    first = load(world, out={"C127": 5, "C50": 1})
    second = reverse(world, first.ref)
    turned = [(kind, end, start, state, n) for kind, start, end, state, n in moves(first.ref)]
    assert moves(second.ref) == turned


def test_it_is_audited(world):
    first = load(world, out={"C127": 5})
    second = reverse(world, first.ref)
    [body] = entries(second.ref)
    assert body["action"] == "distribution.reverse"
    assert body["actor"]["username"] == world.supervisor.username
    assert (body["record"]["number"], body["after"]["reason"]) == (second.number, "Wrong truck")
    assert body["after"]["reverses"] == row(first.ref).id


def test_it_can_be_reversed_once(world):
    first = load(world, out={"C127": 5})
    second = reverse(world, first.ref)
    before = everything()
    with pytest.raises(AlreadyReversed) as no:
        reverse(world, first.ref)
    assert no.value.params == {"number": second.number}
    assert everything() == before


def test_a_reversal_is_final(world):
    second = reverse(world, load(world, out={"C127": 5}).ref)
    with pytest.raises(Invalid) as no:
        reverse(world, second.ref)
    assert no.value.params["reason"] == "reversal_is_final"


def test_a_draft_has_nothing_to_reverse(world):
    with pytest.raises(NotConfirmed):
        reverse(world, plan(world, out={"C127": 5}))


def test_what_the_truck_no_longer_has_cannot_go_back(world):
    first = load(world, out={"C127": 5})
    load(world, full={"C127": 3})
    before = everything()
    with pytest.raises(NotEnoughStock) as no:
        reverse(world, first.ref)
    [short] = no.value.params["shortages"]
    assert (short["place"], short["there"], short["wanted"]) == (world.truck.name, 2, 5)
    assert everything() == before


def test_the_same_form_again_gets_the_same_answer(world):
    first, submission = load(world, out={"C127": 5}), uuid4()
    second = reverse(world, first.ref, submission=submission)
    before = everything()
    assert reverse(world, first.ref, submission=submission) == second
    assert everything() == before
    assert second.ref == submission


@pytest.mark.parametrize("reason", ["", "   "])
def test_it_needs_a_reason(world, reason):
    first = load(world, out={"C127": 5})
    before = everything()
    with pytest.raises(Invalid) as no:
        reverse(world, first.ref, reason=reason)
    assert no.value.field == "reason"
    assert everything() == before


def test_the_driver_may_not(world):
    first = load(world, out={"C127": 5})
    with pytest.raises(NotAllowed):
        reverse(world, first.ref, actor=world.driver.actor)


@pytest.mark.parametrize("who", [given.an_admin, given.an_accountant])
def test_nor_may_the_office(world, who):
    first = load(world, out={"C127": 5})
    with pytest.raises(NotAllowed):
        reverse(world, first.ref, actor=who().actor)


def test_a_supervisor_of_another_depot_does_not_see_it(world):
    first = load(world, out={"C127": 5})
    with pytest.raises(NotFound):
        reverse(world, first.ref, actor=given.a_supervisor(given.a_depot()).actor)
