import pytest

from hsh.core.refusals import (
    AlreadyConfirmed,
    DraftDropped,
    Invalid,
    NotAllowed,
    NotFound,
    StaleVersion,
)
from hsh.services.logistics.drafts import edit_distribution
from tests import given
from tests.distributing import (
    confirm,
    drop,
    edit,
    edit_order,
    entries,
    plan,
    planned,
    row,
)
from tests.selling import everything


@pytest.fixture
def world(app):
    return given.a_world()


@pytest.fixture
def draft(world):
    return plan(world, out={"C127": 5, "C50": 1})


def test_the_draft_says_what_was_wanted_last(world, draft):
    edit(world, draft, planned={"empty": {"C9": 4}}, remarks="Only empties")
    assert planned(draft) == {("in", "empty", world.sizes["C9"].id): 4}
    assert (row(draft).remarks, row(draft).version) == ("Only empties", 2)


def test_it_is_audited_with_before_and_after(world, draft):
    edit(world, draft, planned={"out": {"C127": 6}})
    body = entries(draft)[-1]
    assert body["action"] == "distribution.edit"
    assert sorted(line["quantity"] for line in body["before"]["lines"]) == [1, 5]
    assert [line["quantity"] for line in body["after"]["lines"]] == [6]
    assert (body["before"]["version"], body["after"]["version"]) == (1, 2)


def test_a_truck_mate_may_edit(world, draft):
    mate = given.a_driver(world.truck)
    assert edit(world, draft, actor=mate.actor).ref == draft


def test_the_second_of_two_editors_is_told(world, draft):
    edit(world, draft, planned={"out": {"C127": 6}})
    before = everything()
    with pytest.raises(StaleVersion):
        edit(world, draft, version=1, planned={"out": {"C127": 7}})
    assert everything() == before
    assert list(planned(draft).values()) == [6]


def test_who_has_seen_the_newer_version_may_replace_it(world, draft):
    edit(world, draft, planned={"out": {"C127": 6}})
    edit(world, draft, version=2, planned={"out": {"C127": 7}})
    assert list(planned(draft).values()) == [7]


def test_the_same_form_again_changes_it_once(world, draft):
    order = edit_order(world, draft, planned={"out": {"C127": 6}})
    first = edit_distribution(order)
    before = everything()
    assert edit_distribution(order) == first
    assert everything() == before
    assert row(draft).version == 2


def test_what_is_wrong_with_the_lines_changes_nothing(world, draft):
    before = everything()
    with pytest.raises(Invalid):
        edit(world, draft, lines=())
    assert everything() == before
    assert len(planned(draft)) == 2


def test_what_was_confirmed_is_a_fact(world, draft):
    confirm(world, draft)
    with pytest.raises(AlreadyConfirmed) as no:
        edit(world, draft)
    assert no.value.params["number"] == row(draft).number


def test_what_was_dropped_stays_dropped(world, draft):
    drop(world, draft)
    with pytest.raises(DraftDropped):
        edit(world, draft)


def test_another_drivers_draft_does_not_exist(world, draft):
    stranger, truck = given.a_driver_with_truck(world.depot)
    with pytest.raises(NotFound):
        edit(world, draft, actor=stranger.actor, driver=stranger.ref, truck=truck.ref)


def test_a_draft_cannot_be_moved_to_another_drivers_truck(world, draft):
    _, truck = given.a_driver_with_truck(world.depot)
    with pytest.raises(NotFound):
        edit(world, draft, truck=truck.ref)


@pytest.mark.parametrize("who", [given.an_admin, given.an_accountant])
def test_it_checks_the_role(world, draft, who):
    with pytest.raises(NotAllowed):
        edit(world, draft, actor=who().actor)
