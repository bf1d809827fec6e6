import pytest

from tests.blueprints.logistics.pages import page_of
from tests.distributing import confirm, plan, row
from tests.visitor import is_page, location, words


@pytest.fixture
def draft(world):
    return plan(world, out={"C127": 5})


def test_without_javascript_it_leads_back_to_the_page(driver, draft):
    answer = driver.submit(page_of(draft, "drop"))
    assert (answer.status_code, location(answer)) == (303, page_of(draft))
    assert row(draft).dropped_at


def test_htmx_gets_the_dropped_draft(driver, draft):
    answer = driver.submit(page_of(draft, "drop"), htmx=True)
    assert (answer.status_code, is_page(answer)) == (200, False)
    assert "Dropped" in words(answer)


def test_what_was_confirmed_meanwhile_is_shown_with_its_number(world, driver, draft):
    number = confirm(world, draft).number
    answer = driver.submit(page_of(draft, "drop"), htmx=True)
    assert answer.status_code == 409
    assert f"confirmed before, as {number}" in words(answer)
    assert row(draft).dropped_at is None


def test_another_drivers_draft_does_not_exist(stranger, draft):
    assert stranger.submit(page_of(draft, "drop")).status_code == 404
    assert row(draft).dropped_at is None


@pytest.mark.parametrize("who", ["accountant", "admin"])
def test_it_checks_the_role(request, draft, who):
    assert request.getfixturevalue(who).submit(page_of(draft, "drop")).status_code == 403
    assert row(draft).dropped_at is None
