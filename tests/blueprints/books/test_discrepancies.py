"""/discrepancies: sites that gave back more than the books said they held."""

import pytest

from hsh.services.sales.orders import CylinderEntry
from tests import a_day, given
from tests.visitor import words


@pytest.fixture
def world(app):
    world = given.a_world(full_at_depot=0)
    a_day.sell(
        world,
        cylinders=[CylinderEntry(equipment="C127", collected=4)],
        accept_shortfall=True,
    )
    return world


@pytest.mark.parametrize("someone", [given.a_driver, given.an_accountant])
def test_it_is_not_for_drivers_and_accountants(signed_in, someone):
    assert signed_in(someone()).get("/discrepancies").status_code == 403


def test_a_supervisor_sees_where_how_many_and_in_which_sale(world, signed_in):
    seen = words(signed_in(world.supervisor).get("/discrepancies"))
    assert world.site.name in seen
    assert "CYL 12.7 kg 4 TRX-" in seen
    assert world.driver.actor.name in seen


def test_a_supervisor_of_another_depot_does_not(world, signed_in):
    stranger = signed_in(given.a_supervisor(given.a_depot()))
    assert "No site has given back more" in words(stranger.get("/discrepancies"))


def test_any_place_in_the_list_can_be_asked_for(world, signed_in):
    admin = signed_in(given.an_admin())
    for page in ("x", "b0", "a0", "b99", "a99"):
        assert admin.get("/discrepancies", query_string={"page": page}).status_code == 200
