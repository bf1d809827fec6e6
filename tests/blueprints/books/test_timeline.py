"""Each record tells what happened to it, to who reads the audit book."""

import pytest

from tests import given
from tests.distributing import load, reverse
from tests.selling import sell, size
from tests.visitor import words


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=30)


def test_a_sale_tells_who_made_it_and_what_it_moved(world, signed_in):
    sale = sell(world, cylinders=size(delivered=2))
    seen = words(signed_in(world.supervisor).get(f"/transactions/{sale.ref}"))
    assert "What happened Sale confirmed" in seen
    assert world.driver.actor.name in seen
    assert "Stock: Truck" in seen
    assert "30 28" in seen


def test_a_distribution_tells_every_step_newest_first(world, signed_in):
    run = load(world, out={"C127": 5})
    reverse(world, run.ref)
    seen = words(signed_in(world.supervisor).get(f"/distributions/{run.ref}"))
    steps = ["Distribution confirmed", "Distribution planned"]
    places = [seen.rindex(step) for step in steps]
    assert places == sorted(places)


def test_a_person_tells_what_was_changed_before_and_after(signed_in):
    admin = signed_in(given.an_admin())
    person = given.a_driver(name="Mei")
    admin.submit(f"/people/{person.ref}", {"name": "Mei Lim", "roles": "driver", "version": "1"})
    page = admin.get(f"/people/{person.ref}").text
    assert "<del>Mei</del> <ins>Mei Lim</ins>" in page


def test_a_driver_is_not_shown_the_audit_book(world, signed_in):
    sale = sell(world, cylinders=size(delivered=2))
    assert "What happened" not in words(signed_in(world.driver).get(f"/transactions/{sale.ref}"))
