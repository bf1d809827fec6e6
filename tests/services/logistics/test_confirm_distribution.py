from datetime import UTC, datetime, timedelta

import pytest

from hsh.core import clock
from hsh.core.refusals import (
    AlreadyConfirmed,
    DraftDropped,
    NotAllowed,
    NotEnoughStock,
    NotFound,
)
from hsh.core.words import Condition
from hsh.services.logistics.distributions import confirm_distribution
from tests import given
from tests.distributing import (
    both,
    confirm,
    confirm_order,
    drop,
    entries,
    levels_in,
    load,
    moves,
    plan,
    row,
    total_stock,
)
from tests.selling import at, everything


@pytest.fixture
def world(app):
    return given.a_world()


def shortages(no):
    return [
        (short["place"], short["equipment"], short["condition"], short["there"], short["wanted"])
        for short in no.value.params["shortages"]
    ]


def test_the_planned_cylinders_move_and_it_gets_its_number(world):
    draft = plan(world, out={"C127": 5})
    outcome = confirm(world, draft)
    assert (outcome.ref, outcome.number) == (draft, f"DIST-{clock.today().year}-000001")
    assert both(world) == (95, 5)
    assert moves(draft) == [("load", world.depot.id, world.truck.id, "full", 5)]
    assert (row(draft).confirmed_by, row(draft).number) == (world.driver.id, outcome.number)


def test_empties_full_and_part_ones_come_back_in_the_condition_they_are_in(world):
    size = world.sizes["C127"]
    given.stock(world.truck, {size: 3})
    given.stock(world.truck, {size: 7}, condition=Condition.EMPTY)
    given.stock(world.truck, {size: 2}, condition=Condition.PART)
    draft = plan(world, empty={"C127": 6}, full={"C127": 3}, part={"C127": 1})
    confirm(world, draft)
    assert both(world) == (103, 0)
    assert both(world, condition=Condition.EMPTY) == (6, 1)
    assert both(world, condition=Condition.PART) == (1, 1)
    assert {kind for kind, *_ in moves(draft)} == {"unload"}


def test_both_directions_are_one_act_under_one_number(world):
    given.stock(world.truck, {world.sizes["C127"]: 4}, condition=Condition.EMPTY)
    draft = plan(world, out={"C127": 5}, empty={"C127": 4})
    confirm(world, draft)
    assert both(world) == (95, 5)
    assert both(world, condition=Condition.EMPTY) == (4, 0)
    assert len(moves(draft)) == 2


def test_out_and_in_of_one_size_and_condition_both_happen(world):
    given.stock(world.truck, {world.sizes["C127"]: 10})
    draft = plan(world, out={"C127": 5}, full={"C127": 3})
    confirm(world, draft)
    assert both(world) == (98, 12)
    assert [(kind, n) for kind, *_, n in moves(draft)] == [("unload", 3), ("load", 5)]


def test_the_whole_world_still_adds_up_to_zero(world):
    load(world, out={"C127": 5, "C50": 2})
    assert total_stock() == 0


def test_it_is_audited_with_the_levels_before_and_after(world):
    size = world.sizes["C127"].id
    outcome = load(world, out={"C127": 5})
    body = entries(outcome.ref)[-1]
    assert (body["action"], body["record"]["number"]) == ("distribution.confirm", outcome.number)
    assert (body["before"]["number"], body["after"]["number"]) == (None, outcome.number)
    assert levels_in(body, "before", world.depot) == {(size, "full"): 100}
    assert levels_in(body, "after", world.depot) == {(size, "full"): 95}
    assert levels_in(body, "after", world.truck) == {(size, "full"): 5}


def test_a_shortage_says_how_many_there_are(world):
    draft = plan(world, out={"C127": 101, "C50": 1})
    with pytest.raises(NotEnoughStock) as no:
        confirm(world, draft)
    assert shortages(no) == [("Jurong depot", "CYL 12.7 kg", "full", 100, 101)]


def test_every_shortage_is_told_at_once(world):
    draft = plan(world, out={"C127": 101}, empty={"C50": 2}, part={"C9": 1})
    with pytest.raises(NotEnoughStock) as no:
        confirm(world, draft)
    assert sorted(shortages(no)) == [
        ("Jurong depot", "CYL 12.7 kg", "full", 100, 101),
        (world.truck.name, "CYL 50 kg", "empty", 0, 2),
        (world.truck.name, "CYL 9 kg", "part", 0, 1),
    ]


def test_a_shortage_leaves_no_trace(world):
    draft = plan(world, out={"C127": 5}, empty={"C127": 1})
    before = everything()
    with pytest.raises(NotEnoughStock):
        confirm(world, draft)
    assert everything() == before
    assert row(draft).number is None
    assert load(world, out={"C127": 1}).number.endswith("-000001")


def test_after_a_shortage_the_same_form_may_be_sent_again(world):
    order = confirm_order(world, plan(world, empty={"C127": 1}))
    with pytest.raises(NotEnoughStock):
        confirm_distribution(order)
    given.stock(world.truck, {world.sizes["C127"]: 1}, condition=Condition.EMPTY)
    assert confirm_distribution(order).number


def test_the_last_cylinder_can_be_loaded(world):
    load(world, out={"C127": 100})
    assert both(world) == (0, 100)


def test_the_same_form_again_gets_the_same_answer(world):
    order = confirm_order(world, plan(world, out={"C127": 5}))
    first = confirm_distribution(order)
    before = everything()
    assert confirm_distribution(order) == first
    assert everything() == before


def test_another_form_for_it_is_told_that_it_is_done(world):
    outcome = load(world, out={"C127": 5})
    before = everything()
    with pytest.raises(AlreadyConfirmed) as no:
        confirm(world, outcome.ref)
    assert no.value.params == {"number": outcome.number}
    assert everything() == before


def test_a_dropped_draft_cannot_be_confirmed(world):
    draft = plan(world, out={"C127": 5})
    drop(world, draft)
    with pytest.raises(DraftDropped):
        confirm(world, draft)
    assert both(world) == (100, 0)


def test_numbers_count_up(world):
    numbers = [load(world, out={"C127": 1}).number for _ in range(3)]
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003"]


def test_the_year_of_a_number_is_singapores(world):
    draft = plan(world, out={"C127": 1})
    with at(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)):  # 1 January in Singapore
        assert confirm(world, draft).number == "DIST-2027-000001"


def test_each_year_counts_afresh(world):
    drafts = [plan(world, out={"C127": 1}) for _ in range(3)]
    with at(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)):
        old = [confirm(world, draft).number for draft in drafts[:2]]
    with at(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)):
        new = confirm(world, drafts[2]).number
    assert (old, new) == (["DIST-2026-000001", "DIST-2026-000002"], "DIST-2027-000001")


def test_the_devices_time_is_kept_beside_the_servers(world):
    an_hour_ago = clock.now().replace(microsecond=0) - timedelta(hours=1)
    draft = plan(world, out={"C127": 1})
    confirm(world, draft, captured_at=an_hour_ago, device="tablet-1")
    assert row(draft).captured_at == an_hour_ago
    assert row(draft).confirmed_at > an_hour_ago
    assert entries(draft)[-1]["device"] == "tablet-1"


def test_a_supervisor_of_the_depot_may_confirm(world):
    draft = plan(world, out={"C127": 1})
    confirm(world, draft, actor=world.supervisor.actor)
    assert row(draft).confirmed_by == world.supervisor.id


def test_another_drivers_draft_does_not_exist(world):
    stranger, _ = given.a_driver_with_truck(world.depot)
    draft = plan(world, out={"C127": 1})
    with pytest.raises(NotFound):
        confirm(world, draft, actor=stranger.actor)


def test_a_supervisor_of_another_depot_does_not_see_it(world):
    draft = plan(world, out={"C127": 1})
    with pytest.raises(NotFound):
        confirm(world, draft, actor=given.a_supervisor(given.a_depot()).actor)


@pytest.mark.parametrize("who", [given.an_admin, given.an_accountant])
def test_it_checks_the_role(world, who):
    draft = plan(world, out={"C127": 1})
    with pytest.raises(NotAllowed):
        confirm(world, draft, actor=who().actor)


def test_an_unknown_draft_is_not_found(world):
    order = confirm_order(world, world.depot.ref)
    with pytest.raises(NotFound):
        confirm_distribution(order)
