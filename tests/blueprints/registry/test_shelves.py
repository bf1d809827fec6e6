"""What an admin keeps in the registry: added, changed, closed and opened again in the browser."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from hsh.core.roles import Role
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.registry import Depot, Equipment, Place, Service, Vehicle
from hsh.queries.registry import goods, stores
from hsh.queries.verify import verify
from tests import given
from tests.selling import count, sell, size
from tests.visitor import words

DEPOT = {"code": "tuas", "name": "Tuas depot", "address": "12 Tuas Avenue 7\nSingapore 639212"}
TRUCK = {
    "plate": "gbh 1234 k", "name": "Truck 7", "home_depot": "JURONG",
    "licence_expires_on": "2027-03-31", "max_gross_kg": "1500",
}  # fmt: skip
SIZE = {
    "code": "C14", "kind": "cylinder", "name": "CYL 14 kg", "owner": "company", "net_kg": "14",
    "tare_kg": "14.5", "part_credit": "50", "tax_code": "SR",
}  # fmt: skip
FEE = {"code": "EXPRESS", "name": "Express", "size": "", "tax_code": "SR"}


@pytest.fixture
def admin(signed_in):
    given.a_company()
    given.a_depot("JURONG", "Jurong depot")
    return signed_in(given.an_admin())


def place(code):
    return db.session.scalars(select(Place).filter_by(code=code)).one()


def address_of(kind, code):
    if kind in ("depots", "vehicles"):
        return f"/registry/{kind}/{place(code).ref}"
    table = {"equipment": Equipment, "services": Service}[kind]
    return f"/registry/{kind}/{db.session.scalars(select(table.id).filter_by(code=code)).one()}"


def change(admin, address, sent, version="1"):
    own = {name: value for name, value in sent.items() if name not in ("code", "kind", "size")}
    return admin.submit(address, {"version": version} | own)


ADDED = [
    ("depots", DEPOT, "TUAS"),
    ("vehicles", TRUCK, "GBH1234K"),
    ("equipment", SIZE, "C14"),
    ("services", FEE, "EXPRESS"),
]


@pytest.mark.parametrize(("kind", "sent", "code"), ADDED)
def test_what_is_added_is_listed_changed_closed_and_opened_again(admin, kind, sent, code):
    assert admin.submit(f"/registry/{kind}/new", sent).status_code == 303
    address = address_of(kind, code)
    assert sent["name"] in words(admin.get(f"/registry/{kind}"))
    assert change(admin, address, sent | {"name": "Another name"}).status_code == 303
    seen = words(admin.get(address))
    assert "is changed." in seen
    assert "Another name" in seen
    assert admin.submit(f"{address}/close", {"version": "2"}).status_code == 303
    assert "Closed" in words(admin.get(f"/registry/{kind}"))
    assert admin.submit(f"{address}/reopen", {"version": "3"}).status_code == 303
    assert "Closed" not in words(admin.get(f"/registry/{kind}"))


@pytest.mark.parametrize(("kind", "sent", "code"), ADDED)
def test_who_comes_second_sees_both_versions(admin, kind, sent, code):
    admin.submit(f"/registry/{kind}/new", sent)
    address = address_of(kind, code)
    change(admin, address, sent | {"name": "First"})
    second = change(admin, address, sent | {"name": "Second"})
    assert second.status_code == 409
    assert "Name First Second" in words(second)
    version = re.search(r'name="version" value="(\d+)"', second.text)[1]
    assert change(admin, address, sent | {"name": "Second"}, version).status_code == 303
    assert "Second" in words(admin.get(address))


@pytest.mark.parametrize(("kind", "sent", "code"), ADDED)
def test_what_changed_meanwhile_is_not_closed(admin, kind, sent, code):
    admin.submit(f"/registry/{kind}/new", sent)
    address = address_of(kind, code)
    change(admin, address, sent)
    refused = admin.submit(f"{address}/close", {"version": "1"})
    assert refused.status_code == 409
    assert "Look at it once more" in words(refused)
    assert "Closed" not in words(admin.get(f"/registry/{kind}"))


@pytest.mark.parametrize(("kind", "sent", "code"), ADDED)
def test_a_code_is_given_once(admin, kind, sent, code):
    admin.submit(f"/registry/{kind}/new", sent)
    again = admin.submit(f"/registry/{kind}/new", sent)
    assert again.status_code == 422
    assert "This is taken already." in words(again)


@pytest.mark.parametrize(
    ("kind", "sent", "problem"),
    [
        ("depots", DEPOT | {"address": "Somewhere"}, "postal code"),
        ("depots", DEPOT | {"code": "bad_code!"}, "Use letters, digits"),
        ("vehicles", TRUCK | {"home_depot": "NOWHERE"}, "Not a valid choice"),
        ("vehicles", TRUCK | {"max_gross_kg": "-1"}, "At least 0"),
        ("vehicles", TRUCK | {"licence_expires_on": "soon"}, "Enter a date"),
        ("equipment", SIZE | {"tare_kg": ""}, "net, tare and gross"),
        ("equipment", SIZE | {"part_credit": "101"}, "from 0 to 100"),
        ("equipment", SIZE | {"owner": "nobody"}, "Not a valid choice"),
        ("services", FEE | {"name": ""}, "This is needed"),
        ("services", FEE | {"size": "C999"}, "Not a valid choice"),
    ],
)
def test_what_will_not_do_is_said_at_the_field_and_what_was_typed_stays(admin, kind, sent, problem):
    refused = admin.submit(f"/registry/{kind}/new", sent)
    assert refused.status_code == 422
    assert problem in words(refused)
    kept = sent["name"] or sent["code"]
    assert f'value="{kept}"' in refused.text
    assert db.session.query(Vehicle).count() == db.session.query(Equipment).count() == 0
    assert db.session.query(Depot).count() == 1


def test_weights_and_shares_are_exact(admin):
    admin.submit("/registry/equipment/new", SIZE | {"part_credit": "33.25"})
    [size] = goods.sizes()
    assert (size.gross_kg, size.part_credit) == (Decimal("28.5"), Decimal("0.3325"))
    assert 'value="33.25"' in admin.get(f"/registry/equipment/{size.id}").text


def test_a_deposit_names_its_size_and_carries_no_gst(admin):
    admin.submit("/registry/equipment/new", SIZE)
    admin.submit("/registry/services/new", FEE | {"code": "DEP14", "size": "C14"})
    [deposit] = goods.services()
    assert (deposit.kind, deposit.size, deposit.tax_code) == ("deposit", "CYL 14 kg", "OS")
    refused = change(admin, f"/registry/services/{deposit.id}", FEE | {"tax_code": "ZR"})
    assert "A deposit carries no GST." in words(refused)


def test_a_size_of_any_name_stays_text_in_the_forms(admin):
    admin.submit("/registry/equipment/new", SIZE | {"name": "<b>CYL</b>"})
    for page in ("/registry/services/new", "/registry/equipment", "/setup?step=stock"):
        text = admin.get(page).text
        assert "&lt;b&gt;CYL" in text
        assert "<b>CYL" not in text


def test_nothing_is_closed_while_cylinders_are_there(admin):
    depot, size = given.a_depot("TUAS"), given.a_size()
    truck = given.a_truck(depot)
    for store in (depot, truck):
        given.stock(store, {size: 3})
    for address in (
        f"/registry/depots/{depot.ref}",
        f"/registry/vehicles/{truck.ref}",
        f"/registry/equipment/{size.id}",
    ):
        refused = admin.submit(f"{address}/close", {"version": "1"})
        assert refused.status_code == 422
        assert "still" in words(refused)
    assert place(depot.code).active
    assert place(truck.code).active


def test_a_depot_stays_open_while_trucks_are_at_home_there(admin):
    admin.submit("/registry/vehicles/new", TRUCK)
    refused = admin.submit(f"{address_of('depots', 'JURONG')}/close", {"version": "1"})
    assert "Give them another home first" in words(refused)


def test_a_closed_truck_is_offered_in_no_plan(admin, signed_in):
    depot = given.a_depot()
    truck = given.a_truck(depot)
    driver = given.a_driver(truck)
    assert truck.name in words(signed_in(driver).get("/distributions/plan"))
    admin.submit(f"/registry/vehicles/{truck.ref}/close", {"version": "1"})
    assert truck.name not in words(signed_in(driver).get("/distributions/plan"))


def test_a_form_that_comes_twice_is_done_once(admin):
    admin.submit("/registry/depots/new", DEPOT)
    address, sent = (
        address_of("depots", "TUAS"),
        {"version": "1", "client_temp_id": given.NOBODYS_REF},
    )
    answers = [admin.post(f"{address}/close", sent).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert stores.depot(place("TUAS").ref).version == 2


@pytest.mark.parametrize("key", ["no-such-thing", "999999", "²", given.NOBODYS_REF])
@pytest.mark.parametrize("kind", ["depots", "equipment", "nothing"])
def test_what_is_not_there_cannot_be_closed(admin, kind, key):
    assert admin.submit(f"/registry/{kind}/{key}/close", {"version": "1"}).status_code == 404


def test_the_books_tell_of_each_act(admin, tmp_path):
    for kind, sent, code in ADDED:
        admin.submit(f"/registry/{kind}/new", sent)
        address = address_of(kind, code)
        change(admin, address, sent | {"name": "Other"})
        admin.submit(f"{address}/close", {"version": "2"})
    checks = {one.name: one for one in verify(db.engine, data_dir=tmp_path)}
    assert checks["submissions.kept"].ok
    said = checks["registry.as_audited"].detail
    assert not any(word in said for word in ("vehicles", "equipment", "services"))
    assert db.session.query(AuditEntry).filter_by(action="registry.close").count() == 4


@pytest.mark.parametrize("role", [Role.DRIVER, Role.SUPERVISOR, Role.ACCOUNTANT])
def test_only_an_admin_keeps_the_registry(signed_in, role):
    visitor = signed_in(given.a_user(role))
    assert visitor.get("/registry").status_code == 403
    for kind, sent, _code in ADDED:
        assert visitor.get(f"/registry/{kind}").status_code == 403
        assert visitor.submit(f"/registry/{kind}/new", sent).status_code == 403


def test_a_list_has_whole_words_over_its_columns(admin):
    admin.submit("/registry/vehicles/new", TRUCK)
    assert "Plate Name Home depot Licence Most kg State" in words(admin.get("/registry/vehicles"))


def test_the_navigation_leads_an_admin_to_the_registry(admin):
    page = admin.get("/registry")
    assert 'href="/registry" aria-current="page"' in page.text
    assert all(f'href="/registry/{kind}"' in page.text for kind, _sent, _code in ADDED)
    assert 'href="/registry" aria-current="page"' in admin.get("/registry/depots").text


def test_a_truck_is_not_opened_again_while_its_home_is_closed(admin):
    home = given.a_depot("TUAS", "Tuas depot")
    truck = given.a_truck(home)
    address = f"/registry/vehicles/{truck.ref}"
    admin.submit(f"{address}/close", {"version": "1"})
    admin.submit(f"/registry/depots/{home.ref}/close", {"version": "1"})
    refused = admin.submit(f"{address}/reopen", {"version": "2"})
    assert refused.status_code == 422
    assert "Its home depot is closed." in words(refused)
    admin.submit(f"/registry/depots/{home.ref}/reopen", {"version": "2"})
    assert admin.submit(f"{address}/reopen", {"version": "2"}).status_code == 303
    assert db.session.get(Place, truck.id).active


def test_a_deposit_that_customers_hold_is_not_closed(app, signed_in):
    world = given.a_world(full_on_truck=5)
    admin = signed_in(given.an_admin())
    address = f"/registry/services/{world.deposit.id}"
    sell(world, cylinders=size(delivered=1), deposits=count(world.deposit))
    refused = admin.submit(f"{address}/close", {"version": "1"})
    assert refused.status_code == 422
    assert "Customers hold such deposits still" in words(refused)
    sell(world, cylinders=size(collected=1), refunds=count(world.deposit))
    assert admin.submit(f"{address}/close", {"version": "1"}).status_code == 303
