from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import select

from hsh.core.refusals import Invalid, MeterMoved, NoRate, ReadingBackwards
from hsh.core.words import ReadingKind
from hsh.db import db
from hsh.models.registry import Meter
from hsh.models.sales import MeterReading
from hsh.services.sales import readings
from tests import given
from tests.only import on_a_server
from tests.selling import (
    NOON,
    amounts,
    at,
    at_once,
    everything,
    meter,
    order,
    paper,
    reading,
    sell,
)

KIND = ReadingKind


@pytest.fixture
def world(app):
    return given.a_world()


def state(world):
    row = meter(world.meter)
    return row.last_reading, row.estimated, row.version


def usage(outcome):
    """What was billed, and how the document says that it was read."""
    (line,) = paper(outcome)["lines"]
    return Decimal(line["quantity"]), line["meter"]


def test_a_normal_reading_bills_from_the_last_one(world):
    with at(NOON):
        billed, said = usage(sell(world, readings=reading(world.meter, "112.5")))
    assert billed == Decimal("12.5")
    assert (said["previous"], said["current"], said["current_on"]) == ("100", "112.5", "2026-11-20")
    assert state(world) == (Decimal("112.5"), 0, 1)


def test_a_normal_reading_may_be_the_same_as_the_last(world):
    assert usage(sell(world, readings=reading(world.meter, "100")))[0] == 0


def test_a_normal_reading_below_the_last_asks_which_kind_it_is(world):
    before = everything()
    with pytest.raises(ReadingBackwards) as no:
        sell(world, readings=reading(world.meter, "99.9"))
    assert no.value.field == f"current-{world.meter.ref}"
    assert no.value.params == {"last": 100, "current": Decimal("99.9")}
    assert everything() == before


def test_an_estimate_is_billed_and_never_becomes_the_base(world):
    billed, said = usage(sell(world, readings=reading(world.meter, "110", kind=KIND.ESTIMATED)))
    assert (billed, said["kind"]) == (10, "estimated")
    assert state(world) == (100, 10, 1)


def test_a_second_estimate_bills_what_the_first_did_not(world):
    sell(world, readings=reading(world.meter, "110", kind=KIND.ESTIMATED))
    billed, _ = usage(sell(world, readings=reading(world.meter, "115", kind=KIND.ESTIMATED)))
    assert (billed, state(world)) == (5, (100, 15, 2))


@pytest.mark.parametrize(("current", "billed"), [("118", 8), ("104", -6), ("110", 0)])
def test_the_reading_after_an_estimate_settles_it_even_downwards(world, current, billed):
    sell(world, readings=reading(world.meter, "110", kind=KIND.ESTIMATED))
    sold = sell(world, readings=reading(world.meter, current))
    quantity, said = usage(sold)
    assert (quantity, said["already_billed"]) == (billed, "10")
    assert state(world) == (Decimal(current), 0, 2)
    assert sold.document.startswith("CN" if billed < 0 else "INV")


def test_an_estimate_below_what_estimates_billed_is_refused(world):
    sell(world, readings=reading(world.meter, "110", kind=KIND.ESTIMATED))
    with pytest.raises(Invalid) as no:
        sell(world, readings=reading(world.meter, "105", kind=KIND.ESTIMATED))
    assert no.value.params["reason"] == "estimate_below_billed"


def test_a_rollover_goes_over_the_highest_count(world):
    near_the_end = given.a_meter(world.site, last="999990", digits=6)
    sold = sell(world, readings=reading(near_the_end, "5", previous="999990", kind=KIND.ROLLOVER))
    assert usage(sold)[0] == 15
    assert meter(near_the_end).last_reading == 5


def test_a_rollover_must_be_below_the_last_reading(world):
    with pytest.raises(Invalid) as no:
        sell(world, readings=reading(world.meter, "101", kind=KIND.ROLLOVER))
    assert no.value.params["reason"] == "rollover_not_lower"


def test_a_new_meter_bills_both_its_ends(world):
    sold = sell(world, readings=reading(world.meter, "7", kind=KIND.CHANGE, final="120", first="2"))
    billed, said = usage(sold)
    assert (billed, said["final"], said["first"]) == (25, "120", "2")
    assert state(world) == (7, 0, 1)


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"final": None, "first": "0"}, "final", "change_needs_final"),
        ({"final": "120", "first": None}, "first", "change_needs_first"),
        ({"final": "99", "first": "0"}, "final", "final_below_last"),
        ({"final": "120", "first": "8"}, "current", "current_below_first"),
    ],
)
def test_what_is_wrong_with_a_new_meter_stands_beside_its_part(world, typed, field, reason):
    with pytest.raises(Invalid) as no:
        sell(world, readings=reading(world.meter, "7", kind=KIND.CHANGE, **typed))
    assert (no.value.field, no.value.params["reason"]) == (f"{field}-{world.meter.ref}", reason)


@pytest.mark.parametrize(
    ("current", "reason"),
    [("1000000", "reading_beyond_dial"), ("100.05", "reading_decimals")],
)
def test_a_dial_cannot_show_everything(world, current, reason):
    with pytest.raises(Invalid) as no:
        sell(world, readings=reading(world.meter, current))
    assert no.value.params["reason"] == reason


def test_the_second_of_two_readings_of_one_state_is_told_the_new_one(world):
    sell(world, readings=reading(world.meter, "110"))
    before = everything()
    with pytest.raises(MeterMoved) as no:
        sell(world, readings=reading(world.meter, "111"))
    assert (no.value.field, no.value.params["last"]) == (f"current-{world.meter.ref}", 110)
    assert everything() == before


def test_of_readings_at_the_same_moment_one_wins_and_the_others_are_told(app, world):
    orders = [order(world, readings=reading(world.meter, f"11{n}")) for n in range(4)]
    from hsh.services.sales.transactions import confirm_sale

    answers = at_once(app, [lambda one=one: confirm_sale(one) for one in orders])
    won = [answer for answer in answers if not isinstance(answer, MeterMoved)]
    assert len(won) == 1
    assert len(answers) - len(won) == 3
    assert len(db.session.scalars(select(MeterReading)).all()) == 1
    assert meter(world.meter).version == 1


@on_a_server  # on SQLite the second does not begin before the first has ended
def test_two_readings_that_were_priced_together_are_told_apart_by_the_version(
    app, world, monkeypatch
):
    """Without another try: that a version is unique among the readings would otherwise help."""
    from hsh.services.sales.transactions import confirm_sale

    orders = [order(world, readings=reading(world.meter, current)) for current in ("110", "111")]
    priced, advance = Barrier(len(orders), timeout=30), readings.advance

    def advance_together(steps):
        priced.wait()
        advance(steps)

    monkeypatch.setattr(readings, "advance", advance_together)
    monkeypatch.setattr("hsh.db.ATTEMPTS", 1)
    answers = at_once(app, [lambda one=one: confirm_sale(one) for one in orders])
    assert [isinstance(answer, MeterMoved) for answer in answers].count(True) == 1
    assert meter(world.meter).version == 1


def test_readings_of_one_visit_chain_one_behind_the_other(world):
    for last, current in (("100", "110"), ("110", "111.5"), ("111.5", "140")):
        sell(world, readings=reading(world.meter, current, previous=last))
    assert state(world) == (140, 0, 3)


def test_a_meter_of_another_site_is_not_read_here(world):
    stranger = given.a_meter(given.a_site())
    with pytest.raises(Invalid) as no:
        sell(world, readings=reading(stranger, "110"))
    assert no.value.params["reason"] == "unknown_meter"


def test_one_meter_twice_in_one_visit_is_refused(world):
    before = everything()
    with pytest.raises(Invalid) as no:
        sell(world, readings=reading(world.meter, "110") * 2)
    assert no.value.params["reason"] == "meter_twice"
    assert everything() == before


def test_usage_without_a_price_is_refused_beside_the_reading(world):
    site = given.a_site(given.a_customer())
    bare = given.a_meter(site)
    with pytest.raises(NoRate) as no:
        sell(world, site=site.ref, readings=reading(bare, "110"))
    assert no.value.field == f"current-{bare.ref}"


def test_usage_takes_the_rate_of_the_readings_day(world):
    from datetime import date, timedelta

    from hsh.core.words import RateSubject
    from tests.selling import price_list

    given.a_rate("2", of=price_list(world), what=RateSubject.USAGE, starts_on=date(2026, 11, 20))
    with at(NOON):
        yesterday = sell(
            world, readings=reading(world.meter, "110"), captured_at=NOON - timedelta(days=1)
        )
        today = sell(world, readings=reading(world.meter, "120", previous="110"))
    assert (amounts(yesterday), amounts(today)) == ({"usage": 1235}, {"usage": 2000})


def test_an_estimate_that_bills_nothing_leaves_the_day_of_the_base_too(world):
    before = db.session.get_one(Meter, world.meter.id).last_read_on
    sell(world, readings=reading(world.meter, "100", kind=ReadingKind.ESTIMATED))
    assert db.session.get_one(Meter, world.meter.id, populate_existing=True).last_read_on == before
