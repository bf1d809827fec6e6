import pytest

from tests import escpos_parser, given
from tests.selling import everything, sell, size
from tests.visitor import words


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


@pytest.fixture
def sale(world):
    return sell(world, cylinders=size(delivered=1))


def address(sale):
    return f"/print/transaction/{sale.ref}.escpos"


def test_the_bytes_are_what_a_printer_understands(world, signed_in, sale):
    answer = signed_in(world.driver).get(address(sale))
    assert answer.mimetype == "application/octet-stream"
    assert answer.data.startswith(b"\x1b@")
    said = escpos_parser.text(answer.data)
    for needed in (sale.number, sale.document, "CYL 12.7 kg", "34.66"):
        assert needed in said
    assert "COPY" not in said


def test_each_print_after_the_first_says_copy_and_the_page_foretells_it(world, signed_in, sale):
    driver = signed_in(world.driver)
    page = f"/transactions/{sale.ref}"
    assert "COPY" not in words(driver.get(page))
    driver.get(address(sale))
    assert "COPY 1" in words(driver.get(page))
    assert "COPY 1" in escpos_parser.text(driver.get(address(sale)).data)
    assert "COPY 2" in escpos_parser.text(driver.get(address(sale)).data)


def test_looking_at_the_page_counts_no_print(world, signed_in, sale):
    driver = signed_in(world.driver)
    before = everything()
    driver.get(f"/transactions/{sale.ref}")
    assert everything() == before


def test_only_who_sells_prints_and_only_their_own(world, signed_in, sale):
    assert signed_in(given.an_accountant()).get(address(sale)).status_code == 403
    assert signed_in(given.a_driver(given.a_truck())).get(address(sale)).status_code == 404
    assert signed_in(world.driver).get("/print/transaction/x.escpos").status_code == 404
    assert signed_in(world.supervisor).get(address(sale)).status_code == 200


def test_a_name_cannot_tell_the_printer_what_to_do(world, signed_in):
    evil = given.a_site(world.customer, name="Kopi\x1bp\x00\x19\xfa\x1dV\x00 Corner")
    sale = sell(world, site=evil.ref)
    said = escpos_parser.text(signed_in(world.driver).get(address(sale)).data)
    assert "Kopip" in said.replace(" ", "")


def test_as_a_page_it_counts_as_a_print_like_the_bytes(world, signed_in, sale):
    driver = signed_in(world.driver)
    page = f"/print/transaction/{sale.ref}"
    first, second = words(driver.get(page)), words(driver.get(page))
    assert sale.document in first
    assert "COPY" not in first.replace("it says COPY", "")
    assert "COPY 1" in second
    assert "COPY 2" in escpos_parser.text(driver.get(address(sale)).data)


def test_the_test_page_is_understood_by_a_printer_and_counts_nothing(world, signed_in):
    driver = signed_in(world.driver)
    before = everything()
    said = escpos_parser.text(driver.get("/print/test.escpos").data)
    assert "Test page" in said
    assert "123456789012345678901234567890123456789012345678" in said
    assert everything() == before
    assert signed_in(given.an_accountant()).get("/print/printer").status_code == 403
