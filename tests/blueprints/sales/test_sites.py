import pytest

from hsh.core.words import Condition
from hsh.db import db
from hsh.models.registry import Place
from tests import given
from tests.blueprints.sales.pages import sold
from tests.visitor import is_page, words


@pytest.fixture
def kopi(world):
    return given.a_site(
        given.a_customer("Kopi Kia Pte Ltd", phone="6777 1234"), name="Kopi Kia, Bedok",
        building="海南 Court",
        street="216 Bedok North Street 1", unit="#01-33", postal_code="460216", phone="+65 9123-4567",
    )  # fmt: skip


def test_a_site_is_found_by_what_is_known_of_it(driver, kopi):
    for asked in [
        "kopi",
        "KIA bedok",
        "north 216",
        "460216",
        "4602",
        "9123 4567",
        "67771234",
        "kopi kia pte ltd",
        "#01-33",
        "海南",
    ]:
        shown = words(driver.get("/sites", query_string={"q": asked}))
        assert "Kopi Kia, Bedok" in shown
        assert "Site S" not in shown


def test_what_matches_nothing_says_so(driver, kopi):
    for asked in [
        "zzz",
        "%",
        "_",
        "/",
        "kopi zzz",
        "海南鸡饭",
        "kopi 鸡",
        "'; DROP TABLE places; --",
    ]:
        assert "No site has all of these words." in words(
            driver.get("/sites", query_string={"q": asked})
        )


def test_htmx_gets_the_list_alone(driver, kopi):
    answer = driver.get("/sites?q=kopi", htmx=True)
    assert answer.text.lstrip().startswith('<div id="found">')
    assert not is_page(answer)


def test_a_long_list_comes_page_by_page_and_complete(driver, world):
    customer = given.a_customer()
    for number in range(60):
        given.a_site(customer, name=f"Stall {number:02}")
    seen, address = [], "/sites?q=stall"
    while address:
        answer = driver.get(address)
        names = answer.text.split('<span class="strong">')[1:]
        seen += [name.split("<")[0] for name in names]
        more = answer.text.split('rel="next" href="')[1:]
        address = more[0].split('"')[0].replace("&amp;", "&") if more else None
    assert seen == [f"Stall {number:02}" for number in range(60)]


def test_a_closed_site_is_not_found(driver, kopi):
    db.session.get_one(Place, kopi.id).active = False
    db.session.commit()
    assert "Kopi Kia" not in words(driver.get("/sites?q=kopi"))
    assert driver.get(f"/sites/{kopi.ref}").status_code == 404


def test_a_hostile_search_is_answered_in_words(driver):
    for asked in ["x" * 61, "a\x00b", "a\u202eb"]:
        answer = driver.get("/sites", query_string={"q": asked})
        assert answer.status_code == 422
        assert 'class="problem"' in answer.text


def test_a_page_behind_nowhere_is_no_error(driver, kopi):
    for after in ["nothing", "00000000-0000-4000-8000-000000000000"]:
        assert driver.get(f"/sites?after={after}").status_code in {200, 422}


def test_a_name_is_text_and_nothing_else(driver, world):
    given.a_site(name="<script>alert(1)</script>")
    assert "<script>alert" not in driver.get("/sites").text


def test_the_page_of_a_site_says_what_is_there(driver, world):
    given.stock(world.site, {world.sizes["C50"]: 3}, condition=Condition.HELD)
    shown = words(driver.get(f"/sites/{world.site.ref}"))
    for said in (world.site.name, "2 Food Street", "CYL 50 kg 3", world.meter.code, "30 days"):
        assert said in shown


def test_last_orders_are_those_one_may_see(driver, stranger, world):
    address = sold(driver, world, **{"delivery-C127": "1"})
    assert address in driver.get(f"/sites/{world.site.ref}").text
    assert "INV-" not in stranger.get(f"/sites/{world.site.ref}").text


def test_no_price_stands_on_the_page_of_a_site(driver, world):
    assert "31.80" not in driver.get(f"/sites/{world.site.ref}").text


def test_a_supervisor_finds_the_counter_of_their_depot(supervisor, driver, world):
    counter = given.a_cash_sale_site(world.depot)
    assert f"/sites/{counter.ref}/sale?source={world.depot.ref}" in supervisor.get("/sites").text
    assert "Sell at the counter" not in driver.get("/sites").text


def test_the_office_does_not_sell(accountant, world):
    assert accountant.get("/sites").status_code == 403
    assert accountant.get(f"/sites/{world.site.ref}").status_code == 403


def test_no_such_site_is_a_404(driver):
    assert driver.get("/sites/00000000-0000-4000-8000-000000000000").status_code == 404
    assert driver.get("/sites/not-a-ref").status_code == 404
