import pytest

from tests import given
from tests.blueprints.logistics.pages import beside, page_of
from tests.distributing import both, load, plan, reverse
from tests.visitor import is_page, location, words


@pytest.fixture
def first(world):
    return load(world, out={"C127": 5}).ref


def test_without_javascript_it_leads_back_to_the_first_which_names_the_reversal(
    world, supervisor, first
):
    answer = supervisor.submit(page_of(first, "reverse"), {"reason": "Wrong truck"})
    assert (answer.status_code, location(answer)) == (303, page_of(first))
    assert both(world) == (100, 0)
    page = words(supervisor.get(page_of(first)))
    assert "Reversed" in page
    assert "-000002" in page


def test_htmx_gets_the_first_as_it_is_now(supervisor, first):
    answer = supervisor.submit(page_of(first, "reverse"), {"reason": "Wrong truck"}, htmx=True)
    assert (answer.status_code, is_page(answer)) == (200, False)
    assert "Reversed" in words(answer)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001, "a\0b"])
@pytest.mark.parametrize("htmx", [False, True])
def test_a_reason_that_will_not_do_is_said_beside_the_field(world, supervisor, first, reason, htmx):
    answer = supervisor.submit(page_of(first, "reverse"), {"reason": reason}, htmx=htmx)
    assert (answer.status_code, is_page(answer)) == (422, not htmx)
    assert beside(answer, "reason")
    assert '<details class="card" open>' in answer.text
    assert both(world) == (95, 5)


def test_what_the_truck_no_longer_has_is_said_and_the_reason_is_kept(world, supervisor, first):
    load(world, full={"C127": 3})
    answer = supervisor.submit(page_of(first, "reverse"), {"reason": "Wrong truck"})
    assert answer.status_code == 409
    assert f"{world.truck.name} has 2 full CYL 12.7 kg; you asked for 5." in words(answer)
    assert "Wrong truck</textarea>" in answer.text


def test_the_second_is_told_by_which_number_it_was_reversed(world, supervisor, first):
    number = reverse(world, first).number
    answer = supervisor.submit(page_of(first, "reverse"), {"reason": "Wrong truck"})
    assert answer.status_code == 409
    assert f"reversed before, as {number}" in words(answer)


def test_a_draft_has_nothing_to_reverse(world, supervisor):
    draft = plan(world, out={"C127": 5})
    answer = supervisor.submit(page_of(draft, "reverse"), {"reason": "Wrong truck"})
    assert answer.status_code == 409


@pytest.mark.parametrize("who", ["driver", "accountant", "admin"])
def test_it_checks_the_role(world, request, first, who):
    answer = request.getfixturevalue(who).submit(page_of(first, "reverse"), {"reason": "No"})
    assert answer.status_code == 403
    assert both(world) == (95, 5)


def test_a_supervisor_of_another_depot_does_not_see_it(world, signed_in, first):
    other = signed_in(given.a_supervisor(given.a_depot()))
    assert other.submit(page_of(first, "reverse"), {"reason": "No"}).status_code == 404
    assert both(world) == (95, 5)
