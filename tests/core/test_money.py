from __future__ import annotations

from decimal import Decimal

import pytest

from hsh.core.money import cash_rounding, line_amount, tax_on, tax_within, to_cents


@pytest.mark.parametrize(
    ("dollars", "cents"),
    [("1.005", 101), ("1.0049", 100), ("-1.005", -101), ("0", 0), ("2.675", 268)],
)
def test_half_a_cent_rounds_away_from_zero(dollars, cents):
    assert to_cents(Decimal(dollars)) == cents


def test_a_line_is_rounded_once_on_the_exact_product():
    assert line_amount(Decimal("12.5"), Decimal("2.3456")) == 2932


def test_gst_is_added_to_an_exclusive_total_and_found_within_an_inclusive_one():
    assert tax_on(10000, Decimal("0.09")) == 900
    assert tax_within(10900, Decimal("0.09")) == 900


@pytest.mark.parametrize(
    ("payable", "change"),
    [(101, -1), (102, -2), (103, 2), (104, 1), (105, 0), (-102, 2), (-103, -2), (0, 0)],
)
def test_cash_goes_to_the_nearest_five_cents_either_way(payable, change):
    assert cash_rounding(payable) == change
    assert (payable + change) % 5 == 0
