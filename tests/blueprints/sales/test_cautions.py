"""Warned, not blocked: more gas than a site may have, a home called at in the night."""

from datetime import datetime
from decimal import Decimal

import pytest

from hsh.core import clock
from hsh.db import db
from hsh.models.registry import Site
from tests import given, selling
from tests.visitor import words


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


def site(world, **fields):
    row = db.session.get_one(Site, world.site.id)
    for name, value in fields.items():
        setattr(row, name, value)
    db.session.commit()


def at(hour, minute=0):
    return datetime(2026, 11, 20, hour, minute, tzinfo=clock.SINGAPORE)


def deliver(world, count=2):
    return selling.sell(world, cylinders=selling.size(delivered=count))


def page(signed_in, person, sold):
    return words(signed_in(person).get(f"/transactions/{sold.ref}"))


def quote(visitor, world, **counts):
    sent = {"source": str(world.truck.ref), "payment_method": "cash"} | counts
    return words(visitor.submit(f"/sites/{world.site.ref}/sale/quote", sent, htmx=True))


def test_the_driver_is_warned_of_too_much_gas_and_may_go_on(world, signed_in):
    site(world, kg_limit=Decimal(30))
    visitor = signed_in(world.driver)
    assert "kg of gas" not in quote(visitor, world, **{"delivery-C127": "2"})
    warned = "38.1 kg of gas at this site, if all is full: more than its 30 kg."
    assert warned in quote(visitor, world, **{"delivery-C127": "3"})
    sold = deliver(world, 3)
    assert warned in page(signed_in, world.driver, sold)
    assert warned in page(signed_in, world.supervisor, sold)


def test_what_leaves_the_site_makes_room(world, signed_in):
    site(world, kg_limit=Decimal(30))
    deliver(world, 2)
    visitor = signed_in(world.driver)
    counts = {"delivery-C127": "2", "collection-C127": "2"}
    assert "kg of gas at this site" not in quote(visitor, world, **counts)
    assert "50.8 kg of gas" in quote(visitor, world, **{"delivery-C127": "2"})


def test_a_sales_page_tells_of_the_gas_as_it_was_then(world, signed_in):
    site(world, kg_limit=Decimal(30))
    first, second = deliver(world, 2), deliver(world, 1)
    assert "kg of gas at this site" not in page(signed_in, world.supervisor, first)
    assert "38.1 kg of gas at this site" in page(signed_in, world.supervisor, second)


def test_without_a_limit_nobody_is_warned(world, signed_in):
    assert "kg of gas at this site" not in page(signed_in, world.supervisor, deliver(world, 20))


@pytest.mark.parametrize(
    ("time", "late"), [(at(6, 59), True), (at(7), False), (at(21), False), (at(21, 1), True)]
)
def test_a_home_is_not_called_at_in_the_night(world, signed_in, time, late):
    site(world, household=True)
    with clock.running(lambda: time):
        visitor = signed_in(world.driver)
        said = quote(visitor, world, **{"delivery-C127": "1"})
        sold = deliver(world, 1)
    warned = f"This is a home, at {time:%H:%M}: deliver between 7:00 and 21:00."
    assert (warned in said) is late
    assert (warned in page(signed_in, world.supervisor, sold)) is late


def test_an_eatery_is_called_at_whenever_it_cooks(world, signed_in):
    with clock.running(lambda: at(23)):
        sold = deliver(world)
    assert "This is a home" not in page(signed_in, world.supervisor, sold)
