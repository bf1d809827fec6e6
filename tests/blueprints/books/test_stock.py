"""/stock: what is where, and who sees it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from hsh.core import clock
from hsh.core.words import Condition
from hsh.queries.books import holders
from hsh.services.sales.orders import CylinderEntry
from tests import a_day, given
from tests.selling import NOON, at
from tests.visitor import words


@pytest.fixture
def world(app):
    world = given.a_world(full_at_depot=0)
    a_day.count_in(world, 50)
    a_day.load(world, {"C127": 20})
    a_day.sell(world, cylinders=[CylinderEntry(equipment="C127", delivered=3)])
    return world


def test_an_accountant_sees_all_stock_and_what_customers_hold(world, signed_in):
    seen = words(signed_in(given.an_accountant()).get("/stock"))
    assert "CYL 12.7 kg 30 0 0 17 0 0 3 1 50" in seen


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


def test_every_column_is_named_whole(world, signed_in):
    page = signed_in(world.supervisor).get("/stock").text
    heads = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', page)
    assert {"Size", "Full", "Empty"} <= set(heads)
    assert "S" not in heads


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


def test_the_stock_of_a_past_moment_is_shown(app, signed_in):
    world = given.a_world(full_at_depot=0)
    with at(NOON - timedelta(days=2)):
        a_day.count_in(world, 50)
    with at(NOON - timedelta(days=1)):
        a_day.load(world, {"C127": 20})
        a_day.sell(world, cylinders=[CylinderEntry(equipment="C127", delivered=3)])
    admin = signed_in(given.an_admin())
    with at(NOON):
        day = clock.today()
        asked = {back: f"{day - timedelta(days=back)}T23:00" for back in (1, 2)}
        assert "CYL 12.7 kg 30 0 0 17 0 0 3 50" in words(admin.get(f"/stock?at={asked[1]}"))
        assert "CYL 12.7 kg 50 0 0 0 0 0 0 50" in words(admin.get(f"/stock?at={asked[2]}"))


def test_stock_is_narrowed_to_a_place_and_a_size(world, signed_in):
    seen = words(
        signed_in(world.supervisor).get(f"/stock?place={world.truck.ref}&size=C127")
    )  # fmt: skip
    assert "CYL 12.7 kg 17 0 0" in seen
    assert "At the depots" not in seen
    assert "CYL 9 kg 50" not in seen


@pytest.mark.parametrize(
    "query",
    ["at=yesterday", "at=0001-01-01T00:00", "at=2026-11-20T10:00%2B08:00", "size=C1", "place=x"],
)
def test_a_filter_that_will_not_do_says_so(world, signed_in, query):
    answer = signed_in(world.supervisor).get(f"/stock?{query}")
    assert answer.status_code == 422
    assert "problem" in answer.text


def test_a_statement_tells_what_moved_and_leads_to_its_document(world, signed_in):
    answer = signed_in(world.supervisor).get(f"/stock/places/{world.truck.ref}")
    seen = words(answer)
    assert f"Delivered TRX-{clock.today().year}-000001 {world.site.name}" in seen
    assert "CYL 12.7 kg full 3 17" in seen
    assert "CYL 12.7 kg full 20 20" in seen
    assert 'href="/transactions/' in answer.text


def test_a_statement_is_narrowed_to_days(world, signed_in):
    tomorrow = clock.today() + timedelta(days=1)
    seen = words(
        signed_in(world.supervisor).get(f"/stock/places/{world.truck.ref}?since={tomorrow}")
    )
    assert "Nothing fits what you chose." in seen


@pytest.mark.parametrize("query", ["since=2026-13-01", "size=C1", "state=broken"])
def test_a_statement_says_what_is_wrong_with_its_filter(world, signed_in, query):
    path = f"/stock/places/{world.truck.ref}?{query}"
    assert signed_in(world.supervisor).get(path).status_code == 422


@pytest.mark.parametrize("cursor", ["x", "b2026-13-01T00:00:00.000000.1", "b2026-11-20.1", "a"])
def test_a_wrong_page_of_a_statement_is_its_first(world, signed_in, cursor):
    seen = words(signed_in(world.supervisor).get(f"/stock/places/{world.truck.ref}?page={cursor}"))
    assert "CYL 12.7 kg full 3 17" in seen


def test_another_depots_statement_is_not_there(world, signed_in):
    other = signed_in(given.a_supervisor(given.a_depot()))
    assert other.get(f"/stock/places/{world.truck.ref}").status_code == 404


def test_customers_are_listed_with_what_their_sites_hold(world, signed_in):
    second = given.a_site(given.Thing(id=world.customer.id))
    given.stock(second, {world.sizes["C50"]: 2, world.sizes["C127"]: 1}, condition=Condition.HELD)
    given.a_customer("Holds Nothing")
    accountant = signed_in(given.an_accountant())
    seen = words(accountant.get("/stock/customers"))
    assert f"{world.customer.name} 2 6 0 4 0 2" in seen
    assert "Holds Nothing" not in seen
    seen = words(accountant.get(f"/stock/customers/{world.customer.ref}"))
    assert f"{second.name} {second.code} 3 0 1 0 2" in seen


def test_customers_are_found_by_name_and_by_size(world, signed_in):
    visitor = signed_in(world.supervisor)
    found = {
        query: world.customer.name in words(visitor.get(f"/stock/customers?{query}"))
        for query in (f"q={world.customer.name}", "q=nobody", "size=C127", "size=C50")
    }
    assert list(found.values()) == [True, False, True, False]


def test_customers_are_listed_page_by_page_and_added_up(world):
    other = given.a_customer("Zoo kitchen \u200d海")
    given.stock(given.a_site(other), {world.sizes["C9"]: 1}, condition=Condition.HELD)
    first = replace(holders.holders(), size=1)
    pages = [first.page("", ""), first.page(first.page("", "").after, "")]
    assert [page.rows[0].name for page in pages] == [world.customer.name, "Zoo kitchen \u200d海"]
    assert holders.holders().extent().sums == {"C127": 3, "C9": 1, "everything": 4}
    assert holders.holders(size="C9").extent().sums == {"C9": 1, "everything": 1}


def test_a_file_has_a_column_for_each_size(world, signed_in):
    answer = signed_in(given.an_accountant()).get("/stock/customers/export?as=csv")
    heads, row, *_others = answer.data.decode("utf-8-sig").splitlines()
    assert heads.startswith("Customer,Sites,In all,")
    told = dict(zip(heads.split(","), row.split(","), strict=True))
    assert (told["In all"], told["CYL 12.7 kg"]) == ("3", "3")


def test_a_driver_sees_no_customers_cylinders(world, signed_in):
    driver = signed_in(world.driver)
    assert driver.get("/stock/customers").status_code == 403
    assert driver.get(f"/stock/places/{world.truck.ref}").status_code == 403
