import pytest

from hsh.core import clock
from tests import given
from tests.blueprints.logistics.pages import beside, fields, page_of, value
from tests.distributing import confirm, drop, edit, plan, planned, row
from tests.selling import everything
from tests.visitor import is_page, location, words


@pytest.fixture
def draft(world):
    return plan(world, out={"C127": 5})


def test_the_form_says_what_the_draft_says(world, driver, draft):
    edit(world, draft, planned={"out": {"C127": 5}, "empty": {"C50": 2}}, remarks="Gate 2")
    page = driver.get(page_of(draft, "edit"))
    assert page.status_code == 200
    assert value(page, "out_full-C127") == "5"
    assert value(page, "in_empty-C50") == "2"
    assert value(page, "in_empty-C127") == "0"
    assert value(page, "version") == "2"
    assert "Gate 2</textarea>" in page.text


@pytest.mark.parametrize(
    ("counts", "way"),
    [
        ({"out": {"C127": 1}}, "load"),
        ({"empty": {"C127": 1}}, "unload"),
        ({"out": {"C127": 1}, "full": {"C127": 1}}, "both"),
    ],
)
def test_the_way_is_the_drafts(world, driver, counts, way):
    page = driver.get(page_of(plan(world, **counts), "edit"))
    assert f'checked id="way-{("load", "unload", "both").index(way)}"' in page.text


def test_without_javascript_it_leads_back_to_the_draft(world, driver, draft):
    answer = driver.submit(page_of(draft, "edit"), fields(world, version=1, out_full_C127=6))
    assert (answer.status_code, location(answer)) == (303, page_of(draft))
    assert planned(draft) == {("out", "full", world.sizes["C127"].id): 6}


def test_htmx_is_led_back_to_the_draft_too(world, driver, draft):
    sent = fields(world, version=1, out_full_C127=6)
    answer = driver.submit(page_of(draft, "edit"), sent, htmx=True)
    assert answer.headers["HX-Redirect"] == page_of(draft)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_lost_race_is_shown_and_nothing_typed_is_lost(world, driver, draft, htmx):
    edit(world, draft, planned={"out": {"C127": 9}}, actor=world.supervisor.actor)
    sent = fields(world, version=1, out_full_C127=6, in_empty_C50=3, remarks="Mine")
    answer = driver.submit(page_of(draft, "edit"), sent, htmx=htmx)
    assert (answer.status_code, is_page(answer)) == (409, not htmx)
    assert f"{world.supervisor.actor.name} changed this draft" in words(answer)
    assert "The draft says 9" in words(answer)
    assert "The draft says 0" in words(answer)
    assert value(answer, "out_full-C127") == "6"
    assert value(answer, "in_empty-C50") == "3"
    assert "Mine</textarea>" in answer.text
    assert list(planned(draft).values()) == [9]


def test_a_lost_race_shows_every_field_that_differs(world, driver, draft):
    other = given.a_depot("KAKI", "Kaki Bukit depot")
    edit(world, draft, planned={"out": {"C127": 5}}, depot=other.ref, remarks="Gate 9")
    answer = driver.submit(
        page_of(draft, "edit"), fields(world, version=1, way="load", out_full_C127=5)
    )
    assert answer.status_code == 409
    assert words(answer).count("The draft says") == 2
    assert "The draft says Kaki Bukit depot" in words(answer)
    assert "The draft says Gate 9" in words(answer)


def test_who_has_seen_the_other_version_can_replace_it(world, driver, draft):
    edit(world, draft, planned={"out": {"C127": 9}})
    sent = fields(world, version=1, out_full_C127=6)
    told = driver.submit(page_of(draft, "edit"), sent)
    assert value(told, "version") == "2"
    answer = driver.submit(page_of(draft, "edit"), sent | {"version": value(told, "version")})
    assert answer.status_code == 303
    assert list(planned(draft).values()) == [6]


def test_what_was_typed_comes_back_with_what_is_wrong_beside_it(world, driver, draft):
    before = everything()
    answer = driver.submit(page_of(draft, "edit"), fields(world, version=1, out_full_C127="lots"))
    assert answer.status_code == 422
    assert beside(answer, "n-out_full-C127")
    assert value(answer, "out_full-C127") == "lots"
    assert value(answer, "version") == "1"
    assert everything() == before


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999", "0"])
def test_a_version_that_is_none_changes_nothing(world, driver, draft, version):
    sent = fields(world, version=version, out_full_C127=6)
    assert driver.submit(page_of(draft, "edit"), sent).status_code == 422
    assert list(planned(draft).values()) == [5]


def test_a_draft_that_was_confirmed_meanwhile_says_so_by_its_number(world, driver, draft):
    confirm(world, draft)
    answer = driver.submit(page_of(draft, "edit"), fields(world, version=1, out_full_C127=6))
    assert answer.status_code == 409
    assert f"confirmed before, as {row(draft).number}" in words(answer)
    assert value(answer, "out_full-C127") == "6"


@pytest.mark.parametrize("end", [confirm, drop])
def test_what_is_no_draft_any_more_is_shown_instead_of_its_form(world, driver, draft, end):
    end(world, draft)
    answer = driver.get(page_of(draft, "edit"))
    assert (answer.status_code, location(answer)) == (303, page_of(draft))


def test_looking_at_the_stock_changes_nothing(world, driver, draft):
    before = everything()
    sent = fields(world, version=1, out_full_C127=6)
    page = driver.post(page_of(draft, "edit/look"), sent)
    assert page.status_code == 200
    assert value(page, "out_full-C127") == "6"
    assert everything() == before


@pytest.mark.parametrize("act", ["edit", "edit/look"])
def test_another_drivers_draft_does_not_exist(world, stranger, draft, act):
    answer = stranger.submit(page_of(draft, act), fields(world, version=1, out_full_C127=6))
    assert answer.status_code == 404
    assert stranger.get(page_of(draft, "edit")).status_code == 404
    assert list(planned(draft).values()) == [5]


def test_a_truck_mate_may_edit(world, signed_in, draft):
    mate = signed_in(given.a_driver(world.truck))
    sent = fields(world, version=1, out_full_C127=6, planned_on=clock.today().isoformat())
    assert mate.submit(page_of(draft, "edit"), sent).status_code == 303


@pytest.mark.parametrize("who", ["accountant", "admin"])
def test_it_checks_the_role(world, request, draft, who):
    visitor = request.getfixturevalue(who)
    sent = fields(world, version=1, out_full_C127=6)
    assert visitor.submit(page_of(draft, "edit"), sent).status_code == 403
    assert visitor.get(page_of(draft, "edit")).status_code == 403
