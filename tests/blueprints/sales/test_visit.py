import json
import re

import pytest

from hsh.core.words import Condition
from hsh.db import db
from hsh.models.registry import Customer
from tests import given
from tests.blueprints.sales.pages import (
    fields,
    live,
    quote_address,
    reading,
    sale_address,
    sold,
    value_of,
)
from tests.selling import everything, held, level, meter, sell, size, void
from tests.visitor import is_page, location, words


def test_the_page_shows_what_is_known_before_anything_is_typed(driver, world):
    shown = words(driver.get(sale_address(world)))
    for said in (
        world.site.name, "Selling from Truck", world.meter.code, "100", "$1.2345 a m³",
        "CYL 12.7 kg $31.80", "20 on board", "2 at the site", "Delivery fee $10.00", "0 held",
        "On account", "To pay $0.00",
    ):  # fmt: skip
        assert said in shown


def test_confirming_sells_and_leads_to_the_sale(driver, world):
    address = sold(
        driver, world, **{"delivery-C127": "2", "collection-C127": "1"}, **reading(world, "112.5")
    )
    shown = words(driver.get(address))
    for said in ("INV-", "TRX-", "Usage", "$15.43", "$63.60", "$86.14"):
        assert said in shown
    assert held(world) == 3
    assert level(world.truck, world.sizes["C127"]) == 18
    assert meter(world.meter).last_reading == 112.5


def test_htmx_is_led_there_too(driver, world):
    answer = driver.submit(sale_address(world), fields(world, **{"delivery-C127": "1"}), htmx=True)
    assert re.fullmatch(r"/transactions/[0-9a-f-]{36}", answer.headers["HX-Redirect"])


def test_the_answer_names_its_submission(driver, world):
    ref = "3f0f7a52-3a38-4f0e-9c43-0123456789ab"
    answer = driver.submit(sale_address(world), fields(world, client_temp_id=ref))
    assert answer.headers["X-HSH-Submission"] == ref
    assert location(answer) == f"/transactions/{ref}"


def test_the_same_form_twice_is_one_sale(driver, world):
    sent = fields(
        world, client_temp_id="3f0f7a52-3a38-4f0e-9c43-0123456789ab", **{"delivery-C127": "2"}
    )
    first, second = (driver.submit(sale_address(world), sent) for _ in range(2))
    assert location(first) == location(second)
    assert held(world) == 4


# --- the total as it is typed ----------------------------------------------------------------


def test_the_total_comes_as_a_fragment_and_writes_nothing(driver, world):
    before = everything()
    answer = driver.submit(
        quote_address(world),
        fields(world, **{"delivery-C127": "2"}, **reading(world, "112.5")),
        htmx=True,
    )
    assert (answer.status_code, is_page(answer)) == (200, False)
    assert answer.text.lstrip().startswith('<div id="totals"')
    assert "$86.14" in words(answer)
    assert live(answer, f"usage-{world.meter.ref}") == "12.5 m³ · $15.43"
    assert "Confirm, $86.14" in words(answer)
    assert everything() == before


def test_without_javascript_the_page_comes_back_with_the_total_and_what_was_typed(driver, world):
    before = everything()
    answer = driver.submit(
        quote_address(world),
        fields(world, **{"delivery-C127": "2"}, purchase_order="PO 5", note="Ring <twice>"),
    )
    assert (answer.status_code, is_page(answer)) == (200, True)
    assert "To pay $69.32" in words(answer)
    assert value_of(answer, "delivery-C127") == "2"
    assert value_of(answer, "purchase_order") == "PO 5"
    assert "Ring &lt;twice&gt;" in answer.text
    assert everything() == before


def test_cash_shows_its_rounding(driver, world):
    answer = driver.submit(
        quote_address(world),
        fields(world, **{"delivery-C127": "1"}, payment_method="cash"),
        htmx=True,
    )
    assert "Cash rounding \N{MINUS SIGN}$0.01 To pay $34.65" in words(answer)


def test_what_is_owed_to_the_customer_is_said_so(driver, world):
    answer = driver.submit(
        quote_address(world), fields(world, **{"return_full-C127": "1"}), htmx=True
    )
    assert "To pay back $34.66" in words(answer)
    assert "Confirm, pay back $34.66" in words(answer)


def test_a_truck_that_is_short_says_how_many_there_are(driver, world):
    answer = driver.submit(
        quote_address(world), fields(world, **{"delivery-C127": "21"}), htmx=True
    )
    assert "has only 20 full ones" in live(answer, "say-C127")
    assert "CYL 12.7 kg: 20 on board, 21 delivered" in words(answer)


def test_a_site_that_holds_fewer_warns_and_shows_the_tick(driver, world):
    empty = driver.submit(quote_address(world), fields(world), htmx=True)
    assert "More comes back than our books have here." not in words(empty)
    answer = driver.submit(
        quote_address(world), fields(world, **{"collection-C127": "5"}), htmx=True
    )
    assert "Our books have 2 here" in live(answer, "say-C127")
    assert "More comes back than our books have here." in words(answer)
    assert answer.text.count('name="accept_shortfall"') == 1


def test_an_unfinished_reading_is_no_error_while_it_is_typed(driver, world):
    answer = driver.submit(quote_address(world), fields(world, **reading(world, "11")), htmx=True)
    assert answer.status_code == 200
    assert "below the last one, 100" in live(answer, f"usage-{world.meter.ref}")
    assert "No total yet" in words(answer)


def test_the_shown_total_is_sent_along_and_a_difference_is_shown(driver, world):
    quoted = driver.submit(quote_address(world), fields(world, **{"delivery-C127": "1"}), htmx=True)
    assert value_of(quoted, "claimed") == "3466"
    address = sold(driver, world, **{"delivery-C127": "1"}, claimed="3000")
    assert "The tablet had shown $30.00. The books say $34.66." in words(driver.get(address))
    same = sold(driver, world, **{"delivery-C127": "1"}, claimed="3466")
    assert "The tablet had shown" not in words(driver.get(same))


# --- what will not do ------------------------------------------------------------------------


def refused(driver, world, htmx=False, **typed):
    before = everything()
    answer = driver.submit(sale_address(world), fields(world, **typed), htmx=htmx)
    after = everything()
    before.pop("refused_submissions")
    after.pop("refused_submissions")
    assert after == before
    return answer


@pytest.mark.parametrize("htmx", [True, False])
def test_a_lower_reading_asks_which_kind_it_is_beside_it(driver, world, htmx):
    answer = refused(driver, world, htmx, **reading(world, "90"), **{"delivery-C127": "3"})
    assert (answer.status_code, is_page(answer)) == (422, not htmx)
    assert "The reading is below the last one, 100." in words(answer)
    assert value_of(answer, f"meter-{world.meter.ref}-current") == "90"
    assert value_of(answer, "delivery-C127") == "3"
    assert 'aria-invalid="true"' in answer.text


def test_each_kind_of_reading_can_be_chosen(driver, world):
    typed = reading(world, "7", kind="change", final="120", first="2")
    assert "$30.86" in words(driver.get(sold(driver, world, **typed)))  # 25 m3


def test_what_a_new_meter_lacks_stands_beside_it(driver, world):
    answer = refused(driver, world, **reading(world, "7", kind="change", first="2"))
    assert answer.status_code == 422
    assert "Enter the last reading of the old meter." in words(answer)


def test_of_two_readings_the_second_is_told_and_sees_the_new_one(driver, world):
    sold(driver, world, **reading(world, "110"))
    answer = refused(driver, world, **reading(world, "112"))
    assert answer.status_code == 409
    assert "read by someone else meanwhile" in words(answer)
    assert value_of(answer, f"meter-{world.meter.ref}-previous").startswith("110")
    assert value_of(answer, f"meter-{world.meter.ref}-current") == "112"
    assert sold(driver, world, **reading(world, "112", previous="110"))


@pytest.mark.parametrize("htmx", [True, False])
def test_more_than_the_truck_holds_is_refused_with_the_count(driver, world, htmx):
    answer = refused(driver, world, htmx, **{"delivery-C127": "21"})
    assert answer.status_code == 409
    assert "has 20 full CYL 12.7 kg; you asked for 21" in words(answer)
    assert value_of(answer, "delivery-C127") == "21"


def test_the_site_holds_fewer_until_the_driver_says_that_they_counted(driver, world):
    answer = refused(driver, world, **{"collection-C127": "5"})
    assert answer.status_code == 422
    assert "CYL 12.7 kg: 2 in the books, 5 collected." in words(answer)
    address = sold(driver, world, **{"collection-C127": "5"}, accept_shortfall="y")
    assert "CYL 12.7 kg: 3 more" in words(driver.get(address))


def test_no_price_is_said_beside_the_size(driver, world):
    bare = given.a_size("C30", net="30", tare="28")
    given.stock(world.truck, {bare: 2})
    answer = refused(driver, world, **{"delivery-C30": "1"})
    assert answer.status_code == 422
    assert 'id="n-delivery-C30-problem"' in answer.text


def test_too_many_deposits_back_is_said_beside_them(driver, world):
    answer = refused(driver, world, **{f"deposit_refund-{world.deposit.code}": "1"})
    assert answer.status_code == 422
    assert f'id="n-deposit_refund-{world.deposit.code}-problem"' in answer.text


def test_on_account_is_offered_to_customers_with_terms_alone(driver, world):
    db.session.get_one(Customer, world.customer.id).terms_days = None
    db.session.commit()
    page = driver.get(sale_address(world))
    assert 'value="on_account"' not in page.text
    answer = refused(driver, world)
    assert answer.status_code == 422
    assert "no credit terms" in words(answer)


HOSTILE = [
    {"delivery-C127": "-1"},
    {"delivery-C127": "1e9"},
    {"delivery-C127": "99999999999999999999"},
    {"delivery-C127": "1.5"},
    {"delivery-C127": "٣"},
    {"delivery-<script>": "1"},
    {"delivery-NOSUCH": "1"},
    {"accessory-C127": "1"},
    {"service-NOSUCH": "1"},
    {"deposit-DELIVERY": "1"},
    {"payment_method": "gold"},
    {"payment_method": ""},
    {"purchase_order": "x" * 61},
    {"purchase_order": "a\x1b@b"},
    {"note": "x" * 501},
    {"note": "a\u202eb"},
    {"source": ""},
    {"source": "nowhere"},
    {"client_temp_id": "nothing"},
    {"client_temp_id": ""},
    {"captured_at": "yesterday"},
    {"captured_at": "2026-11-20T10:00:00"},
    {"device_id": "x" * 41},
    {"device_id": "<b>"},
    {f"delivery-C{n}": "1" for n in range(200)},
]


@pytest.mark.parametrize("address", [sale_address, quote_address])
def test_hostile_input_is_answered_in_words_and_changes_nothing(driver, world, address):
    before = everything()
    for typed in HOSTILE:
        answer = driver.submit(address(world), fields(world, **typed))
        assert answer.status_code == 422, typed
        assert 'role="alert"' in answer.text, typed
    after = everything()
    before.pop("refused_submissions")
    after.pop("refused_submissions")
    assert after == before


HOSTILE_READINGS = [
    {"current": "12x"},
    {"current": "1" * 30},
    {"current": "1.23456"},
    {"current": "NaN"},
    {"current": "-5"},
    {"current": "110", "previous": ""},
    {"current": "110", "previous": "x"},
    {"current": "110", "kind": "magic"},
    {"current": "", "kind": "change", "final": "5"},
    {"current": "1000000"},
    {"current": "110.55"},
]


def test_a_hostile_reading_is_answered_beside_it(driver, world):
    for typed in HOSTILE_READINGS:
        answer = refused(driver, world, **reading(world, **typed))
        assert answer.status_code == 422, typed
        assert re.search(rf'id="meter-{world.meter.ref}-\w+-problem"', answer.text), typed


def test_more_meters_than_any_site_has_are_refused(driver, world):
    from uuid import uuid4

    many = {f"meter-{uuid4()}-current": "5" for _ in range(51)}
    assert refused(driver, world, **many).status_code == 422


def test_a_reading_with_a_thousands_comma_is_understood(driver, world):
    assert sold(driver, world, **reading(world, "1,100"))
    assert meter(world.meter).last_reading == 1100


def test_what_the_page_claims_decides_nothing(driver, world):
    for claimed in ("", "x", "1" * 40, "-5", "3.5"):
        assert sold(driver, world, claimed=claimed)


# --- the last order --------------------------------------------------------------------------


def test_the_last_order_can_be_the_beginning(driver, world):
    sold(
        driver, world,
        **{"delivery-C127": "3", "collection-C127": "2", f"service-{world.fee.code}": "1"},
        **{f"deposit-{world.deposit.code}": "1"}, **reading(world, "110"),
    )  # fmt: skip
    page = driver.get(f"{sale_address(world)}?from=last")
    assert value_of(page, "delivery-C127") == "3"
    assert value_of(page, "collection-C127") == "2"
    assert value_of(page, f"service-{world.fee.code}") == "1"
    assert value_of(page, f"deposit-{world.deposit.code}") == "0"
    assert value_of(page, f"meter-{world.meter.ref}-current") == ""
    assert "To pay $114.89" in words(page)


def test_the_page_script_gets_the_last_order_as_counts(driver, world):
    sold(driver, world, **{"delivery-C127": "3"})
    filled = re.search(r'data-fill="([^"]*)"', driver.get(sale_address(world)).text)[1]
    assert json.loads(filled.replace("&#34;", '"')) == {"delivery-C127": 3}


def test_a_first_visit_offers_no_last_order(driver, world):
    assert "data-fill" not in driver.get(sale_address(world)).text


def test_a_voided_order_is_not_offered(driver, world):
    sell(world, cylinders=size(delivered=1))
    void(world, sell(world, cylinders=size(delivered=9)))
    assert value_of(driver.get(f"{sale_address(world)}?from=last"), "delivery-C127") == "1"


# --- whose truck, whose counter --------------------------------------------------------------


def test_one_sells_from_ones_own_truck_alone(driver, stranger, world):
    theirs = fields(world, **{"delivery-C127": "1"})
    assert stranger.submit(sale_address(world), theirs).status_code == 404
    assert stranger.submit(quote_address(world), theirs).status_code == 404
    assert stranger.get(f"{sale_address(world)}?source={world.truck.ref}").status_code == 404
    assert held(world) == 2


def test_a_driver_without_a_truck_is_told(world, signed_in):
    idle = signed_in(given.a_driver())
    assert "You have no truck today" in words(idle.get(sale_address(world)))
    assert idle.submit(sale_address(world), fields(world)).status_code == 404


def test_a_supervisor_sells_from_the_depot_of_their_choice(supervisor, world):
    page = supervisor.get(f"{sale_address(world)}?source={world.depot.ref}")
    assert f"Selling from {world.depot.name}" in words(page)
    assert "100 on board" in words(page)
    answer = supervisor.submit(
        sale_address(world), fields(world, source=str(world.depot.ref), **{"delivery-C127": "1"})
    )
    assert answer.status_code == 303
    assert level(world.depot, world.sizes["C127"]) == 99


def test_with_several_trucks_one_is_chosen(driver, world):
    second = given.a_truck(world.depot, name="Truck two")
    given.assign(world.driver, second)
    page = driver.get(sale_address(world))
    assert f"?source={second.ref}" in page.text
    assert "Selling from Truck two" in words(
        driver.get(f"{sale_address(world)}?source={second.ref}")
    )


def test_a_damaged_source_begins_as_usual(driver, world):
    for source in ("nowhere", "", "x" * 5000):
        answer = driver.get(sale_address(world), query_string={"source": source})
        assert answer.status_code == 200


def test_the_office_does_not_sell(accountant, world):
    assert accountant.get(sale_address(world)).status_code == 403
    assert accountant.submit(sale_address(world), fields(world)).status_code == 403
    assert accountant.submit(quote_address(world), fields(world)).status_code == 403


def test_a_form_without_its_token_is_refused(driver, world):
    answer = driver.submit(sale_address(world), fields(world), csrf=False)
    assert answer.status_code == 419
    assert held(world) == 2


def test_a_site_that_is_not_there_is_a_404(driver, world):
    missing = "/sites/00000000-0000-4000-8000-000000000000/sale"
    assert driver.get(missing).status_code == 404
    assert driver.submit(missing, fields(world)).status_code == 404
    assert driver.submit(f"{missing}/quote", fields(world)).status_code == 404


def test_what_the_site_holds_is_told_for_each_size(driver, world):
    given.stock(world.site, {world.sizes["C50"]: 7}, condition=Condition.HELD)
    assert "7 at the site" in words(driver.get(sale_address(world)))
