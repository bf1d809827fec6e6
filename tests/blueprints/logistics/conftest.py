import pytest

from tests import given


@pytest.fixture
def world(app):
    return given.a_world()


@pytest.fixture
def driver(world, signed_in):
    return signed_in(world.driver)


@pytest.fixture
def supervisor(world, signed_in):
    return signed_in(world.supervisor)


@pytest.fixture
def stranger(world, signed_in):
    """A driver of the same depot with a truck of their own."""
    return signed_in(given.a_driver_with_truck(world.depot)[0])


@pytest.fixture
def accountant(world, signed_in):
    return signed_in(given.an_accountant())


@pytest.fixture
def admin(world, signed_in):
    return signed_in(given.an_admin())
