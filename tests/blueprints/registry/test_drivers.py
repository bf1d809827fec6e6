"""What drivers are permitted to do, and which trucks are theirs, as an admin keeps it."""

from datetime import timedelta

import pytest

from hsh.core import clock
from hsh.db import db
from hsh.queries.registry import drivers
from hsh.queries.verify import verify
from tests import given
from tests.visitor import words


@pytest.fixture
def admin(signed_in):
    given.a_company()
    return signed_in(given.an_admin())


@pytest.fixture
def driver():
    return given.a_driver(name="Tan Ah Kow")


def day(ahead):
    return (clock.today() + timedelta(days=ahead)).isoformat()


def permit(admin, driver, **changes):
    sent = {"kind": "hazmat", "number": "HT 123", "expires_on": day(100)} | changes
    return admin.submit(f"/registry/drivers/{driver.ref}/permits", sent)


def give(admin, driver, truck, **changes):
    sent = {"truck": str(truck.ref), "starts_on": day(0), "ends_on": ""} | changes
    return admin.submit(f"/registry/drivers/{driver.ref}/trucks", sent)


def record(driver):
    return drivers.one(driver.ref)


@pytest.mark.parametrize(
    ("ahead", "said"), [(-1, "Over"), (0, "Ends soon"), (30, "Ends soon"), (31, "")]
)
def test_a_permit_that_ends_is_told_in_time(admin, driver, ahead, said):
    assert permit(admin, driver, expires_on=day(ahead)).status_code == 303
    page = words(admin.get("/registry/drivers"))
    assert ("Over" in page, "Ends soon" in page) == (said == "Over", said == "Ends soon")
    assert ("1 to see to" in words(admin.get("/registry"))) == bool(said)


def test_a_permit_is_renewed_closed_and_opened_again(admin, driver):
    permit(admin, driver, expires_on=day(-1))
    address = f"/registry/permits/{record(driver).permits[0].ref}"
    renewed = {"version": "1", "kind": "hazmat", "number": "HT 124", "expires_on": day(400)}
    assert admin.submit(address, renewed).status_code == 303
    assert record(driver).to_see_to(clock.today()) == []
    second = admin.submit(address, renewed | {"number": "HT 125"})
    assert second.status_code == 409
    assert "Number HT 124 HT 125" in words(second)
    assert admin.submit(f"{address}/close", {"version": "2"}).status_code == 303
    assert admin.submit(f"{address}/reopen", {"version": "3"}).status_code == 303
    assert record(driver).permits[0].active


def test_a_truck_is_given_from_a_day_and_taken_back(admin, driver, signed_in):
    truck = given.a_truck()
    assert give(admin, driver, truck).status_code == 303
    assert truck.name in words(signed_in(driver).get("/"))
    [kept] = record(driver).assignments
    address = f"/registry/assignments/{kept.id}"
    early = admin.submit(address, {"version": "1", "ends_on": day(-1)})
    assert "This ends before it begins." in words(early)
    assert admin.submit(address, {"version": "1", "ends_on": day(0)}).status_code == 303
    assert record(driver).assignments[0].ends_on == clock.today()
    assert admin.submit(address, {"version": "1", "ends_on": day(5)}).status_code == 409


def test_a_driver_has_a_truck_once_at_a_time(admin, driver):
    truck = given.a_truck()
    give(admin, driver, truck, ends_on=day(5))
    again = give(admin, driver, truck, starts_on=day(5))
    assert again.status_code == 422
    assert "has this truck on those days already" in words(again)
    assert give(admin, driver, truck, starts_on=day(6)).status_code == 303
    first = min(record(driver).assignments, key=lambda one: one.starts_on)
    longer = admin.submit(f"/registry/assignments/{first.id}", {"version": "1", "ends_on": ""})
    assert longer.status_code == 422


def test_a_closed_truck_and_somebody_else_are_not_offered(admin):
    truck, clerk = given.a_truck(), given.an_accountant()
    admin.submit(f"/registry/vehicles/{truck.ref}/close", {"version": "1"})
    driver = given.a_driver()
    assert give(admin, driver, truck).status_code == 422
    assert admin.get(f"/registry/drivers/{clerk.ref}").status_code == 404


def test_the_books_tell_of_permits_and_assignments(admin, driver, tmp_path):
    truck = given.a_truck()
    permit(admin, driver)
    give(admin, driver, truck)
    [kept] = record(driver).assignments
    admin.submit(f"/registry/assignments/{kept.id}", {"version": "1", "ends_on": day(9)})
    checks = {one.name: one for one in verify(db.engine, data_dir=tmp_path)}
    assert checks["submissions.kept"].ok
    said = checks["registry.as_audited"].detail
    assert "permits" not in said
    assert "assignments" not in said
