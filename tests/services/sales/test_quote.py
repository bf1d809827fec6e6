import pytest

from hsh.core.refusals import NotAllowed, NotFound, ReadingBackwards
from hsh.core.words import Condition, PaymentMethod
from hsh.services.sales.transactions import quote
from tests import given
from tests.selling import count, everything, order, reading, sell, size, totals


@pytest.fixture
def world(app):
    world = given.a_world(full_on_truck=20, cash_rounding=True)
    given.stock(world.site, {world.sizes["C127"]: 2}, condition=Condition.HELD)
    return world


def test_a_quote_is_what_the_sale_then_says_and_writes_nothing(world):
    visit = {
        "readings": reading(world.meter, "112.5"),
        "cylinders": size(delivered=2, collected=1, returned_part=1),
        "services": count(world.fee),
        "deposits": count(world.deposit),
        "payment_method": PaymentMethod.CASH,
    }
    before = everything()
    quoted = quote(order(world, **visit)).totals
    assert everything() == before
    sold = totals(sell(world, **visit))
    assert sold == {
        "net": quoted.net,
        "tax": quoted.tax,
        "gross": quoted.gross,
        "deposits": quoted.deposits,
        "rounding": quoted.rounding,
        "payable": quoted.payable,
    }


def test_what_the_truck_lacks_can_be_priced_all_the_same(world):
    assert quote(order(world, cylinders=size(delivered=500, collected=9))).totals.net == 1_590_000


def test_the_same_refusals_as_in_the_sale(world):
    with pytest.raises(ReadingBackwards):
        quote(order(world, readings=reading(world.meter, "1")))


def test_prices_of_others_are_not_told(world):
    """A driver prices a visit with their own truck; who may not sell learns no price."""
    with pytest.raises(NotFound):
        quote(order(world, source=given.a_truck().ref))
    with pytest.raises(NotAllowed):
        quote(order(world, actor=given.an_accountant().actor))
