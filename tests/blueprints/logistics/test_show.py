import re
from datetime import timedelta

import pytest

from hsh.core import clock
from hsh.core.words import Condition
from hsh.services.logistics.drafts import plan_distribution
from tests import given
from tests.blueprints.logistics.pages import page_of
from tests.distributing import confirm, drop, load, plan, plan_order, reverse
from tests.visitor import is_page, words


def main(page):
    return page.text.partition("<main")[2].partition("</main>")[0]


def test_a_draft_shows_its_short_code_and_that_it_is_pending(world, driver):
    draft = plan(world, out={"C127": 5})
    page = driver.get(page_of(draft))
    code = draft.hex[:8].upper()
    assert f"<h1>{code[:4]}-{code[4:]}</h1>" in page.text
    assert "Pending" in words(page)
    assert "DIST-" not in words(page)


def test_a_draft_shows_what_moves_from_where_to_where(world, driver):
    given.stock(world.truck, {world.sizes["C50"]: 3}, condition=Condition.EMPTY)
    page = words(driver.get(page_of(plan(world, out={"C127": 5}, empty={"C50": 2}))))
    assert f"Onto the truck From Jurong depot to GB{world.truck.code}" in page
    assert "CYL 12.7 kg Full Depot 100 Truck 0 5 Together 5" in page
    assert f"Into the depot From GB{world.truck.code} to Jurong depot" in page
    assert "CYL 50 kg Empty Depot 0 Truck 3 2 Together 2" in page


def test_what_there_is_too_little_of_is_marked_before_anybody_confirms(world, driver):
    page = words(driver.get(page_of(plan(world, out={"C127": 103}))))
    assert "There is less than this draft says" in page
    assert "3 too many" in page


def test_a_confirmed_one_shows_number_people_and_time(world, driver):
    outcome = load(world, out={"C127": 5})
    page = driver.get(page_of(outcome.ref))
    assert f"<h1>{outcome.number}</h1>" in page.text
    assert f"Confirmed by {world.driver.actor.name}" in words(page)
    assert "Confirmed" in words(page)
    assert page_of(outcome.ref, "confirm") not in page.text


def test_the_devices_time_is_shown_beside_the_servers(world, driver):
    earlier = clock.now() - timedelta(hours=1)
    draft = plan(world, out={"C127": 1})
    assert "On the tablet" not in words(driver.get(page_of(draft)))
    confirm(world, draft, captured_at=earlier)
    assert "On the tablet" in words(driver.get(page_of(draft)))


def test_a_dropped_one_stays_readable_and_can_only_be_restored(world, driver):
    draft = plan(world, out={"C127": 5})
    drop(world, draft)
    page = driver.get(page_of(draft))
    assert "Dropped" in words(page)
    assert re.findall('action="([^"]+)"', main(page)) == [f"{page_of(draft)}/restore"]


def test_a_reversal_and_its_first_link_to_each_other(world, supervisor):
    first = load(world, out={"C127": 5})
    second = reverse(world, first.ref, reason="Wrong truck")
    of_first = supervisor.get(page_of(first.ref))
    of_second = supervisor.get(page_of(second.ref))
    assert page_of(second.ref) in of_first.text
    assert second.number in words(of_first)
    assert page_of(first.ref) in of_second.text
    assert first.number in words(of_second)
    assert "Wrong truck" in words(of_second)


def test_a_reversal_shows_the_way_that_the_cylinders_really_went(world, supervisor):
    second = reverse(world, load(world, out={"C127": 5}).ref)
    page = words(supervisor.get(page_of(second.ref)))
    assert f"Into the depot From GB{world.truck.code} to Jurong depot" in page
    assert "Onto the truck" not in page


def test_only_a_supervisor_is_offered_to_reverse(world, driver, supervisor, admin):
    first = load(world, out={"C127": 5})
    offered = page_of(first.ref, "reverse")
    assert offered in supervisor.get(page_of(first.ref)).text
    assert offered not in driver.get(page_of(first.ref)).text
    assert offered not in admin.get(page_of(first.ref)).text


def test_neither_a_reversal_nor_what_was_reversed_can_be_reversed(world, supervisor):
    first = load(world, out={"C127": 5})
    second = reverse(world, first.ref)
    for ref in (first.ref, second.ref):
        assert page_of(ref, "reverse") not in supervisor.get(page_of(ref)).text


def test_an_admin_reads_but_is_offered_nothing(world, admin):
    page = admin.get(page_of(plan(world, out={"C127": 5})))
    assert page.status_code == 200
    assert "<form" not in main(page)


def test_htmx_gets_the_fragment_alone(world, driver):
    answer = driver.get(page_of(plan(world, out={"C127": 5})), htmx=True)
    assert not is_page(answer)
    assert answer.text.lstrip().startswith('<section id="distribution"')


def test_its_forms_work_without_javascript_and_say_what_they_do(world, driver):
    draft = plan(world, out={"C127": 5})
    page = driver.get(page_of(draft))
    for act in ("confirm", "drop"):
        assert (
            f'method="post" action="{page_of(draft, act)}" hx-post="{page_of(draft, act)}"'
            ' hx-target="#distribution" hx-swap="outerHTML" hx-sync="this:drop"'
            f' data-queue="distribution.{act}" data-truck='
        ) in page.text


def test_another_drivers_distribution_does_not_exist(world, stranger):
    assert stranger.get(page_of(plan(world, out={"C127": 5}))).status_code == 404


def test_a_driver_sees_a_trucks_records_of_the_days_it_was_theirs(world, signed_in):
    today = clock.today()
    former = given.a_driver()
    given.assign(former, world.truck, ends_on=today - timedelta(days=1))
    visitor = signed_in(former)
    yesterdays = plan_distribution(plan_order(world, planned_on=today - timedelta(days=1)))
    assert visitor.get(page_of(yesterdays.ref)).status_code == 200
    assert visitor.get(page_of(plan(world, out={"C127": 5}))).status_code == 404


def test_a_supervisor_of_another_depot_does_not_see_it(world, signed_in):
    other = signed_in(given.a_supervisor(given.a_depot()))
    assert other.get(page_of(plan(world, out={"C127": 5}))).status_code == 404


def test_an_accountant_is_kept_out(world, accountant):
    assert accountant.get(page_of(plan(world, out={"C127": 5}))).status_code == 403


@pytest.mark.parametrize("ref", [given.NOBODYS_REF, "1", "..", "plan%00", "%27"])
def test_a_wrong_address_is_not_found(world, driver, ref):
    assert driver.get(page_of(ref)).status_code == 404
