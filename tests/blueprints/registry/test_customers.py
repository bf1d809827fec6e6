"""The office keeps customers and their sites: added, found, changed, closed and reopened."""

import csv
import io
import re
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core.roles import Role
from hsh.core.words import Condition
from hsh.db import db
from hsh.models.registry import Customer, Place, Site, SiteEquipment
from hsh.queries.registry import customer_lists
from hsh.queries.sales import sites
from hsh.queries.verify import verify
from hsh.services.registry import rates
from tests import given, selling
from tests.visitor import words


@pytest.fixture
def admin(signed_in):
    given.a_company()
    rates.standard_price_list(by=None)
    return signed_in(given.an_admin())


NEW = {
    "name": "Kopi House Pte Ltd",
    "uen": "201012345m",
    "phone": "6123 4567",
    "terms_days": "30",
    "price_list": "STANDARD",
    "street": "282 Bishan Street 22",
    "unit": "#01-12",
    "postal_code": "570282",
    "kg_limit": "200",
}


def add(admin, **changes):
    return admin.submit("/customers/new", NEW | changes)


def customer(name="Kopi House Pte Ltd"):
    return db.session.scalars(select(Customer).where(Customer.name == name)).one()


def site_of(row):
    return db.session.execute(
        select(Place, Site).join(Site, Site.place_id == Place.id).where(Site.customer_id == row.id)
    ).one()


def broken(tmp_path):
    return {c.name: c.detail for c in verify(db.engine, data_dir=tmp_path) if not c.ok}


def test_a_customer_comes_with_the_first_site_and_its_own_code(admin):
    size = given.a_size()
    assert add(admin, through_meter=size.code, household="y").status_code == 303
    row = customer()
    place, site = site_of(row)
    assert (row.uen, row.terms_days) == ("201012345M", 30)
    assert row.billing_address == "282 Bishan Street 22\n#01-12\nSingapore 570282"
    assert (place.name, place.code) == ("Kopi House Pte Ltd", "S000001")
    assert site.household
    assert db.session.query(SiteEquipment).one().through_meter
    page = words(admin.get(f"/customers/{row.ref}"))
    assert "On account, 30 days" in page
    assert "282 Bishan Street 22, #01-12, 570282" in page
    assert "200 kg" in page


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "This is needed."),
        ("postal_code", "57028", "Enter a postal code of six digits."),
        ("email", "a@b, c@d", "Enter one e-mail address."),
        ("terms_days", "366", "Enter a whole number from 0 to 365."),
        ("latitude", "51.5", "This position is not in Singapore."),
        ("kg_limit", "a lot", "Enter a number"),
        ("uen", "2010 1234", "Use letters, digits and dashes"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field_and_nothing_typed_is_lost(
    admin, field, value, says
):
    answer = add(admin, **{"contact": "Mdm Tan"} | {field: value})
    assert answer.status_code == 422
    assert says in words(answer)
    assert 'value="Mdm Tan"' in answer.text
    assert db.session.query(Customer).count() == 0


def test_the_same_business_at_the_same_address_is_known(admin):
    add(admin)
    again = add(admin, name="KOPI HOUSE  pte ltd", street="Blk 282 Bishan St 22")
    assert again.status_code == 422
    assert "There is a customer of this name at this address already." in words(again)


def test_a_form_that_comes_twice_adds_one_customer(admin):
    form = str(uuid4())
    first, second = (add(admin, client_temp_id=form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.query(Customer).count() == 1


@pytest.mark.parametrize(
    "known", ["kopi", "61234567", "6123 4567", "5702", "bishan 22", "house #01-12", "S000001"]
)
def test_a_customer_is_found_by_name_phone_postal_code_or_any_word_of_the_address(admin, known):
    add(admin)
    add(admin, name="Satay Hut", street="1 Sims Drive", unit="", postal_code="380045", phone="")
    admin.get("/customers")  # says that it is added
    page = words(admin.get("/customers", query_string={"q": known}))
    assert "Kopi House" in page
    assert "Satay Hut" not in page


def test_the_list_goes_on_behind_its_last_customer_without_losing_any(admin):
    prices = given.a_price_list()
    for name in ("Cedar", "Acacia", "Banyan", "Durian", "Acacia"):
        given.a_site(given.a_customer(name, price_list=prices))
    whole, seen, after = replace(customer_lists.customers(), size=2), [], ""
    while True:
        page = whole.page(after, "")
        seen += [one.row.name for one in page.rows]
        if page.after is None:
            break
        after = page.after
    assert seen == ["Acacia", "Acacia", "Banyan", "Cedar", "Durian"]


def test_sites_are_listed_with_what_stands_there(admin):
    add(admin)
    given.stock(site_of(customer())[0], {given.a_size(): 4}, condition=Condition.HELD)
    seen = words(admin.get("/customers/sites?q=bishan"))
    assert "S000001 Kopi House Pte Ltd 282 Bishan Street 22, #01-12, 570282" in seen
    assert "200 4" in seen
    assert "Kopi House" not in words(admin.get("/customers/sites?q=sims"))
    [row] = csv.DictReader(io.StringIO(admin.get("/customers/sites/export?as=csv").text[1:]))
    assert (row["Code"], row["Cylinders held"]) == ("S000001", "4")


def test_a_customer_of_many_sites_leads_to_the_list_of_them(admin):
    add(admin)
    for _ in range(20):
        given.a_site(given.Thing(id=customer().id))
    page = words(admin.get(f"/customers/{customer().ref}"))
    assert "All 21 sites" in page


def edit(admin, row, **changes):
    sent = NEW | {"billing_address": row.billing_address, "version": "1"} | changes
    return admin.submit(f"/customers/{row.ref}/edit", sent)


def test_who_comes_second_sees_both_versions_and_can_go_on(admin):
    add(admin)
    row = customer()
    assert edit(admin, row, phone="6000 0001", version=1).status_code == 303
    second = edit(admin, row, phone="6000 0002", version=1)
    assert second.status_code == 409
    assert 'value="6000 0002"' in second.text
    assert "6000 0001" in words(second)
    assert "Someone changed this" in words(second)
    version = re.search(r'name="version" value="(\d+)"', second.text)[1]
    assert edit(admin, row, phone="6000 0002", version=version).status_code == 303
    assert customer().phone == "6000 0002"


def site_edit(admin, place, **changes):
    sent = {
        "site_name": "Back kitchen", "street": "9 Sims Drive", "postal_code": "380045",
        "version": "1",
    }  # fmt: skip
    return admin.submit(f"/customers/sites/{place.ref}/edit", sent | changes)


def test_a_site_is_changed_with_the_sizes_that_its_meter_pays_for(admin, tmp_path):
    size = given.a_size()
    add(admin, through_meter=size.code)
    place, _site = site_of(customer())
    assert site_edit(admin, place, kg_limit="100.5").status_code == 303
    place, site = site_of(customer())
    assert (place.name, site.street, str(site.kg_limit)) == (
        "Back kitchen",
        "9 Sims Drive",
        "100.5000",
    )
    assert not db.session.query(SiteEquipment).one().through_meter
    stale = site_edit(admin, place, version="1")
    assert stale.status_code == 409
    assert "100.5" in words(stale)
    assert "customers" not in broken(tmp_path).get("registry.as_audited", "")
    assert "sites " not in broken(tmp_path).get("registry.as_audited", "")


def test_a_closed_customer_or_site_is_not_offered_for_a_sale_and_comes_back(admin):
    add(admin)
    row = customer()
    place, _site = site_of(row)
    for address in (f"/customers/{row.ref}", f"/customers/sites/{place.ref}"):
        assert admin.post(f"{address}/close").status_code == 303
        assert sites.search("kopi").rows == []
        assert "Closed" in words(admin.get(address))
        assert admin.post(f"{address}/reopen").status_code == 303
        assert len(sites.search("kopi").rows) == 1


def test_closed_customers_are_listed_apart(admin):
    add(admin)
    admin.post(f"/customers/{customer().ref}/close")
    admin.get("/customers")  # says that it is closed
    assert "Kopi House" not in words(admin.get("/customers"))
    assert "Kopi House" in words(admin.get("/customers?state=closed"))


def test_the_walk_in_customer_of_a_depot_stays_open(admin):
    walk_in = given.a_cash_sale_site(given.a_depot())
    row = customer("Cash sale")
    for address in (f"/customers/{row.ref}", f"/customers/sites/{walk_in.ref}"):
        refused = admin.post(f"{address}/close")
        assert refused.status_code == 422
        assert "so it stays open" in words(refused)


def test_one_more_site_is_added_to_a_customer(admin):
    add(admin)
    row = customer()
    sent = {
        "site_name": "Branch",
        "street": "9 Sims Drive",
        "postal_code": "380045",
        "code": "br-2",
    }
    assert admin.submit(f"/customers/{row.ref}/sites/new", sent).status_code == 303
    assert "Branch BR-2" in words(admin.get(f"/customers/{row.ref}"))
    taken = admin.submit(f"/customers/{row.ref}/sites/new", sent)
    assert taken.status_code == 422
    assert "This is taken already." in words(taken)


def test_the_page_tells_what_they_hold_and_owe_and_their_sales(app, signed_in):
    world = given.a_world(full_on_truck=10)
    sold = selling.sell(world, cylinders=selling.size(delivered=2))
    page = words(signed_in(given.an_accountant()).get(f"/customers/{world.customer.ref}"))
    assert sold.number in page
    assert "CYL 12.7 kg 2 · 25.4 kg of gas" in page
    assert "On account $69.32" in page


def test_the_books_stay_provable(admin, tmp_path):
    size = given.a_size()
    before = broken(tmp_path)
    add(admin, through_meter=size.code)
    row = customer()
    edit(admin, row, phone="6000 0001")
    admin.post(f"/customers/{row.ref}/close")
    admin.post(f"/customers/sites/{site_of(row)[0].ref}/close")
    assert broken(tmp_path) == before


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ACCOUNTANT])
def test_supervisors_and_accountants_look_and_do_not_touch(admin, signed_in, role):
    add(admin)
    row = customer()
    visitor = signed_in(given.a_user(role))
    assert visitor.get(f"/customers/{row.ref}").status_code == 200
    assert "Close this customer" not in visitor.get(f"/customers/{row.ref}").text
    assert visitor.get("/customers/new").status_code == 403
    assert visitor.post(f"/customers/{row.ref}/close").status_code == 403


def test_a_driver_has_no_business_here(signed_in):
    assert signed_in(given.a_driver()).get("/customers").status_code == 403


@pytest.mark.parametrize("version", ["soup", "", "-1", "9" * 20])
def test_a_customer_is_not_closed_from_a_version_that_is_none(admin, version):
    add(admin)
    answer = admin.post(f"/customers/{customer().ref}/close", {"version": version})
    assert answer.status_code == 422
    assert customer().active
