import pytest

from hsh.core.words import Condition
from tests import given


@pytest.fixture
def world(app):
    """Twenty of each size on the truck, and two of 12.7 kg at the site."""
    world = given.a_world(full_on_truck=20, cash_rounding=True)
    given.stock(world.site, {world.sizes["C127"]: 2}, condition=Condition.HELD)
    return world


@pytest.fixture
def driver(world, signed_in):
    return signed_in(world.driver)


@pytest.fixture
def supervisor(world, signed_in):
    return signed_in(world.supervisor)


@pytest.fixture
def stranger(world, signed_in):
    """A driver of the same depot, with another truck."""
    return signed_in(given.a_driver(given.a_truck(world.depot)))


@pytest.fixture
def accountant(world, signed_in):
    return signed_in(given.an_accountant())
