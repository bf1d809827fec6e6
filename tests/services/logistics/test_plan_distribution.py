from datetime import date, timedelta
from uuid import uuid4

import pytest

from hsh.core import clock
from hsh.core.refusals import Invalid, NotAllowed, NotFound, SubmissionReused
from hsh.core.words import Condition, Direction
from hsh.services.logistics.drafts import PlannedLine, plan_distribution
from tests import given
from tests.distributing import both, entries, lines, moves, plan_order, planned, row
from tests.selling import everything


@pytest.fixture
def world(app):
    return given.a_world()


def refused(command, refusal, **params):
    """The command is refused for that reason, and leaves no trace."""
    before = everything()
    with pytest.raises(refusal) as no:
        plan_distribution(command)
    assert everything() == before
    assert params.items() <= no.value.params.items()
    return no.value


def test_a_draft_is_written_under_the_submissions_uuid(world):
    order = plan_order(world, planned={"out": {"C127": 5}}, remarks="Gate 2")
    outcome = plan_distribution(order)
    draft = row(outcome.ref)
    assert outcome.ref == order.submission
    assert outcome.number is None
    assert (draft.number, draft.confirmed_at, draft.dropped_at) == (None, None, None)
    assert (draft.depot_id, draft.truck_id, draft.driver_id) == (
        world.depot.id, world.truck.id, world.driver.id,
    )  # fmt: skip
    assert (draft.planned_on, draft.remarks, draft.version) == (clock.today(), "Gate 2", 1)


def test_nothing_moves(world):
    outcome = plan_distribution(plan_order(world))
    assert moves(outcome.ref) == []
    assert both(world) == (100, 0)


def test_more_than_there_is_may_be_planned(world):
    outcome = plan_distribution(plan_order(world, planned={"out": {"C127": 101}}))
    assert list(planned(outcome.ref).values()) == [101]


def test_all_four_ways_can_be_planned_at_once(world):
    size = world.sizes["C127"].id
    counts = {"out": {"C127": 1}, "empty": {"C127": 2}, "full": {"C127": 3}, "part": {"C127": 4}}
    outcome = plan_distribution(plan_order(world, planned=counts))
    assert planned(outcome.ref) == {
        ("out", "full", size): 1,
        ("in", "empty", size): 2,
        ("in", "full", size): 3,
        ("in", "part", size): 4,
    }


def test_lines_of_one_size_and_condition_are_summed_but_out_and_in_do_not_net(world):
    twice = lines(out={"C127": 5}) + lines(out={"C127": 2}) + lines(full={"C127": 3})
    outcome = plan_distribution(plan_order(world, lines=twice))
    assert sorted(planned(outcome.ref).values()) == [3, 7]


def test_lines_of_zero_are_left_out(world):
    outcome = plan_distribution(plan_order(world, planned={"out": {"C127": 5, "C50": 0}}))
    assert list(planned(outcome.ref).values()) == [5]


def test_it_is_audited(world):
    outcome = plan_distribution(plan_order(world))
    [body] = entries(outcome.ref)
    assert body["action"] == "distribution.plan"
    assert body["actor"]["username"] == world.driver.username
    assert body["before"] is None
    assert [line["quantity"] for line in body["after"]["lines"]] == [5]


def test_a_supervisor_plans_for_a_driver_of_the_depots_truck(world):
    outcome = plan_distribution(plan_order(world, actor=world.supervisor.actor))
    assert row(outcome.ref).driver_id == world.driver.id


def test_the_same_form_again_is_the_same_draft(world):
    order = plan_order(world)
    first = plan_distribution(order)
    before = everything()
    assert plan_distribution(order) == first
    assert everything() == before


def test_the_same_uuid_with_other_content_is_refused(world):
    order = plan_order(world)
    plan_distribution(order)
    refused(
        plan_order(world, submission=order.submission, planned={"out": {"C127": 6}}),
        SubmissionReused,
    )


@pytest.mark.parametrize("who", [given.an_admin, given.an_accountant])
def test_it_checks_the_role(world, who):
    refused(plan_order(world, actor=who().actor), NotAllowed)


def test_another_drivers_truck_does_not_exist(world):
    stranger = given.a_driver_with_truck(world.depot)[0]
    refused(plan_order(world, actor=stranger.actor), NotFound)


def test_a_supervisor_of_another_depot_sees_neither_depot_nor_truck(world):
    other = given.a_supervisor(given.a_depot())
    refused(plan_order(world, actor=other.actor), NotFound)


def test_a_truck_is_the_drivers_only_on_the_days_given(world):
    driver, truck = given.a_driver(), given.a_truck(world.depot)
    given.assign(driver, truck, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31))
    mine = {"actor": driver.actor, "driver": driver.ref, "truck": truck.ref}
    assert plan_distribution(plan_order(world, **mine, planned_on=date(2026, 3, 31)))
    for day in (date(2026, 2, 28), date(2026, 4, 1)):
        refused(plan_order(world, **mine, planned_on=day), NotFound)


def test_the_driver_has_to_drive_that_truck_on_that_day(world):
    someone = given.a_driver()
    no = refused(plan_order(world, driver=someone.ref), Invalid, reason="driver_without_truck")
    assert no.field == "driver"


def test_who_drives_is_a_driver(world):
    helper = given.an_admin()
    given.assign(helper, world.truck)
    refused(plan_order(world, driver=helper.ref), Invalid, reason="driver_without_truck")


def test_two_drivers_may_share_a_truck(world):
    mate = given.a_driver(world.truck)
    assert plan_distribution(plan_order(world, driver=mate.ref))


@pytest.mark.parametrize("end", ["depot", "truck"])
def test_depot_and_truck_are_what_they_say(world, end):
    other = world.truck if end == "depot" else world.depot
    refused(plan_order(world, **{end: other.ref}), NotFound)


@pytest.mark.parametrize("end", ["depot", "truck"])
def test_an_unknown_place_is_not_found(world, end):
    refused(plan_order(world, **{end: uuid4()}), NotFound)


def test_a_customers_site_is_no_place_of_logistics(world):
    refused(plan_order(world, depot=world.site.ref), NotFound)


@pytest.mark.parametrize("counts", [{}, {"out": {"C127": 0}}])
def test_nothing_planned_is_refused(world, counts):
    refused(plan_order(world, lines=lines(**counts)), Invalid, reason="nothing_planned")


def test_an_unknown_size_is_refused(world):
    refused(plan_order(world, planned={"out": {"C999": 1}}), Invalid, reason="unknown_equipment")


def test_a_negative_count_is_refused(world):
    refused(plan_order(world, planned={"out": {"C127": -1}}), Invalid, reason="line_not_possible")


def test_more_than_anybody_can_carry_is_refused(world):
    refused(plan_order(world, planned={"out": {"C127": 10_000}}), Invalid, reason="too_many")


@pytest.mark.parametrize("condition", [Condition.EMPTY, Condition.PART, Condition.HELD])
def test_only_full_ones_go_out(world, condition):
    wrong = PlannedLine(direction=Direction.OUT, equipment="C127", condition=condition, quantity=1)
    refused(plan_order(world, lines=(wrong,)), Invalid, reason="line_not_possible")


def test_held_is_a_condition_of_sites_alone(world):
    wrong = PlannedLine(
        direction=Direction.IN, equipment="C127", condition=Condition.HELD, quantity=1
    )
    refused(plan_order(world, lines=(wrong,)), Invalid, reason="line_not_possible")


def test_accessories_ride_along(world):
    given.an_accessory()
    assert plan_distribution(plan_order(world, planned={"out": {"REG": 3}, "full": {"REG": 1}}))


def test_an_accessory_is_never_empty(world):
    given.an_accessory()
    refused(plan_order(world, planned={"empty": {"REG": 1}}), Invalid, reason="line_not_possible")


def test_tomorrow_may_be_planned_today(world):
    tomorrow = clock.today() + timedelta(days=1)
    assert row(plan_distribution(plan_order(world, planned_on=tomorrow)).ref).planned_on == tomorrow
