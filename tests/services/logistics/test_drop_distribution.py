import pytest

from hsh.core.refusals import AlreadyConfirmed, DraftDropped, NotAllowed, NotFound
from tests import given
from tests.distributing import both, confirm, drop, entries, load, moves, plan, planned, row
from tests.selling import everything


@pytest.fixture
def world(app):
    return given.a_world()


@pytest.fixture
def draft(world):
    return plan(world, out={"C127": 5})


def test_a_dropped_draft_stays_readable_and_has_no_number(world, draft):
    outcome = drop(world, draft)
    assert (outcome.ref, outcome.number) == (draft, None)
    assert row(draft).dropped_at
    assert len(planned(draft)) == 1


def test_nothing_moves_and_no_number_is_used_up(world, draft):
    drop(world, draft)
    assert moves(draft) == []
    assert both(world) == (100, 0)
    assert load(world, out={"C127": 1}).number.endswith("-000001")


def test_it_is_audited(world, draft):
    drop(world, draft)
    body = entries(draft)[-1]
    assert body["action"] == "distribution.drop"
    assert body["before"]["dropped_at"] is None
    assert body["after"]["dropped_at"]


def test_it_cannot_be_dropped_twice(world, draft):
    drop(world, draft)
    before = everything()
    with pytest.raises(DraftDropped):
        drop(world, draft)
    assert everything() == before


def test_what_was_confirmed_is_a_fact(world, draft):
    confirm(world, draft)
    with pytest.raises(AlreadyConfirmed):
        drop(world, draft)
    assert row(draft).dropped_at is None


def test_another_drivers_draft_does_not_exist(world, draft):
    stranger, _ = given.a_driver_with_truck(world.depot)
    with pytest.raises(NotFound):
        drop(world, draft, actor=stranger.actor)


@pytest.mark.parametrize("who", [given.an_admin, given.an_accountant])
def test_it_checks_the_role(world, draft, who):
    with pytest.raises(NotAllowed):
        drop(world, draft, actor=who().actor)
