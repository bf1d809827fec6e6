"""Each record tells what happened to it, to who reads the audit book."""

import re
from datetime import timedelta

import pytest

from hsh.core import clock
from hsh.db import db
from hsh.models.registry import Equipment, Permit, PriceList
from tests import given
from tests.distributing import load, reverse
from tests.selling import sell, size
from tests.visitor import location, words


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


DEPOT = {"code": "TUAS", "name": "Tuas", "address": "12 Tuas Avenue 7\nSingapore 639212"}


@pytest.fixture
def admin(world, signed_in):
    return signed_in(given.an_admin(name="Siti"))


def happened(page):
    """Return the words of the timeline."""
    found = re.search(r'<section class="card what-happened">.*?</section>', page.text, re.DOTALL)
    assert found, page.text
    plain = re.sub(r"<[^>]+>", " ", found[0])
    return re.sub(r"\s+", " ", plain).replace("&#39;", "'").strip()


def rename(admin, address, **fields):
    assert admin.submit(address, fields | {"version": "1"}).status_code == 303
    return happened(admin.get(address))


def test_a_truck_tells_its_home_by_name(admin, world):
    admin.submit("/registry/depots/new", DEPOT)
    address = f"/registry/vehicles/{world.truck.ref}"
    told = rename(admin, address, plate="GBA7X", name="New", home_depot="TUAS", max_gross_kg="1500")
    assert "Truck changed" in told
    assert f"Home depot {world.depot.name} Tuas" in told
    assert "Most cylinders, in kg gross 1,500" in told
    assert "Version" not in told


def test_a_size_tells_its_credit_in_percent_and_whose_it_is(admin, world):
    size = world.sizes["C127"]
    row = db.session.get(Equipment, size.id)
    told = rename(
        admin, f"/registry/equipment/{size.id}", name=row.name, owner="foreign",
        net_kg="12.7", tare_kg="13", part_credit="40", tax_code="SR",
    )  # fmt: skip
    assert "Size" in told or "Equipment changed" in told
    assert "Belongs to The company Another brand" in told
    assert "40%" in told


def test_a_service_tells_who_closed_it(admin, world):
    address = f"/registry/services/{world.fee.id}"
    admin.submit(f"{address}/close", {"version": "1"})
    assert "Siti" in happened(admin.get(address))
    assert "Closed" in happened(admin.get(address))


def test_a_customer_and_a_site_tell_what_was_done_with_them(admin, world):
    for page in (f"/customers/{world.customer.ref}", f"/customers/sites/{world.site.ref}"):
        admin.post(f"{page}/close")
        assert "closed" in happened(admin.get(page))


def test_a_price_list_tells_its_prices_with_money_and_days(admin, world):
    code = db.session.scalar(db.select(PriceList.code))
    day = clock.today() + timedelta(days=3)
    fields = {"item": "equipment-C127", "amount": "31.5", "starts_on": day.isoformat()}
    admin.submit(f"/prices/price_list/{code}/set", fields)
    told = happened(admin.get(f"/prices/price_list/{code}"))
    name = db.session.get(Equipment, world.sizes["C127"].id).name
    assert "Price set" in told
    assert "$31.50" in told
    assert f"Size {name}" in told
    assert "Price list" in told
    assert "scope" not in told.casefold()


def test_a_driver_and_a_permit_tell_of_the_permit(admin, world):
    fields = {"kind": "hazmat", "number": "HZ-9", "expires_on": "2027-03-31"}
    admin.submit(f"/registry/drivers/{world.driver.ref}/permits", fields)
    permit = db.session.scalar(db.select(Permit.ref))
    for page in (f"/registry/drivers/{world.driver.ref}", f"/registry/permits/{permit}"):
        told = happened(admin.get(page))
        assert "Permit added" in told
        assert "Kind Permit to transport hazardous materials" in told
        assert "Ends 31 Mar 2027" in told
        assert f"Driver {world.driver.actor.name}" in told


def test_company_taxes_limits_and_minimums_tell_theirs(admin, world):
    sent = {"code": "SR", "starts_on": "2029-01-01", "rate": "10", "note": "Budget"}
    admin.submit("/registry/taxes", sent)
    assert "Rate 10%" in happened(admin.get("/registry/taxes"))
    admin.submit("/stock/limits", {"adjust": "10", "version": "0"})
    assert "Adjustments and counts 10" in happened(admin.get("/stock/limits"))


def test_a_change_of_stock_and_a_count_tell_theirs(world, signed_in):
    supervisor = signed_in(world.supervisor)
    fields = {"place": str(world.depot.ref), "full-C127": "2", "reason": "Found two"}
    made = supervisor.submit("/stock/changes/new/adjust", fields)
    assert "Stock adjusted" in happened(supervisor.get(location(made)))
    opened = supervisor.submit("/stock/counts", {"place": str(world.depot.ref)})
    told = happened(supervisor.get(location(opened)))
    assert "Stock count opened" in told
    assert f"Place {world.depot.name}" in told
    page = location(opened)
    supervisor.submit(page, {"full-C127": "98", "version": "1"})
    size = db.session.get(Equipment, world.sizes["C127"].id).name
    told = happened(supervisor.get(page))
    assert f"Lines: {size}, full Counted 98, In the books then 102" in told


def test_a_supervisor_is_told_what_the_audit_book_tells_them(admin, world, signed_in):
    page = f"/customers/{world.customer.ref}"
    admin.post(f"{page}/close")
    assert "What happened" in words(signed_in(given.an_accountant()).get(page))
    assert "What happened" not in words(signed_in(world.supervisor).get(page))


def test_long_histories_are_folded_and_end_in_the_audit_book(admin, world):
    page = f"/customers/{world.customer.ref}"
    for _ in range(11):
        admin.post(f"{page}/close")
        admin.post(f"{page}/reopen")
    seen = admin.get(page)
    told = happened(seen)
    assert told.count("Customer closed") + told.count("Customer reopened") == 20
    assert "15 acts before" in told
    assert f'href="/audit?record={world.customer.ref}">Older ones, in the audit book' in seen.text
    assert "Customer closed" in words(admin.get(f"/audit?record={world.customer.ref}"))
