from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest

from hsh.core.meters import MeterState, Reading, measure
from hsh.core.refusals import Invalid, ReadingBackwards
from hsh.core.words import ReadingKind

METER = MeterState(digits=4, decimals=2, last=D("100"), estimated=D("0"))


def read(kind: ReadingKind, current: str, **parts: str) -> Reading:
    return Reading(kind=kind, current=D(current), **{k: D(v) for k, v in parts.items()})


def test_a_normal_reading_bills_what_was_used():
    usage = measure(METER, read(ReadingKind.NORMAL, "112.5"))
    assert (usage.billed, usage.next_last, usage.next_estimated) == (D("12.5"), D("112.5"), 0)


def test_a_lower_reading_asks_which_kind_it_is():
    with pytest.raises(ReadingBackwards):
        measure(METER, read(ReadingKind.NORMAL, "99.99"))


def test_an_estimate_bills_but_never_becomes_the_base():
    usage = measure(METER, read(ReadingKind.ESTIMATED, "130"))
    assert (usage.billed, usage.next_last, usage.next_estimated) == (D(30), D(100), D(30))


def test_the_next_actual_reading_takes_back_what_estimates_billed_too_much():
    after_estimate = replace(METER, estimated=D(30))
    usage = measure(after_estimate, read(ReadingKind.NORMAL, "120"))
    assert (usage.billed, usage.next_last, usage.next_estimated) == (D(-10), D(120), 0)


def test_a_second_estimate_bills_only_what_the_first_did_not():
    usage = measure(replace(METER, estimated=D(30)), read(ReadingKind.ESTIMATED, "145"))
    assert (usage.billed, usage.next_estimated) == (D(15), D(45))


def test_an_estimate_below_what_was_billed_is_refused():
    with pytest.raises(Invalid, match="estimate_below_billed"):
        measure(replace(METER, estimated=D(30)), read(ReadingKind.ESTIMATED, "120"))


def test_a_rollover_counts_over_the_top_of_the_dial():
    usage = measure(replace(METER, last=D("9990")), read(ReadingKind.ROLLOVER, "5"))
    assert (usage.billed, usage.next_last) == (D(15), D(5))


def test_a_rollover_that_is_not_lower_is_refused():
    with pytest.raises(Invalid, match="rollover_not_lower"):
        measure(METER, read(ReadingKind.ROLLOVER, "100"))


def test_a_meter_change_adds_the_end_of_the_old_and_the_start_of_the_new():
    usage = measure(METER, read(ReadingKind.CHANGE, "7", final="110", first="2"))
    assert (usage.billed, usage.next_last) == (D(15), D(7))


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"first": "0"}, "change_needs_final"),
        ({"final": "110"}, "change_needs_first"),
        ({"final": "99", "first": "0"}, "final_below_last"),
        ({"final": "110", "first": "8"}, "current_below_first"),
    ],
)
def test_a_meter_change_says_what_is_missing_or_impossible(parts, reason):
    with pytest.raises(Invalid, match=reason):
        measure(METER, read(ReadingKind.CHANGE, "7", **parts))


@pytest.mark.parametrize(
    ("current", "reason"),
    [
        ("10000", "reading_beyond_dial"),
        ("-1", "reading_beyond_dial"),
        ("100.123", "reading_decimals"),
    ],
)
def test_a_reading_that_the_dial_cannot_show_is_refused(current, reason):
    with pytest.raises(Invalid, match=reason):
        measure(METER, read(ReadingKind.NORMAL, current))
