import re

from hsh.core.words import Condition
from tests import given
from tests.selling import sell, size, void
from tests.visitor import words


def test_a_driver_sees_what_is_on_their_truck(signed_in):
    driver, truck = given.a_driver_with_truck()
    size = given.a_size("C9", net="9", tare="10")
    given.stock(truck, {size: 24})
    given.stock(truck, {size: 7}, condition=Condition.EMPTY)
    said = words(signed_in(driver).get("/"))
    assert f"GB{truck.code}" in said
    assert "CYL 9 kg 24 0 7" in said


def test_a_driver_goes_on_to_load_or_to_sell(signed_in):
    driver, _ = given.a_driver_with_truck()
    page = signed_in(driver).get("/")
    links = re.findall(r'class="button (?:plain|primary)" href="([^"?]+)', page.text)
    assert {"/distributions/plan", "/sites"} <= set(links)


def test_an_empty_truck_is_said_to_be_empty(signed_in):
    driver, _ = given.a_driver_with_truck()
    assert "The truck is empty." in words(signed_in(driver).get("/"))


def test_a_driver_without_a_truck_is_told_whom_to_ask(signed_in):
    said = words(signed_in(given.a_driver()).get("/"))
    assert "No truck is given to you today. Ask your supervisor." in said


def test_nobody_sees_the_truck_of_another(signed_in):
    _, truck = given.a_driver_with_truck()
    stranger, _ = given.a_driver_with_truck()
    assert f"GB{truck.code}" not in words(signed_in(stranger).get("/"))


def test_everyone_has_a_today(signed_in):
    people = [given.a_supervisor(), given.an_admin(), given.an_accountant()]
    assert [signed_in(person).get("/").status_code for person in people] == [200] * 3


def test_the_navigation_offers_what_one_may_do(signed_in):
    driver, accountant = (
        re.findall(r'<li><a href="([^"]+)"', signed_in(person).get("/").text)
        for person in (given.a_driver(), given.an_accountant())
    )
    assert "/sites" in driver
    assert "/sites" not in accountant


def tiles(answer):
    """Return each figure of the office by its label: (value, note, address)."""
    found = re.findall(
        r'<a class="tile [a-z]+" href="([^"]+)">\s*<span class="note">([^<]+)</span>'
        r'\s*<strong>([^<]+)</strong>\s*<span class="note">([^<]+)</span>',
        answer.text,
    )
    return {label: (value, note, address) for address, label, value, note in found}


def test_the_office_sees_its_day_in_figures(signed_in):
    world = given.a_world(full_on_truck=20)
    sell(world, cylinders=size(delivered=5))
    sell(world, cylinders=size(collected=3))
    void(world, sell(world, cylinders=size(delivered=2)))
    seen = tiles(signed_in(world.supervisor).get("/"))
    assert seen["Gas delivered"][:2] == ("63.5 kg", "5 out, 3 back")
    assert seen["Trucks loaded"][0] == "1"
    assert seen["Sold today"][:2] == ("$173.31", "4 sales")
    assert seen["Parked forms"][0] == seen["Tablets"][0] == seen["Discrepancies"][0] == "0"


def test_the_office_sees_how_many_sales_are_to_be_looked_into(signed_in):
    world = given.a_world(full_on_truck=20)
    sell(world, cylinders=size(collected=2), accept_shortfall=True)
    odd = sell(world, cylinders=size(collected=1), accept_shortfall=True)
    supervisor = signed_in(world.supervisor)
    assert tiles(supervisor.get("/"))["Discrepancies"][0] == "2"
    void(world, odd)
    assert tiles(supervisor.get("/"))["Discrepancies"][0] == "1"
    stranger = signed_in(given.a_supervisor(given.a_depot()))
    assert tiles(stranger.get("/"))["Discrepancies"][0] == "0"


def test_what_came_back_full_was_not_delivered(signed_in):
    world = given.a_world(full_on_truck=20)
    sell(world, cylinders=size(delivered=5))
    sell(world, cylinders=size(returned_full=1, returned_part=2))
    seen = tiles(signed_in(world.supervisor).get("/"))
    assert seen["Gas delivered"][:2] == ("50.8 kg", "5 out, 3 back")


def test_each_figure_leads_to_a_list_that_one_may_open(signed_in):
    for person in (given.a_supervisor(), given.an_admin(), given.an_accountant()):
        visitor = signed_in(person)
        seen = tiles(visitor.get("/"))
        assert seen
        assert {visitor.get(address).status_code for _, _, address in seen.values()} == {200}


def test_a_supervisor_sees_no_figure_of_another_depot(signed_in):
    world = given.a_world(full_on_truck=20)
    sell(world, cylinders=size(delivered=5))
    seen = tiles(signed_in(given.a_supervisor(given.a_depot())).get("/"))
    assert seen["Gas delivered"][:2] == ("0 kg", "0 out, 0 back")
    assert (seen["Sold today"][1], seen["Trucks loaded"][0]) == ("0 sales", "0")


def test_a_driver_is_not_shown_the_offices_figures(signed_in):
    driver, _ = given.a_driver_with_truck()
    assert tiles(signed_in(driver).get("/")) == {}
