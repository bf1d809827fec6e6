import pytest

from hsh.documents.figures import amount, day, decimal, money, percent, price

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (123450, "1,234.50"),
        (-5, f"{MINUS}0.05"),
        (-123450, f"{MINUS}1,234.50"),
    ],
)
def test_cents_are_said_in_dollars(cents, said):
    assert amount(cents) == said


def test_money_names_its_currency_and_a_credit_is_clear():
    assert money(123450) == "S$\N{NO-BREAK SPACE}1,234.50"
    assert money(-123450) == f"{MINUS}S$\N{NO-BREAK SPACE}1,234.50"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("12.5000", "12.5"),
        ("6", "6"),
        ("1E+3", "1,000"),
        ("0.0000", "0"),
        ("-0.25", f"{MINUS}0.25"),
        ("100", "100"),
    ],
)
def test_a_quantity_has_every_digit_that_counts_and_no_other(value, said):
    assert decimal(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [("36", "36.00"), ("18.5", "18.50"), ("5.4321", "5.4321"), ("1.2500", "1.25")],
)
def test_a_price_has_cents_at_least(value, said):
    assert price(value) == said


def test_a_rate_is_said_in_percent():
    assert (percent("0.09"), percent("0.085"), percent("0")) == ("9%", "8.5%", "0%")


def test_a_date_is_said_in_the_readers_language():
    assert day("2026-11-20", "en") == "20 Nov 2026"
    assert "11月" in day("2026-11-20", "zh")
