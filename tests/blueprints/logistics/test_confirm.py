from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.db import db
from hsh.models.books import RefusedSubmission
from tests import given
from tests.blueprints.logistics.pages import page_of
from tests.distributing import both, confirm, drop, plan, row
from tests.selling import everything
from tests.visitor import is_page, location, words


@pytest.fixture
def draft(world):
    return plan(world, out={"C127": 5})


def test_without_javascript_it_leads_back_to_the_page(world, driver, draft):
    answer = driver.submit(page_of(draft, "confirm"))
    assert (answer.status_code, location(answer)) == (303, page_of(draft))
    assert both(world) == (95, 5)


def test_htmx_gets_the_distribution_as_it_is_now(world, driver, draft):
    answer = driver.submit(page_of(draft, "confirm"), htmx=True)
    assert (answer.status_code, is_page(answer)) == (200, False)
    assert f"<h1>{row(draft).number}</h1>" in answer.text


def test_the_answer_names_the_submission(driver, draft):
    submission = str(uuid4())
    answer = driver.post(page_of(draft, "confirm"), {"client_temp_id": submission})
    assert answer.headers["X-HSH-Submission"] == submission
    assert answer.headers["X-HSH"] == "1"


def test_the_same_form_again_gets_the_same_answer(world, driver, draft):
    sent = {"client_temp_id": str(uuid4())}
    first = driver.post(page_of(draft, "confirm"), sent, htmx=True)
    again = driver.post(page_of(draft, "confirm"), sent, htmx=True)
    assert (again.status_code, words(again)) == (200, words(first))
    assert both(world) == (95, 5)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_shortage_says_how_many_there_are_and_the_draft_stays(world, driver, htmx):
    draft = plan(world, out={"C127": 103})
    before = {name: n for name, n in everything().items() if name != "refused_submissions"}
    answer = driver.submit(page_of(draft, "confirm"), htmx=htmx)
    assert (answer.status_code, is_page(answer)) == (409, not htmx)
    assert "Jurong depot has 100 full CYL 12.7 kg; you asked for 103." in words(answer)
    assert page_of(draft, "confirm") in answer.text
    assert everything().items() >= before.items()


def test_a_shortage_is_written_down_as_refused(world, driver):
    submission = uuid4()
    draft = plan(world, empty={"C127": 1})
    driver.post(page_of(draft, "confirm"), {"client_temp_id": str(submission)})
    refused = db.session.scalars(select(RefusedSubmission)).one()
    assert (refused.client_temp_id, refused.code) == (submission, "not_enough_stock")


def test_the_refused_form_keeps_its_uuid_and_may_be_sent_again(world, driver):
    draft = plan(world, out={"C127": 101})
    sent = {"client_temp_id": str(uuid4())}
    told = driver.post(page_of(draft, "confirm"), sent, htmx=True)
    assert sent["client_temp_id"] in told.text
    given.stock(world.depot, {world.sizes["C127"]: 1})
    assert driver.post(page_of(draft, "confirm"), sent, htmx=True).status_code == 200
    assert both(world) == (0, 101)


def test_who_comes_second_sees_the_number_of_the_first(world, driver, draft):
    number = confirm(world, draft).number
    answer = driver.submit(page_of(draft, "confirm"), htmx=True)
    assert answer.status_code == 409
    assert f"confirmed before, as {number}" in words(answer)
    assert f"<h1>{number}</h1>" in answer.text


def test_a_dropped_draft_says_so(world, driver, draft):
    drop(world, draft)
    answer = driver.submit(page_of(draft, "confirm"), htmx=True)
    assert answer.status_code == 409
    assert "This draft was dropped." in words(answer)


@pytest.mark.parametrize(
    "sent",
    [
        {"client_temp_id": ""},
        {"client_temp_id": "<script>"},
        {"client_temp_id": "x" * 5000},
        {"captured_at": "yesterday"},
        {"captured_at": "2026-11-20T10:00:00"},
        {"device_id": "../../etc"},
    ],
)
def test_a_damaged_form_changes_nothing(world, driver, draft, sent):
    answer = driver.submit(page_of(draft, "confirm"), sent)
    assert answer.status_code == 422
    assert "<script>" not in answer.text.partition("<main")[2]
    assert both(world) == (100, 0)


def test_a_time_in_the_future_is_taken_for_now(world, driver, draft):
    driver.submit(page_of(draft, "confirm"), {"captured_at": "2099-01-01T00:00:00+08:00"})
    assert row(draft).captured_at <= row(draft).confirmed_at


def test_another_drivers_draft_does_not_exist(world, stranger, draft):
    assert stranger.submit(page_of(draft, "confirm")).status_code == 404
    assert both(world) == (100, 0)


@pytest.mark.parametrize("who", ["accountant", "admin"])
def test_it_checks_the_role(world, request, draft, who):
    visitor = request.getfixturevalue(who)
    assert visitor.submit(page_of(draft, "confirm")).status_code == 403
    assert both(world) == (100, 0)


def test_a_form_without_its_token_changes_nothing(world, driver, draft):
    assert driver.submit(page_of(draft, "confirm"), csrf=False).status_code == 419
    assert both(world) == (100, 0)


def test_looking_at_its_address_does_nothing(world, driver, draft):
    assert driver.get(page_of(draft, "confirm")).status_code == 405
    assert both(world) == (100, 0)
