"""/stock: what is where, and who sees it."""

import pytest

from hsh.services.sales.orders import CylinderEntry
from tests import a_day, given
from tests.visitor import words


@pytest.fixture
def world(app):
    world = given.a_world(full_at_depot=0)
    a_day.count_in(world, 50)
    a_day.load(world, {"C127": 20})
    a_day.sell(world, cylinders=[CylinderEntry(equipment="C127", delivered=3)])
    return world


def test_an_accountant_does_not_see_stock(signed_in):
    assert signed_in(given.an_accountant()).get("/stock").status_code == 403


def test_a_driver_sees_their_truck_and_its_depot_and_no_other(world, signed_in):
    other_truck = given.a_truck(given.a_depot(name="Tuas depot"), name="Other truck")
    seen = words(signed_in(world.driver).get("/stock"))
    assert f"{world.truck.name}" in seen
    assert "CYL 12.7 kg 17 0 0" in seen
    assert "CYL 12.7 kg 30 0 0" in seen
    assert other_truck.name not in seen
    assert "Tuas depot" not in seen
    assert "With customers" not in seen


def test_a_driver_without_a_truck_is_told_so(signed_in):
    assert "No truck is given to you today" in words(signed_in(given.a_driver()).get("/stock"))


def test_a_supervisor_sees_depots_trucks_and_what_customers_hold(world, signed_in):
    seen = words(signed_in(world.supervisor).get("/stock"))
    assert "CYL 12.7 kg 30 0 0 17 0 0 3 1 50" in seen
    assert "Jurong depot" in seen


def test_a_supervisor_does_not_see_another_depot(world, signed_in):
    seen = words(signed_in(given.a_supervisor(given.a_depot(name="Tuas depot"))).get("/stock"))
    assert "Tuas depot" in seen
    assert "Jurong depot" not in seen


def test_an_admin_sees_every_store(world, signed_in):
    given.a_depot(name="Tuas depot")
    seen = words(signed_in(given.an_admin()).get("/stock"))
    assert all(name in seen for name in ("Tuas depot", "Jurong depot", world.truck.name))


def test_each_condition_has_its_column(world, signed_in):
    a_day.sell(
        world,
        cylinders=[CylinderEntry(equipment="C127", collected=1, returned_full=1, returned_part=1)],
    )
    assert "CYL 12.7 kg 18 1 1" in words(signed_in(world.driver).get("/stock"))


def test_a_size_that_is_sold_no_more_still_counts_while_it_is_there(world, signed_in):
    from hsh.db import db

    db.session.get_one(given.registry.Equipment, world.sizes["C127"].id).active = False
    db.session.commit()
    assert "CYL 12.7 kg 17 0 0" in words(signed_in(world.driver).get("/stock"))
