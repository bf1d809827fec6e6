from datetime import date

import pytest
from sqlalchemy import select

from hsh.core.refusals import Invalid, NoTerms, RefundTooHigh
from hsh.core.words import LineKind, PaymentMethod, RateScope
from hsh.db import db
from hsh.models.sales import DepositBalance, Payment, TransactionLine
from tests import given
from tests.selling import (
    NOON,
    amounts,
    at,
    count,
    document,
    everything,
    paper,
    prices_with_gst,
    sell,
    size,
    totals,
    transaction,
)

CASH = PaymentMethod.CASH


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


def payments(outcome):
    rows = db.session.scalars(
        select(Payment).where(Payment.transaction_id == transaction(outcome).id)
    )
    return [(row.method, row.amount) for row in rows]


def held_deposits():
    return [
        (row.quantity, row.amount)
        for row in db.session.scalars(
            select(DepositBalance).execution_options(populate_existing=True)
        )
    ]


def test_gst_is_taken_once_on_the_total(world):
    """Three lines of 22.50 and one of 31.80: 9% of 54.30 is 4.887, not three rounded parts."""
    sold = sell(world, cylinders=(*size("C9", delivered=1), *size(delivered=1)))
    assert (totals(sold)["net"], totals(sold)["tax"]) == (5430, 489)


def test_a_price_list_with_gst_inside_shows_the_same_total_taken_apart(world):
    prices_with_gst(world)
    sold = sell(world, cylinders=size(delivered=1))
    assert paper(sold)["price_basis"] == "inclusive"
    assert totals(sold) == {
        "net": 2917, "tax": 263, "gross": 3180, "deposits": 0, "rounding": 0, "payable": 3180,
    }  # fmt: skip


def test_the_sites_own_price_comes_before_the_customers_and_that_before_the_lists(world):
    given.a_rate("30", of=world.customer, scope=RateScope.CUSTOMER, item=world.sizes["C127"])
    assert amounts(sell(world, cylinders=size(delivered=1))) == {"delivery": 3000}
    given.a_rate("29", of=world.site, scope=RateScope.SITE, item=world.sizes["C127"])
    assert amounts(sell(world, cylinders=size(delivered=1))) == {"delivery": 2900}


def test_a_deposit_carries_no_gst_and_stands_outside_the_taxable_total(world):
    sold = sell(world, cylinders=size(delivered=1), deposits=count(world.deposit))
    assert totals(sold) == {
        "net": 3180, "tax": 286, "gross": 3466, "deposits": 5000, "rounding": 0, "payable": 8466,
    }  # fmt: skip
    assert held_deposits() == [(1, 5000)]


def test_deposits_are_given_back_at_what_was_paid_for_them(world):
    sell(world, deposits=count(world.deposit, 2))
    from hsh.core.words import RateSubject
    from tests.selling import price_list

    given.a_rate(
        "70", of=price_list(world), what=RateSubject.SERVICE, item=world.deposit,
        starts_on=date(2020, 1, 2),
    )  # fmt: skip
    back = sell(world, refunds=count(world.deposit, 2))
    assert amounts(back) == {"deposit_refund": -10000}
    assert back.document.startswith("CN-")
    assert held_deposits() == [(0, 0)]


def test_no_more_deposits_are_given_back_than_the_site_paid(world):
    sell(world, deposits=count(world.deposit))
    before = everything()
    with pytest.raises(RefundTooHigh) as no:
        sell(world, refunds=count(world.deposit, 2))
    assert no.value.field == f"deposit_refund-{world.deposit.code}"
    assert (no.value.params["held"], no.value.params["wanted"]) == (1, 2)
    assert everything() == before


def test_another_sites_deposits_are_not_given_back_here(world):
    sell(world, deposits=count(world.deposit))
    other = given.a_site(world.customer)
    with pytest.raises(RefundTooHigh):
        sell(world, site=other.ref, refunds=count(world.deposit))


@pytest.mark.parametrize(
    ("rounding", "method", "expected"),
    [
        (True, CASH, (-1, 3465)),
        (True, PaymentMethod.PAYNOW, (0, 3466)),
        (False, CASH, (0, 3466)),
    ],
)
def test_cash_alone_is_rounded_and_only_if_the_company_rounds(app, rounding, method, expected):
    world = given.a_world(full_on_truck=20, cash_rounding=rounding)
    sold = sell(world, cylinders=size(delivered=1), payment_method=method)
    assert (totals(sold)["rounding"], totals(sold)["payable"]) == expected
    assert payments(sold) == [(method, expected[1])]


def test_a_company_without_registration_charges_no_gst(app):
    world = given.a_world(full_on_truck=20, gst_number=None)
    sold = sell(world, cylinders=size(delivered=1))
    assert (totals(sold)["tax"], totals(sold)["payable"]) == (0, 3180)
    assert paper(sold)["taxes"] == []


def test_a_zero_rated_fee_is_a_category_of_its_own(world):
    from hsh.core.words import RateSubject, TaxCode
    from tests.selling import price_list

    export = given.a_fee("EXPORT", "Export papers", TaxCode.ZERO)
    given.a_rate("12", of=price_list(world), what=RateSubject.SERVICE, item=export)
    sold = sell(world, services=(*count(export), *count(world.fee)))
    assert [(t["code"], t["net"], t["tax"]) for t in paper(sold)["taxes"]] == [
        ("SR", 1000, 90),
        ("ZR", 1200, 0),
    ]


def test_on_account_is_due_after_the_terms_and_no_payment_is_recorded(world):
    with at(NOON):
        sold = sell(world, cylinders=size(delivered=1))
    assert document(sold).due_on == date(2026, 12, 20)
    assert (payments(sold), paper(sold)["payment"]["paid"]) == ([], 0)


def test_on_account_needs_terms(world):
    at_once = given.a_site(given.a_customer(terms_days=None))
    before = everything()
    with pytest.raises(NoTerms) as no:
        sell(world, site=at_once.ref)
    assert no.value.field == "payment_method"
    assert everything() == before


def test_money_paid_back_is_a_negative_payment(world):
    sell(world, cylinders=size(delivered=1))
    back = sell(world, cylinders=size(returned_full=1), payment_method=CASH)
    assert payments(back) == [("cash", -3466)]


@pytest.mark.parametrize("quantity", [-1, 10_000])
def test_counts_have_sensible_bounds(world, quantity):
    with pytest.raises(Invalid) as no:
        sell(world, cylinders=size(delivered=quantity))
    assert (no.value.field, no.value.params["reason"]) == ("delivery-C127", "too_many")


@pytest.mark.parametrize("part", ["accessories", "services", "deposits", "refunds", "cylinders"])
def test_what_is_not_in_the_registry_is_not_sold(world, part):
    nothing = (
        size("NOSUCH", delivered=1)
        if part == "cylinders"
        else count(given.Thing(id=0, code="NOSUCH"))
    )
    with pytest.raises(Invalid) as no:
        sell(world, **{part: nothing})
    assert no.value.params["reason"] == "unknown_item"


def test_each_line_keeps_the_price_and_tax_that_it_used(world):
    sold = sell(world, cylinders=size(delivered=2))
    (line,) = db.session.scalars(
        select(TransactionLine).where(TransactionLine.transaction_id == transaction(sold).id)
    )
    assert (line.kind, line.quantity, line.amount) == (LineKind.DELIVERY, 2, 6360)
    assert (str(line.unit_price), str(line.tax_rate)) == ("31.8000", "0.0900")
