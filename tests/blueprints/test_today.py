import re

from hsh.core.words import Condition
from tests import given
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
