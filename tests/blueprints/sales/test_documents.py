import re
from datetime import timedelta

import pytest

from tests import given
from tests.selling import NOON, at, everything, sell, size, void
from tests.visitor import is_page, words

LIST = "/documents"


@pytest.fixture
def sale(world):
    with at(NOON):
        return sell(world, cylinders=size(delivered=1))


def numbers(response):
    return re.findall(r'">((?:INV|CN)-\d{4}-\d{6})</a>', response.text)


def test_the_pdf_comes_under_the_name_that_it_is_stored_by(driver, sale):
    answer = driver.get(f"/transactions/{sale.ref}/document.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    disposition = answer.headers["Content-Disposition"]
    assert disposition == "attachment; filename=TRX-20261120-000001.pdf"
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_pdf_can_be_asked_for_by_its_number(driver, sale):
    by_number = driver.get(f"/documents/{sale.document}.pdf")
    assert by_number.data == driver.get(f"/transactions/{sale.ref}/document.pdf").data


def test_a_stranger_gets_no_paper(stranger, driver, sale):
    assert stranger.get(f"/transactions/{sale.ref}/document.pdf").status_code == 404
    assert stranger.get(f"/documents/{sale.document}.pdf").status_code == 404
    assert driver.get("/documents/INV-2026-999999.pdf").status_code == 404
    assert driver.get("/documents/海.pdf").status_code == 404
    assert driver.get("/documents/..%2f..%2fsecret_key.pdf").status_code == 404


def test_nobody_gets_paper_without_signing_in(visitor, sale):
    answer = visitor.get(f"/documents/{sale.document}.pdf")
    assert (answer.status_code, answer.data.startswith(b"%PDF")) == (303, False)


def test_the_office_finds_documents_and_a_driver_has_no_list(accountant, supervisor, driver, sale):
    assert numbers(accountant.get(LIST)) == [sale.document]
    assert numbers(supervisor.get(LIST)) == [sale.document]
    assert driver.get(LIST).status_code == 403


def test_filters_narrow_the_list(accountant, world, sale):
    with at(NOON - timedelta(days=3)):
        old = sell(
            world,
            site=given.a_site(given.a_customer("Mee Goreng Bros", price_list=_prices(world))).ref,
        )
    with at(NOON):
        note = void(world, sale)
    for query, expected in (
        ({}, [note, sale, old]),
        ({"kind": "credit_note"}, [note]),
        ({"kind": "invoice"}, [sale, old]),
        ({"customer": "goreng mee"}, [old]),
        ({"customer": "nobody"}, []),
        ({"customer": "海南"}, []),
        ({"until": "2026-11-19"}, [old]),
        ({"since": "2026-11-20"}, [note, sale]),
        ({"number": sale.document.lower()}, [sale]),
        ({"number": note.number}, [note]),
    ):
        with at(NOON):
            answer = accountant.get(LIST, query_string=query)
        assert set(numbers(answer)) == {one.document for one in expected}, query


def test_a_hostile_filter_is_answered_in_words(accountant, sale):
    for query in [{"since": "x"}, {"kind": "slip"}, {"customer": "x" * 61}, {"number": "\x00"}]:
        answer = accountant.get(LIST, query_string=query)
        assert answer.status_code == 422
        assert 'class="problem"' in answer.text


def test_rendering_again_says_how_it_compares(accountant, sale):
    address = f"/transactions/{sale.ref}/document/regenerate"
    answer = accountant.submit(address, htmx=True)
    assert "it comes out the same, byte for byte" in words(answer)
    assert not is_page(answer)
    assert "it comes out the same" in words(accountant.submit(address))


def test_only_the_office_renders_again(driver, supervisor, sale):
    address = f"/transactions/{sale.ref}/document/regenerate"
    before = everything()
    assert driver.submit(address).status_code == 403
    assert supervisor.submit(address).status_code == 403
    assert everything() == before


def test_a_damaged_form_renders_nothing_again(accountant, sale):
    address = f"/transactions/{sale.ref}/document/regenerate"
    assert accountant.submit(address, {"client_temp_id": "x"}).status_code == 422


def _prices(world):
    from tests.selling import price_list

    return price_list(world)
