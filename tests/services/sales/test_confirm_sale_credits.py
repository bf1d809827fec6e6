from datetime import date
from decimal import Decimal

import pytest

from hsh.core.words import Condition
from tests import given
from tests.selling import (
    NOON,
    amounts,
    at,
    gst_from,
    level,
    paper,
    price_list,
    prices_with_gst,
    sell,
    size,
    totals,
    void,
)


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


def dearer(world, dollars="40", day=date(2026, 11, 20)):
    given.a_rate(dollars, of=price_list(world), item=world.sizes["C127"], starts_on=day)


def test_full_is_credited_whole_and_part_used_half(world):
    sell(world, cylinders=size(delivered=4))
    sold = sell(world, cylinders=size(returned_full=1, returned_part=2))
    assert amounts(sold) == {"return_full": -3180, "return_part": -3180}
    assert totals(sold)["payable"] == -(6360 + 572)
    truck, item = world.truck, world.sizes["C127"]
    assert (level(truck, item), level(truck, item, Condition.PART)) == (17, 2)


def test_a_size_may_credit_another_share(world):
    odd = given.a_size("C30", net="30", tare="28", part_credit="0.25")
    given.a_rate("80", of=price_list(world), item=odd)
    given.stock(world.site, {odd: 1}, condition=Condition.HELD)
    assert amounts(sell(world, cylinders=size("C30", returned_part=1))) == {"return_part": -2000}


def test_the_credit_is_what_the_latest_invoice_charged_not_todays_price(world):
    with at(NOON.replace(day=18)):
        sell(world, cylinders=size(delivered=1))
    dearer(world)
    with at(NOON):
        assert amounts(sell(world, cylinders=size(returned_full=1))) == {"return_full": -3180}


def test_the_latest_invoice_counts_each_size_for_itself(world):
    with at(NOON.replace(day=18)):
        sell(world, cylinders=size(delivered=1))
    dearer(world)
    with at(NOON):
        sell(world, cylinders=size("C50", delivered=1))
        assert amounts(sell(world, cylinders=size(returned_full=1))) == {"return_full": -3180}


def test_a_voided_invoice_does_not_stand(world):
    with at(NOON.replace(day=18)):
        sell(world, cylinders=size(delivered=2))
    dearer(world)
    with at(NOON):
        void(world, sell(world, cylinders=size(delivered=1)))
        assert amounts(sell(world, cylinders=size(returned_full=1))) == {"return_full": -3180}


def test_without_an_invoice_todays_price_is_credited(world):
    given.stock(world.site, {world.sizes["C127"]: 1}, condition=Condition.HELD)
    assert amounts(sell(world, cylinders=size(returned_full=1))) == {"return_full": -3180}


def test_another_sites_invoice_does_not_count(world):
    from hsh.core.words import RateScope

    other = given.a_site(world.customer)
    given.a_rate("10", of=other, scope=RateScope.SITE, item=world.sizes["C127"])
    sell(world, site=other.ref, cylinders=size(delivered=1))
    given.stock(world.site, {world.sizes["C127"]: 1}, condition=Condition.HELD)
    assert amounts(sell(world, cylinders=size(returned_full=1))) == {"return_full": -3180}


def test_the_tax_of_the_invoice_is_given_back_after_gst_rose(world):
    with at(NOON.replace(day=18)):
        sell(world, cylinders=size(delivered=1))
    gst_from(date(2026, 11, 20), "0.1")
    with at(NOON):
        sold = sell(world, cylinders=size(delivered=1, returned_full=1))
    taxes = {tax["rate"]: (tax["net"], tax["tax"]) for tax in paper(sold)["taxes"]}
    assert taxes == {"0.09": (-3180, -286), "0.1": (3180, 318)}


def test_a_price_without_gst_is_credited_with_gst_once_the_list_has_it_inside(world):
    sell(world, cylinders=size(delivered=1))  # 31.80 without GST
    prices_with_gst(world)
    sold = sell(world, cylinders=size(returned_full=1))
    (line,) = paper(sold)["lines"]
    assert Decimal(line["unit_price"]) == Decimal("34.662")
    assert totals(sold) == {
        "net": -3180, "tax": -286, "gross": -3466, "deposits": 0, "rounding": 0, "payable": -3466,
    }  # fmt: skip


def test_delivered_and_returned_in_one_visit_both_stand_on_the_invoice(world):
    sell(world, cylinders=size(delivered=1))
    sold = sell(world, cylinders=size(delivered=2, returned_full=1))
    assert amounts(sold) == {"delivery": 6360, "return_full": -3180}
    assert sold.document.startswith("INV-")
