from datetime import timedelta

from hsh.core import clock
from hsh.core.words import PaymentMethod
from tests import given
from tests.selling import at, sell, size, void
from tests.visitor import words


def test_a_driver_sees_their_own_sales_of_today_by_payment(driver, world):
    for method, count in (("cash", 2), ("cash", 1), ("on_account", 1)):
        sell(world, cylinders=size(delivered=count), payment_method=PaymentMethod(method))
    shown = words(driver.get("/"))
    assert "Cash 2 sales $103.95" in shown
    assert "On account 1 sale $34.66" in shown
    assert "3 sales" in shown


def test_yesterdays_and_others_do_not_count(driver, world):
    with at(clock.now() - timedelta(days=1)):
        sell(world)
    mate = given.a_driver(world.truck)
    sell(world, actor=mate.actor)
    assert "0 sales" in words(driver.get("/"))


def test_a_supervisor_sees_the_whole_depot_with_voids(supervisor, world):
    sale = sell(world, cylinders=size(delivered=1), payment_method=PaymentMethod.CASH)
    void(world, sale)
    shown = words(supervisor.get("/"))
    assert "Cash 2 sales $0.00" in shown
    assert "CN-" in shown
