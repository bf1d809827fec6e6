from uuid import uuid4

import pytest

from hsh.core.refusals import AlreadyConfirmed, Invalid, NotAllowed, NotFound
from hsh.db import db
from hsh.models.registry import Place
from hsh.services.logistics.drafts import RestoreDistribution, restore_distribution
from tests import given
from tests.distributing import confirm, drop, entries, load, plan, planned, row
from tests.selling import everything


@pytest.fixture
def world(app):
    return given.a_world()


@pytest.fixture
def dropped(world):
    draft = plan(world, out={"C127": 5})
    drop(world, draft)
    return draft


def restore(world, ref, actor=None):
    actor = actor or world.driver.actor
    return restore_distribution(
        RestoreDistribution(actor=actor, submission=uuid4(), distribution=ref)
    )


def test_it_is_a_draft_again_and_can_be_confirmed(world, dropped):
    outcome = restore(world, dropped)
    assert (outcome.ref, outcome.number) == (dropped, None)
    assert row(dropped).dropped_at is None
    assert len(planned(dropped)) == 1
    assert confirm(world, dropped).number


def test_it_is_audited(world, dropped):
    restore(world, dropped)
    body = entries(dropped)[-1]
    assert body["action"] == "distribution.restore"
    assert body["before"]["dropped_at"]
    assert body["after"]["dropped_at"] is None


def test_what_is_a_draft_is_not_restored(world, dropped):
    restore(world, dropped)
    before = everything()
    with pytest.raises(Invalid):
        restore(world, dropped)
    assert everything() == before


def test_what_was_confirmed_is_a_fact(world):
    done = load(world, out={"C127": 1}).ref
    with pytest.raises(AlreadyConfirmed):
        restore(world, done)


@pytest.mark.parametrize("end", ["truck", "depot"])
def test_a_truck_or_depot_that_was_closed_meanwhile_gets_no_draft_back(world, dropped, end):
    db.session.get(Place, getattr(world, end).id).active = False
    db.session.commit()
    before = everything()
    with pytest.raises((Invalid, NotFound)):
        restore(world, dropped, world.supervisor.actor)
    assert everything() == before
    assert row(dropped).dropped_at


def test_another_drivers_draft_does_not_exist(world, dropped):
    stranger, _ = given.a_driver_with_truck(world.depot)
    with pytest.raises(NotFound):
        restore(world, dropped, stranger.actor)


@pytest.mark.parametrize("who", [given.an_admin, given.an_accountant])
def test_it_checks_the_role(world, dropped, who):
    with pytest.raises(NotAllowed):
        restore(world, dropped, who().actor)
