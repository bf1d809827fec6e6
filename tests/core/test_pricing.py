from __future__ import annotations

from decimal import Decimal as D

from hypothesis import given, strategies

from hsh.core.pricing import Line, other_basis, total
from hsh.core.words import LineKind, TaxCode

GST = D("0.09")


def line(kind=LineKind.DELIVERY, quantity=1, price="32.50", tax=TaxCode.STANDARD) -> Line:
    return Line(
        kind=kind, name="CYL", code="C", unit="cyl", quantity=D(quantity), unit_price=D(price),
        tax_code=tax, tax_rate=GST if tax == TaxCode.STANDARD else D(0),
    )  # fmt: skip


def test_gst_is_computed_once_on_the_total_and_not_line_by_line():
    lines = [line(price="0.05")] * 3  # a line alone would carry 0.00 of tax
    totals = total(lines, inclusive=False, registered=True, cash=False)
    assert (totals.net, totals.tax, totals.payable) == (15, 1, 16)


def test_an_inclusive_list_finds_the_gst_inside():
    totals = total([line(price="109")], inclusive=True, registered=True, cash=False)
    assert (totals.net, totals.tax, totals.payable) == (10000, 900, 10900)


def test_a_deposit_stands_outside_the_taxable_total():
    deposit = line(kind=LineKind.DEPOSIT, price="40", tax=TaxCode.OUT_OF_SCOPE)
    totals = total([line(), deposit], inclusive=False, registered=True, cash=False)
    assert (totals.net, totals.tax, totals.deposits, totals.payable) == (3250, 293, 4000, 7543)


def test_a_company_without_registration_charges_no_gst():
    totals = total([line()], inclusive=False, registered=False, cash=False)
    assert (totals.taxes, totals.tax, totals.payable) == ((), 0, 3250)


def test_cash_rounding_is_a_line_of_its_own_after_the_total():
    totals = total([line()], inclusive=False, registered=True, cash=True)
    assert (totals.gross, totals.rounding, totals.payable) == (3543, 2, 3545)


def test_a_nil_visit_comes_to_nothing():
    assert total([], inclusive=False, registered=True, cash=True).payable == 0


def test_each_rate_is_a_category_of_its_own():
    old = Line(**{**vars(line(quantity=-1)), "tax_rate": D("0.08")})
    totals = total([line(), old], inclusive=False, registered=True, cash=False)
    assert [(t.rate, t.net, t.tax) for t in totals.taxes] == [
        (D("0.08"), -3250, -260),
        (D("0.09"), 3250, 293),
    ]


@given(
    strategies.lists(
        strategies.tuples(strategies.integers(-500, 500), strategies.decimals(0, 999, places=4)),
        max_size=8,
    ),
    strategies.booleans(),
)
def test_taking_every_line_back_comes_to_the_same_with_the_other_sign(rows, inclusive):
    lines = [line(quantity=q, price=str(p)) for q, p in rows]
    there = total(lines, inclusive=inclusive, registered=True, cash=False)
    back = total([x.negated() for x in lines], inclusive=inclusive, registered=True, cash=False)
    assert (back.net, back.tax, back.payable) == (-there.net, -there.tax, -there.payable)


def test_a_price_can_be_put_on_the_other_basis():
    assert other_basis(D("100"), GST, to_inclusive=True) == D("109")
    assert other_basis(D("109"), GST, to_inclusive=False) == D("100")
