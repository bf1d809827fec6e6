import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from hsh.core import clock
from hsh.queries.keyset import PAGE as LENGTH
from hsh.queries.logistics.listing import Wanted, distributions
from hsh.queries.logistics.states import State
from hsh.services.logistics.drafts import plan_distribution
from tests import given
from tests.blueprints.logistics.pages import page_of
from tests.distributing import drop, load, plan, plan_order, reverse
from tests.visitor import is_page, words

INDEX = "/distributions"


def listed(response):
    """The refs on the page, in their order."""
    return re.findall(r'href="/distributions/([0-9a-f-]{36})"', response.text)


def neighbour(response, way):
    found = re.search(rf'rel="{way}" href="([^"]+)"', response.text)
    return found and found[1].replace("&amp;", "&")


def planned_on(world, day, **changes):
    return str(plan_distribution(plan_order(world, planned_on=day, **changes)).ref)


def test_the_newest_day_stands_first(world, driver):
    days = [date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 3)]
    refs = [planned_on(world, day) for day in days]
    assert listed(driver.get(INDEX)) == [refs[1], refs[2], refs[0]]


def test_it_tells_what_moves_and_what_became_of_it(world, driver):
    number = load(world, out={"C127": 5, "C50": 2}).number
    page = words(driver.get(INDEX))
    assert "7 onto the truck" in page
    assert number in page
    assert "Confirmed" in page


def test_the_office_has_a_table(world, supervisor):
    outcome = load(world, out={"C127": 5})
    page = supervisor.get(INDEX)
    assert "<table>" in page.text
    today = clock.today()
    row = f"{outcome.number} {today.day} {today:%b} {today.year} Jurong depot GB{world.truck.code}"
    assert f"{row} {world.driver.actor.name} 5 Confirmed" in words(page)


def test_a_reversal_counts_what_really_went_where(world, supervisor):
    reverse(world, load(world, out={"C127": 5}).ref)
    assert f"{world.driver.actor.name} 5 Reversal" in words(
        supervisor.get(f"{INDEX}?state=reversal")
    )
    [entry] = distributions(world.supervisor.actor, Wanted(state=State.REVERSAL)).page("", "").rows
    assert (entry.out, entry.back) == (0, 5)


def test_a_driver_sees_their_own_trucks_alone(world, driver, stranger):
    ref = str(plan(world, out={"C127": 5}))
    assert listed(driver.get(INDEX)) == [ref]
    assert listed(stranger.get(INDEX)) == []


def test_a_supervisor_sees_those_of_their_depots(world, supervisor, signed_in):
    ref = str(plan(world, out={"C127": 5}))
    assert listed(supervisor.get(INDEX)) == [ref]
    assert listed(signed_in(given.a_supervisor(given.a_depot())).get(INDEX)) == []


def test_an_admin_sees_all_and_plans_none(world, admin):
    ref = str(plan(world, out={"C127": 5}))
    page = admin.get(INDEX)
    assert listed(page) == [ref]
    assert "/distributions/plan" not in page.text


def test_an_accountant_is_kept_out(accountant):
    assert accountant.get(INDEX).status_code == 403


@pytest.mark.parametrize("state", ["pending", "confirmed", "reversed", "reversal", "dropped"])
def test_the_list_can_be_narrowed_to_a_state(world, supervisor, state):
    dropped = plan(world, out={"C127": 1})
    drop(world, dropped)
    reversed_one = load(world, out={"C127": 1})
    refs = {
        "pending": plan(world, out={"C127": 1}),
        "confirmed": load(world, out={"C127": 1}).ref,
        "reversed": reversed_one.ref,
        "reversal": reverse(world, reversed_one.ref).ref,
        "dropped": dropped,
    }
    assert listed(supervisor.get(f"{INDEX}?state={state}")) == [str(refs[state])]
    assert len(listed(supervisor.get(f"{INDEX}?state="))) == 5


def test_the_list_can_be_narrowed_to_a_day(world, supervisor):
    ref = planned_on(world, date(2026, 3, 2))
    planned_on(world, date(2026, 3, 3))
    assert listed(supervisor.get(f"{INDEX}?since=2026-03-02&until=2026-03-02")) == [ref]


def test_the_list_can_be_narrowed_to_a_truck_and_a_depot(world, supervisor):
    driver, truck = given.a_driver_with_truck(world.depot)
    theirs = planned_on(
        world, clock.today(), actor=driver.actor, truck=truck.ref, driver=driver.ref
    )
    mine = planned_on(world, clock.today())
    assert listed(supervisor.get(f"{INDEX}?truck={truck.ref}")) == [theirs]
    assert listed(supervisor.get(f"{INDEX}?truck={world.truck.ref}")) == [mine]
    assert sorted(listed(supervisor.get(f"{INDEX}?depot={world.depot.ref}"))) == sorted(
        [mine, theirs]
    )
    assert listed(supervisor.get(f"{INDEX}?depot={uuid4()}")) == []


def test_a_long_list_is_turned_page_by_page_there_and_back(world, supervisor):
    days = [date(2026, 3, 1) + timedelta(days=n // 7) for n in range(2 * LENGTH + 2)]
    refs = [planned_on(world, day) for day in days][::-1]
    pages = [supervisor.get(INDEX)]
    while older := neighbour(pages[-1], "next"):
        pages.append(supervisor.get(older))
    parts = [refs[:LENGTH], refs[LENGTH : 2 * LENGTH], refs[2 * LENGTH :]]
    assert [listed(page) for page in pages] == parts
    assert neighbour(pages[0], "prev") is None
    back = supervisor.get(neighbour(pages[2], "prev"))
    assert listed(back) == parts[1]
    assert listed(supervisor.get(neighbour(back, "prev"))) == parts[0]


def test_turning_the_page_keeps_the_filter(world, supervisor):
    for _ in range(LENGTH + 1):
        planned_on(world, date(2026, 3, 2))
    planned_on(world, date(2026, 3, 1))
    second = supervisor.get(
        neighbour(supervisor.get(f"{INDEX}?since=2026-03-02&until=2026-03-02"), "next")
    )
    assert len(listed(second)) == 1
    assert neighbour(second, "next") is None


@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday",
        "since=2026-02-30",
        "truck=1",
        "depot=%00",
        "state=nothing",
        "since=" + "9" * 5000,
    ],
)
def test_a_filter_that_will_not_do_is_said_beside_the_field(world, supervisor, query):
    page = supervisor.get(f"{INDEX}?{query}")
    assert page.status_code == 422
    assert "-problem" in page.text


@pytest.mark.parametrize(
    "at", ["", "x", "b2026-99-99.1", "a2026-01-01.99999999999999999999", "%00"]
)
def test_an_odd_place_in_the_list_is_its_beginning(world, supervisor, at):
    ref = str(plan(world, out={"C127": 5}))
    assert listed(supervisor.get(f"{INDEX}?page={at}")) == [ref]


def test_hostile_filters_are_not_repeated_as_they_are(world, supervisor):
    page = supervisor.get(f'{INDEX}?since="><script>alert(1)</script>&page=x')
    assert "<script>alert" not in page.text


def test_htmx_gets_the_list_alone(world, supervisor):
    assert not is_page(supervisor.get(INDEX, htmx=True))


def test_today_shows_a_driver_what_waits(world, driver, stranger):
    draft = plan(world, out={"C127": 5})
    assert page_of(draft) in driver.get("/").text
    assert "To be confirmed" in words(driver.get("/"))
    assert "To be confirmed" not in words(stranger.get("/"))


def test_today_does_not_show_what_is_for_tomorrow_or_done(world, driver):
    planned_on(world, clock.today() + timedelta(days=1))
    load(world, out={"C127": 5})
    assert "To be confirmed" not in words(driver.get("/"))


def test_a_draft_left_over_from_yesterday_still_waits(world, driver):
    planned_on(world, clock.today() - timedelta(days=1))
    assert "To be confirmed" in words(driver.get("/"))


def test_an_accountants_today_has_no_drafts(world, accountant):
    plan(world, out={"C127": 5})
    assert "To be confirmed" not in words(accountant.get("/"))
