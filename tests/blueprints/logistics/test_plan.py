from datetime import timedelta
from uuid import uuid4

import pytest

from hsh.core import clock
from hsh.core.words import Condition
from tests import given
from tests.blueprints.logistics.pages import PLAN, beside, chosen, drafts, fields, page_of, value
from tests.distributing import load, planned
from tests.selling import everything
from tests.visitor import is_page, location, words


def test_the_form_offers_the_drivers_own_truck_depot_and_today(world, driver):
    page = driver.get(PLAN)
    assert page.status_code == 200
    assert value(page, "truck") == str(world.truck.ref)
    assert value(page, "depot") == str(world.depot.ref)
    assert value(page, "driver") == str(world.driver.ref)
    assert value(page, "planned_on") == clock.today().isoformat()


def test_the_stock_of_both_stands_beside_each_size(world, driver):
    load(world, out={"C127": 7})
    page = driver.get(PLAN)
    assert "Full out Depot 93 Truck 7" in words(page)
    assert "CYL 50 kg Full out Depot 100 Truck 0" in words(page)


def test_who_comes_back_finds_the_trucks_empties_counted(world, driver):
    given.stock(world.truck, {world.sizes["C127"]: 12}, condition=Condition.EMPTY)
    page = driver.get(f"{PLAN}?way=unload")
    assert value(page, "in_empty-C127") == "12"
    assert value(page, "in_empty-C50") == "0"
    assert value(page, "out_full-C127") == "0"


def test_the_depot_that_the_truck_went_to_last_is_offered(world, driver):
    other = given.a_depot("KAKI", "Kaki Bukit depot")
    assert chosen(driver.get(PLAN), "depot") == str(world.depot.ref)
    fresh = fields(world, depot=other.ref, out_full_C127=1)
    driver.submit(PLAN, fresh)
    assert chosen(driver.get(PLAN), "depot") == str(other.ref)


def test_a_supervisor_chooses_among_the_depots_trucks(world, supervisor):
    second = given.a_truck(world.depot)
    foreign = given.a_truck()
    page = supervisor.get(PLAN)
    assert f'value="{world.truck.ref}"' in page.text
    assert f'value="{second.ref}"' in page.text
    assert f'value="{foreign.ref}"' not in page.text


def test_a_driver_without_a_truck_is_told_so(world, signed_in):
    page = signed_in(given.a_driver()).get(PLAN)
    assert page.status_code == 200
    assert "No truck is yours on that day" in words(page)


def test_without_javascript_it_leads_to_the_draft(world, driver):
    answer = driver.submit(PLAN, fields(world, out_full_C127=5, remarks="Gate 2"))
    [draft] = drafts()
    assert (answer.status_code, location(answer)) == (303, page_of(draft.ref))
    assert planned(draft.ref) == {("out", "full", world.sizes["C127"].id): 5}
    assert draft.remarks == "Gate 2"


def test_htmx_is_led_to_the_draft_too(world, driver):
    answer = driver.submit(PLAN, fields(world, out_full_C127=5), htmx=True)
    assert answer.headers["HX-Redirect"] == page_of(drafts()[0].ref)


def test_the_drafts_address_is_the_forms_uuid_and_the_answer_names_it(world, driver):
    submission = str(uuid4())
    sent = fields(world, out_full_C127=5, client_temp_id=submission)
    answer = driver.post(PLAN, sent)
    assert location(answer) == page_of(submission)
    assert answer.headers["X-HSH-Submission"] == submission


def test_the_same_form_again_is_one_draft(world, driver):
    sent = fields(world, out_full_C127=5, client_temp_id=uuid4())
    first = driver.post(PLAN, sent)
    assert location(driver.post(PLAN, sent)) == location(first)
    assert len(drafts()) == 1


@pytest.mark.parametrize(
    ("way", "kept"), [("load", {"out": 5}), ("unload", {"in": 4}), ("both", {"out": 5, "in": 4})]
)
def test_only_what_goes_the_chosen_way_counts(world, driver, way, kept):
    driver.submit(PLAN, fields(world, way=way, out_full_C127=5, in_empty_C127=4))
    lines = planned(drafts()[0].ref)
    assert {direction: n for (direction, _, _), n in lines.items()} == kept


def test_what_is_out_of_the_way_need_not_be_right(world, driver):
    answer = driver.submit(PLAN, fields(world, way="load", out_full_C127=5, in_empty_C127="many"))
    assert answer.status_code == 303


@pytest.mark.parametrize("htmx", [False, True])
def test_what_was_typed_comes_back_with_what_is_wrong_beside_it(world, driver, htmx):
    before = everything()
    sent = fields(world, out_full_C127="-5", in_empty_C50="3", planned_on="soon", remarks="Gate 2")
    answer = driver.submit(PLAN, sent, htmx=htmx)
    assert (answer.status_code, is_page(answer)) == (422, not htmx)
    assert "whole number from 0 to 9999" in beside(answer, "n-out_full-C127")
    assert beside(answer, "planned_on")
    assert value(answer, "out_full-C127") == "-5"
    assert value(answer, "in_empty-C50") == "3"
    assert value(answer, "planned_on") == "soon"
    assert "Gate 2</textarea>" in answer.text
    assert everything() == before


def test_the_form_keeps_its_uuid_so_that_it_is_still_done_once(world, driver):
    sent = fields(world, client_temp_id=uuid4())
    answer = driver.post(PLAN, sent)
    assert value(answer, "client_temp_id") == str(sent["client_temp_id"])


def test_nothing_planned_is_said_above_the_counts(world, driver):
    answer = driver.submit(PLAN, fields(world))
    assert answer.status_code == 422
    assert beside(answer, "lines") == "Enter at least one cylinder."


def test_a_driver_who_does_not_drive_that_truck_is_said_beside_the_field(world, driver):
    mate = given.a_driver()
    answer = driver.submit(PLAN, fields(world, out_full_C127=1, driver=mate.ref))
    assert answer.status_code == 422
    assert "not given to this driver" in beside(answer, "driver")


def test_looking_at_another_depot_shows_its_stock_and_keeps_what_was_typed(world, driver):
    other = given.a_depot("KAKI", "Kaki Bukit depot")
    given.stock(other, {world.sizes["C127"]: 33})
    before = everything()
    sent = fields(world, depot=other.ref, out_full_C127=5, client_temp_id=uuid4())
    page = driver.post(f"{PLAN}/look", sent)
    assert page.status_code == 200
    assert "CYL 12.7 kg Full out Depot 33 Truck 0" in words(page)
    assert value(page, "out_full-C127") == "5"
    assert everything() == before


def test_another_truck_brings_its_own_driver(world, supervisor):
    driver, truck = given.a_driver_with_truck(world.depot)
    sent = fields(world, truck=truck.ref)
    assert chosen(supervisor.post(f"{PLAN}/look", sent), "driver") == str(driver.ref)


def test_the_trucks_are_those_of_the_chosen_day(world, driver):
    later = clock.today() + timedelta(days=10)
    extra = given.a_truck(world.depot)
    given.assign(world.driver, extra, starts_on=later)
    assert f'value="{extra.ref}"' not in driver.get(PLAN).text
    page = driver.post(f"{PLAN}/look", fields(world, planned_on=later.isoformat()))
    assert f'value="{extra.ref}"' in page.text


@pytest.mark.parametrize("end", ["depot", "truck"])
def test_anothers_place_does_not_exist(world, driver, end):
    theirs = given.a_truck()
    answer = driver.submit(PLAN, fields(world, out_full_C127=1, **{end: theirs.ref}))
    assert answer.status_code == 404
    assert drafts() == []


@pytest.mark.parametrize("who", ["accountant", "admin"])
@pytest.mark.parametrize("path", [PLAN, f"{PLAN}/look"])
def test_it_checks_the_role(world, request, who, path):
    visitor = request.getfixturevalue(who)
    assert visitor.submit(path, fields(world, out_full_C127=1)).status_code == 403
    assert visitor.get(PLAN).status_code == 403
    assert drafts() == []


def test_who_is_signed_out_is_asked_to_sign_in(world, visitor):
    assert location(visitor.submit(PLAN, fields(world))).startswith("/login")
    assert drafts() == []


def test_a_form_without_its_token_changes_nothing(world, driver):
    answer = driver.submit(PLAN, fields(world, out_full_C127=1), csrf=False)
    assert answer.status_code == 419
    assert drafts() == []


HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE distributions; --",
    "{{ 7 * 7 }}",
    "\0",
    "\u202e",
    "9" * 5000,
    "١٢",
    "1e3",
    "0x10",
    "-0",
    " ",
    "NaN",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "name",
    ["way", "depot", "truck", "driver", "planned_on", "out_full-C127", "client_temp_id",
     "captured_at", "device_id"],
)  # fmt: skip
def test_hostile_values_get_a_message_and_change_nothing(world, driver, name, text):
    sent = {"client_temp_id": str(uuid4())} | fields(world, in_empty_C127=1) | {name: text}
    answer = driver.post(PLAN, sent)
    assert answer.status_code in {303, 422}
    assert "<script>alert" not in answer.text
    if answer.status_code == 422:
        assert drafts() == []
        assert words(answer)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "தமிழ் 中文 🛢"])
def test_remarks_are_shown_as_they_were_typed(world, driver, text):
    driver.submit(PLAN, fields(world, out_full_C127=1, remarks=text))
    page = driver.get(page_of(drafts()[0].ref))
    assert "<script>alert" not in page.text
    assert drafts()[0].remarks == text


@pytest.mark.parametrize("text", ["x" * 1001, "a\0b", "a\x1bb", "a\u202eb"])
def test_remarks_that_will_not_do_are_said_so_beside_the_field(world, driver, text):
    answer = driver.submit(PLAN, fields(world, out_full_C127=1, remarks=text))
    assert answer.status_code == 422
    assert beside(answer, "remarks")
    assert drafts() == []


@pytest.mark.parametrize("missing", ["depot", "truck", "driver", "planned_on", "client_temp_id"])
def test_what_is_missing_is_said_so(world, driver, missing):
    sent = {"client_temp_id": str(uuid4())} | fields(world, out_full_C127=1)
    del sent[missing]
    assert driver.post(PLAN, sent).status_code == 422
    assert drafts() == []


def test_a_size_that_there_is_not_is_said_so(world, driver):
    answer = driver.submit(PLAN, fields(world) | {"out_full-NOPE": "1"})
    assert answer.status_code == 422
    assert "no such size" in words(answer)


def test_a_thousand_sizes_are_too_many(world, driver):
    many = {f"out_full-S{n}": "1" for n in range(900)}
    assert driver.submit(PLAN, fields(world) | many).status_code == 422
    assert drafts() == []


@pytest.mark.parametrize(
    "query", ["way=sideways", "truck=1", f"truck={given.NOBODYS_REF}", "way=&truck="]
)
def test_an_odd_address_opens_the_form_all_the_same(world, driver, query):
    assert driver.get(f"{PLAN}?{query}").status_code == 200


@pytest.mark.parametrize("code", ["CYL-12.7", "HOSE/1.5-M"])
def test_every_code_that_the_registry_takes_can_be_counted(world, driver, code):
    size = given.a_size(code)
    driver.submit(PLAN, fields(world) | {f"out_full-{code}": "2"})
    assert planned(drafts()[0].ref) == {("out", "full", size.id): 2}
