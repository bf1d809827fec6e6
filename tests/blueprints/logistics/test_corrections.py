"""/stock/changes: the form of every kind, the list, and taking a change back."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hsh.core.words import Condition, Outside
from hsh.db import db
from hsh.models.logistics import Correction
from hsh.queries.registry.places import outside
from tests import given
from tests.services.logistics.test_correct_stock import level
from tests.visitor import location, words


@pytest.fixture
def world(app):
    return given.a_world(full_at_depot=10)


@pytest.fixture
def supervisor(world, signed_in):
    return signed_in(world.supervisor)


def fields(world, **more):
    return {"place": str(world.depot.ref), "reason": "Counted again", "full-C127": "3"} | more


def newest():
    return db.session.scalars(select(Correction).order_by(Correction.id.desc())).first()


def test_a_change_is_made_and_shown(world, supervisor):
    answer = supervisor.submit("/stock/changes/new/adjust", fields(world, way="fewer"))
    assert location(answer) == f"/stock/changes/{newest().ref}"
    seen = words(supervisor.get(location(answer)))
    assert "Adjustment" in seen
    assert f"CYL 12.7 kg {world.depot.name}, full" in seen
    assert "Counted again" in seen
    assert level(world.depot, world.sizes["C127"]) == 7


def test_the_supplier_brings_cylinders(world, supervisor):
    supplier = outside(Outside.SUPPLIER).ref
    page = supervisor.get(f"/stock/changes/new/transfer?place={supplier}").text
    assert f'value="{supplier}" selected' in page
    supervisor.submit(
        "/stock/changes/new/transfer",
        fields(world, place=str(supplier), other=str(world.depot.ref)),
    )
    assert level(world.depot, world.sizes["C127"]) == 13


@pytest.mark.parametrize(
    ("kind", "more", "left"),
    [("dump", {}, 7), ("write_off", {"other": "SCRAP"}, 7), ("adjust", {"way": "more"}, 13)],
)
def test_every_kind_has_its_form(world, supervisor, kind, more, left):
    if "other" in more:
        more = {"other": str(outside(Outside(more["other"])).ref)}
    assert supervisor.get(f"/stock/changes/new/{kind}").status_code == 200
    assert supervisor.submit(f"/stock/changes/new/{kind}", fields(world, **more)).status_code == 303
    assert level(world.depot, world.sizes["C127"]) == left


def test_there_are_no_other_kinds(supervisor):
    assert supervisor.get("/stock/changes/new/gift").status_code == 404
    assert supervisor.submit("/stock/changes/new/gift").status_code == 404


def test_a_site_is_put_right_from_its_discrepancy(world, supervisor):
    page = supervisor.get(f"/stock/changes/new/adjust?place={world.site.ref}")
    assert world.site.name in words(page)
    assert 'name="held-C127"' in page.text
    assert 'name="full-C127"' not in page.text
    supervisor.submit(
        "/stock/changes/new/adjust",
        {"place": str(world.site.ref), "reason": "Seen there", "held-C127": "2", "way": "more"},
    )
    assert level(world.site, world.sizes["C127"], Condition.HELD) == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": ""}, "This is needed."),
        ({"full-C127": "-3"}, "Enter a whole number from 0 to 9999."),
        ({"place": ""}, "This is needed."),
        ({"place": "x"}, "This page is damaged."),
        ({"way": "sideways"}, "Not a valid choice"),
        ({"way": "fewer", "full-C127": "11"}, "has 10 full CYL 12.7 kg; you asked for 11"),
    ],
)
def test_what_will_not_do_is_said_and_nothing_typed_is_lost(world, supervisor, more, said):
    typed = fields(world, **{"way": "more", "full-C50": "4"} | more)
    answer = supervisor.submit("/stock/changes/new/adjust", typed)
    assert answer.status_code in {409, 422}
    assert said in words(answer)
    assert 'value="4"' in answer.text
    assert newest().reason == "Opening count"


def test_at_least_one_cylinder_is_asked_for(world, supervisor):
    typed = fields(world, **{"way": "more", "full-C127": ""})
    answer = supervisor.submit("/stock/changes/new/adjust", typed)
    assert (answer.status_code, "at least one cylinder" in words(answer)) == (422, True)


def test_a_place_that_is_not_there_is_a_404_on_the_form(world, supervisor):
    typed = fields(world, way="more", place=str(uuid4()))
    assert supervisor.submit("/stock/changes/new/adjust", typed).status_code == 404


def test_a_change_is_taken_back_on_its_page(world, supervisor):
    supervisor.submit("/stock/changes/new/dump", fields(world))
    first = newest()
    answer = supervisor.submit(f"/stock/changes/{first.ref}/reverse", {"reason": "It was full"})
    assert UUID(location(answer)[-36:]) == newest().ref
    assert f"takes another change back. {first.number}" in words(supervisor.get(location(answer)))
    assert newest().number in words(supervisor.get(f"/stock/changes/{first.ref}"))
    again = supervisor.submit(f"/stock/changes/{first.ref}/reverse", {"reason": "Again"})
    assert (again.status_code, "reversed before" in words(again)) == (409, True)


def test_the_list_is_narrowed(world, supervisor):
    supervisor.submit("/stock/changes/new/dump", fields(world))
    assert newest().number in supervisor.get("/stock/changes?kind=dump").text
    for query in ("kind=transfer", f"place={world.truck.ref}", "until=2020-01-01"):
        assert newest().number not in supervisor.get(f"/stock/changes?{query}").text
    assert supervisor.get("/stock/changes?kind=gift").status_code == 422


def test_changes_of_another_depot_are_not_there(world, supervisor, signed_in):
    supervisor.submit("/stock/changes/new/dump", fields(world))
    other = signed_in(given.a_supervisor(given.a_depot()))
    assert newest().number not in other.get("/stock/changes").text
    assert other.get(f"/stock/changes/{newest().ref}").status_code == 404


def test_an_accountant_reads_changes_and_makes_none(world, supervisor, signed_in):
    supervisor.submit("/stock/changes/new/dump", fields(world))
    accountant = signed_in(given.an_accountant())
    seen = accountant.get(f"/stock/changes/{newest().ref}")
    assert "Take this back" not in seen.text
    assert accountant.get("/stock/changes/new/dump").status_code == 403


def test_a_statement_leads_to_the_change(world, supervisor):
    supervisor.submit("/stock/changes/new/dump", fields(world))
    page = supervisor.get(f"/stock/places/{world.depot.ref}")
    assert f'href="/stock/changes/{newest().ref}"' in page.text
    assert "CYL 12.7 kg full 3 7" in words(page)
    assert "CYL 12.7 kg empty 3 3" in words(page)
