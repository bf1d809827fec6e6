"""The jump box: a number or a name leads to its record, and to nobody else's."""

import pytest

from hsh.core.refs import short_code
from tests import given
from tests.distributing import load
from tests.selling import sell, size
from tests.visitor import location, words


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=30)


@pytest.fixture
def sale(world):
    return sell(world, cylinders=size(delivered=1))


@pytest.fixture
def supervisor(world, signed_in):
    return signed_in(world.supervisor)


def jump(visitor, text):
    return visitor.get("/jump", query_string={"q": text})


def test_every_number_of_a_sale_leads_straight_to_it(supervisor, sale):
    for text in (sale.number, sale.document.lower(), f" {short_code(sale.ref)} "):
        answer = jump(supervisor, text)
        assert answer.status_code == 303, text
        assert location(answer) == f"/transactions/{sale.ref}"


def test_a_distribution_is_found_by_number_and_by_short_code(world, supervisor):
    run = load(world, out={"C127": 5})
    for text in (run.number, short_code(run.ref).lower()):
        assert location(jump(supervisor, text)) == f"/distributions/{run.ref}"


def test_a_site_a_truck_and_a_person_are_found_by_name(world, supervisor, signed_in):
    admin = signed_in(given.an_admin(name="Siti Office"))
    assert location(jump(supervisor, world.site.code)) == f"/customers/sites/{world.site.ref}"
    assert location(jump(admin, "siti")).startswith("/people/")
    assert location(jump(supervisor, f"GB{world.truck.code}")).startswith("/transactions?source=")


def test_of_several_hits_one_chooses(world, supervisor):
    for name in ("Laksa Corner", "Laksa Palace"):
        given.a_site(world.customer, name=name)
    seen = jump(supervisor, "laksa")
    assert seen.status_code == 200
    assert "Laksa Corner" in words(seen)
    assert "Laksa Palace" in words(seen)


def test_anothers_record_is_not_found(sale, world, signed_in):
    run = load(world, out={"C127": 5})
    stranger = signed_in(given.a_supervisor(given.a_depot()))
    for text in (sale.number, sale.document, short_code(sale.ref), run.number, world.truck.code):
        assert "Nothing of yours" in words(jump(stranger, text)), text


def test_who_may_not_open_a_kind_does_not_find_it(world, signed_in):
    run = load(world, out={"C127": 5})
    accountant = signed_in(given.an_accountant())
    assert "Nothing of yours" in words(jump(accountant, run.number))
    assert "Nothing of yours" in words(jump(accountant, world.driver.username))


@pytest.mark.parametrize("text", ["海南鸡饭", "%", "_", "' OR 1=1", "\\", "1" * 60, "é"])
def test_a_hostile_text_finds_nothing(sale, supervisor, text):
    assert jump(supervisor, text).status_code == 200


@pytest.mark.parametrize("text", ["", " ", "x" * 61, "a\x00b"])
def test_a_text_that_will_not_do_is_said_beside_the_box(supervisor, text):
    answer = jump(supervisor, text)
    assert answer.status_code == 422
    assert 'class="problem"' in answer.text


def test_a_drivers_page_loads_nothing_of_the_office(world, signed_in):
    page = signed_in(world.driver).get("/").text
    for name in ("office/keys", "css/office", "jump-box", "data-go"):
        assert name not in page
    office = signed_in(world.supervisor).get("/").text
    assert "office/keys" in office
    assert 'data-go="s"' in office
