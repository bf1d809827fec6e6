import pytest

from hsh.core.roles import Role
from tests import given
from tests.distributing import confirm, plan
from tests.selling import everything, held, level, sell, size
from tests.visitor import is_page, location, words


@pytest.fixture
def sale(world):
    return sell(world, cylinders=size(delivered=2, collected=1))


def address(sale):
    return f"/transactions/{sale.ref}/void"


def test_the_page_says_what_is_taken_back_and_asks_why(supervisor, world, sale):
    shown = words(supervisor.get(address(sale)))
    for said in (
        f"Void {sale.document}",
        sale.number,
        "Why is it void?",
        f"Still in {world.truck.name}",
    ):
        assert said in shown


def test_a_void_leads_to_its_credit_note(supervisor, world, sale):
    answer = supervisor.submit(address(sale), {"reason": "Wrong stall"})
    assert answer.status_code == 303
    shown = words(supervisor.get(location(answer)))
    assert "CN-" in shown
    assert "Wrong stall" in shown
    assert held(world) == 2


def test_htmx_is_led_there_too(supervisor, sale):
    answer = supervisor.submit(address(sale), {"reason": "Wrong stall"}, htmx=True)
    assert answer.headers["HX-Redirect"].startswith("/transactions/")


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "a\x1bb"])
def test_a_reason_that_will_not_do_is_told_beside_it(supervisor, sale, htmx, reason):
    before = everything()
    answer = supervisor.submit(address(sale), {"reason": reason}, htmx=htmx)
    assert (answer.status_code, is_page(answer)) == (422, not htmx)
    assert 'id="reason-problem"' in answer.text
    assert everything() == before


def test_a_place_that_is_not_theirs_cannot_be_chosen(supervisor, sale):
    elsewhere = given.a_depot()
    answer = supervisor.submit(address(sale), {"reason": "Wrong", "goods_at": str(elsewhere.ref)})
    assert answer.status_code == 422
    assert supervisor.submit(address(sale), {"reason": "x", "goods_at": "moon"}).status_code == 422


def test_goods_that_are_no_longer_in_the_truck_are_asked_for(supervisor, world, sale):
    confirm(world, plan(world, empty={"C127": 1}))
    answer = supervisor.submit(address(sale), {"reason": "Wrong stall"})
    assert answer.status_code == 409
    assert 'id="goods_at-problem"' in answer.text
    assert "Wrong stall" in answer.text
    said = {"reason": "Wrong stall", "goods_at": str(world.depot.ref)}
    assert supervisor.submit(address(sale), said).status_code == 303
    assert level(world.depot, world.sizes["C127"]) == 102


def test_a_second_void_is_told_the_first(supervisor, sale):
    supervisor.submit(address(sale), {"reason": "Wrong stall"})
    answer = supervisor.submit(address(sale), {"reason": "Again"})
    assert answer.status_code == 409
    assert "TRX-" in words(answer)
    assert "It was voided before" in words(supervisor.get(address(sale)))


def test_ones_own_sale_is_for_someone_else(world, signed_in):
    both = given.a_user(Role.SUPERVISOR, Role.DRIVER, depots=[world.depot])
    given.assign(both, world.truck)
    sale = sell(world, actor=both.actor)
    visitor = signed_in(both)
    assert "You made this sale" in words(visitor.get(address(sale)))
    assert visitor.submit(address(sale), {"reason": "Mine"}).status_code == 403


def test_only_a_supervisor_of_the_depot_voids(driver, accountant, signed_in, sale):
    for visitor in (driver, accountant):
        assert visitor.get(address(sale)).status_code == 403
        assert visitor.submit(address(sale), {"reason": "x"}).status_code == 403
    other = signed_in(given.a_supervisor(given.a_depot()))
    assert other.get(address(sale)).status_code == 404
    assert other.submit(address(sale), {"reason": "x"}).status_code == 404
