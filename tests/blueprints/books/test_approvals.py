"""/approvals: the inbox, what is asked for in words, and what the requester sees."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.blueprints import formats
from hsh.core import clock
from hsh.core.words import RateScope, RateSubject
from hsh.db import db
from hsh.models.books import ApprovalRequest
from hsh.models.logistics import Correction
from hsh.models.registry import Rate
from hsh.services.logistics.corrections import AdjustStock, DumpStock, correct_stock
from hsh.services.registry.rates import NewRate, set_rate
from tests import given
from tests.given import NOBODYS_REF
from tests.selling import sell
from tests.services.books.test_approvals import broken, limit
from tests.services.logistics.test_correct_stock import asked, level
from tests.visitor import location, words


@pytest.fixture
def world(app):
    world = given.a_world(full_at_depot=20, full_on_truck=20)
    limit(5)
    return world


@pytest.fixture
def other(world, signed_in):
    return signed_in(given.a_supervisor(world.depot))


def newest():
    return db.session.scalars(select(ApprovalRequest).order_by(ApprovalRequest.id.desc())).first()


def test_a_large_change_becomes_a_request_that_another_approves(world, signed_in, other):
    requester = signed_in(world.supervisor)
    answer = requester.submit(
        "/stock/changes/new/dump",
        {"place": str(world.depot.ref), "reason": "They leak", "full-C127": "6"},
    )
    path = location(answer)
    assert path == f"/approvals/{newest().ref}"
    seen = words(requester.get(path))
    assert "Someone else must decide" in seen
    assert "CYL 12.7 kg full 6" in seen
    assert "Emptying of cylinders Waiting" in words(requester.get("/"))
    assert path in other.get("/approvals").text
    assert other.submit(f"{path}/approve").status_code == 303
    assert level(world.depot, world.sizes["C127"]) == 14
    number = db.session.scalars(select(Correction.number).order_by(Correction.id.desc())).first()
    assert "approved it." in words(other.get(path))
    assert f"Approved {number}" in words(requester.get("/"))
    assert path not in other.get("/approvals").text
    assert path in other.get("/approvals?settled=1").text


def test_who_asked_is_told_why_it_was_refused(world, signed_in, other):
    request = correct_stock(asked(DumpStock, world, 6))
    path = f"/approvals/{request.ref}"
    assert other.submit(f"{path}/refuse", {"reason": ""}).status_code == 422
    other.submit(f"{path}/refuse", {"reason": "They are sound"})
    seen = words(signed_in(world.supervisor).get("/"))
    assert "Emptying of cylinders Refused" in seen
    assert "They are sound" in seen


def test_who_asked_is_offered_no_decision_and_gets_none(world, signed_in):
    request = correct_stock(asked(DumpStock, world, 6))
    requester = signed_in(world.supervisor)
    assert "/approve" not in requester.get(f"/approvals/{request.ref}").text
    assert requester.submit(f"/approvals/{request.ref}/approve").status_code == 403


def test_a_change_that_cannot_be_any_more_says_how_many_there_are(world, other):
    request = correct_stock(asked(DumpStock, world, 18))
    for _ in range(3):
        correct_stock(asked(DumpStock, world, 1))
    answer = other.submit(f"/approvals/{request.ref}/approve")
    assert answer.status_code == 409
    assert "has 17 full CYL 12.7 kg; you asked for 18" in words(answer)
    assert "Waiting" in words(other.get(f"/approvals/{request.ref}"))


def test_a_driver_asks_for_a_void_of_their_own_sale(world, signed_in):
    sold = sell(world)
    driver, supervisor = signed_in(world.driver), signed_in(world.supervisor)
    sale = f"/transactions/{sold.ref}"
    assert f"{sale}/ask-void" in driver.get(sale).text
    assert "Why should it be void?" in words(driver.get(f"{sale}/ask-void"))
    assert driver.submit(f"{sale}/ask-void", {"reason": " "}).status_code == 422
    path = location(driver.submit(f"{sale}/ask-void", {"reason": "Wrong site"}))
    assert "A void is asked for" in words(driver.get(sale))
    assert sale in supervisor.get(path).text
    supervisor.submit(f"{path}/approve")
    assert "Voided by" in words(driver.get(sale))
    assert "Void of a sale Approved TRX-" in words(driver.get("/"))


def test_a_driver_does_not_see_the_inbox_of_others(world, signed_in):
    request = correct_stock(asked(DumpStock, world, 6))
    driver = signed_in(world.driver)
    assert f"/approvals/{request.ref}" not in driver.get("/approvals").text
    assert driver.get(f"/approvals/{request.ref}").status_code == 404
    assert driver.submit(f"/approvals/{request.ref}/approve").status_code == 403


def test_a_driver_asks_for_a_price_and_a_supervisor_sets_it(world, signed_in):
    driver, supervisor = signed_in(world.driver), signed_in(world.supervisor)
    page = f"/sites/{world.site.ref}/price"
    assert page in driver.get(f"/sites/{world.site.ref}").text
    assert "Ask for a price" in words(driver.get(page))
    typed = {
        "equipment": "C127", "starts_on": str(clock.today()), "amount": "29.50",
        "reason": "They buy more",
    }  # fmt: skip
    path = location(driver.submit(page, typed))
    seen = words(supervisor.get(path))
    assert f"Site {world.site.name}" in seen
    assert "Size CYL 12.7 kg" in seen
    supervisor.submit(f"{path}/approve", {"reason": "Agreed"})
    rate = db.session.scalars(select(Rate).where(Rate.scope == "site")).one()
    assert (rate.scope_id, str(rate.amount)) == (world.site.id, "29.5000")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "-1"},
        {"amount": "x"},
        {"starts_on": "2020-01-01"},
        {"equipment": "C1"},
        {"reason": ""},
    ],
)
def test_a_price_that_will_not_do_says_so_at_its_field(world, signed_in, wrong):
    typed = {
        "equipment": "C127", "starts_on": str(clock.today()), "amount": "29.50", "reason": "More",
    }  # fmt: skip
    answer = signed_in(world.driver).submit(f"/sites/{world.site.ref}/price", typed | wrong)
    assert (answer.status_code, newest()) == (422, None)
    assert 'class="field wrong"' in answer.text


def test_a_driver_asks_for_a_price_at_one_sale_and_sees_it_on_the_way(world, signed_in):
    driver, supervisor = signed_in(world.driver), signed_in(world.supervisor)
    site = f"/sites/{world.site.ref}"
    typed = {
        "equipment": "C127", "valid_until": str(clock.today()), "amount": "29.50",
        "reason": "They waited for two days",
    }  # fmt: skip
    path = location(driver.submit(f"{site}/one-price", typed))
    seen = words(supervisor.get(path))
    assert "Price $29.50" in seen
    assert f"For one sale, until {formats.day(clock.today())}" in seen
    assert "Agreed for the next sale" not in words(driver.get(site))
    supervisor.submit(f"{path}/approve", {"reason": "Agreed"})
    assert "Price for one sale Approved" in words(driver.get("/"))
    assert "Agreed for the next sale CYL 12.7 kg until" in words(driver.get(site))
    page = driver.get(f"{site}/sale")
    assert "$29.50 agreed for this sale" in words(page)
    agreement = re.search(r'name="agreed" value="([^"]+)"', page.text)[1]
    sale = {
        "source": str(world.truck.ref), "delivery-C127": "2", "payment_method": "on_account",
        "agreed": agreement,
    }  # fmt: skip
    made = driver.submit(f"{site}/sale", sale)
    assert made.status_code == 303
    assert "29.50" in words(driver.get(location(made)))
    assert "Agreed for the next sale" not in words(driver.get(site))
    assert 'name="agreed" value=""' in driver.get(f"{site}/sale").text


@pytest.mark.parametrize("typed", ["x", "1" * 5000, ",,,", "\0", NOBODYS_REF])
def test_a_page_that_shows_no_agreement_sells_at_the_usual_price(world, signed_in, typed):
    sale = {
        "source": str(world.truck.ref), "delivery-C127": "2", "payment_method": "on_account",
        "agreed": typed,
    }  # fmt: skip
    assert signed_in(world.driver).submit(f"/sites/{world.site.ref}/sale", sale).status_code == 303


def test_there_is_nothing_to_decide_about_nothing(world, other):
    assert other.get(f"/approvals/{uuid4()}").status_code == 404
    assert other.submit(f"/approvals/{uuid4()}/approve").status_code == 404


def test_an_admin_sets_the_limits_and_the_second_sees_both(world, signed_in):
    admin = signed_in(given.an_admin())
    assert 'value="5"' in admin.get("/stock/limits").text
    typed = {"adjust": "10", "transfer": "", "dump": "7", "write_off": "0", "version": "1"}
    assert admin.submit("/stock/limits", typed).status_code == 303
    late = admin.submit("/stock/limits", typed | {"dump": "9"})
    assert late.status_code == 409
    assert "Emptied in place 7 9" in words(late)
    assert 'value="9"' in late.text
    assert 'name="version" value="2"' in late.text
    assert admin.submit("/stock/limits", typed | {"dump": "-1"}).status_code == 422
    assert signed_in(world.supervisor).get("/stock/limits").status_code == 403


@pytest.mark.parametrize("htmx", [True, False], ids=["with JavaScript", "without"])
def test_it_is_said_once_that_the_limits_are_saved(world, signed_in, htmx):
    admin, typed = signed_in(given.an_admin()), {"adjust": "10", "version": "1"}
    answer = admin.submit("/stock/limits", typed, htmx=htmx)
    if not htmx:
        assert "The limits for approval are set." not in words(answer)
        answer = admin.get("/stock/limits")
    assert "The limits for approval are set." in words(answer)
    assert "The limits for approval are set." not in words(admin.get("/stock/limits"))
    assert "The limits for approval are set." not in words(
        admin.submit("/stock/limits", typed, htmx=htmx)
    )


def test_who_asked_withdraws_and_nobody_decides_any_more(world, signed_in, other, tmp_path):
    request = correct_stock(asked(DumpStock, world, 6))
    path = f"/approvals/{request.ref}"
    requester = signed_in(world.supervisor)
    assert "Withdraw it" in words(requester.get(path))
    assert "Withdraw it" not in words(other.get(path))
    assert other.submit(f"{path}/withdraw").status_code == 404
    assert requester.submit(f"{path}/withdraw").status_code == 303
    assert "withdrew it." in words(requester.get(path))
    assert "Emptying of cylinders Withdrawn" in words(requester.get("/"))
    assert other.submit(f"{path}/approve").status_code == 409
    assert requester.submit(f"{path}/withdraw").status_code == 409
    assert path not in other.get("/approvals").text
    assert "Withdrawn" in words(other.get("/approvals?settled=1"))
    assert level(world.depot, world.sizes["C127"]) == 20
    assert broken(tmp_path) == []
    assert correct_stock(asked(DumpStock, world, 6)).record == "request"


@pytest.mark.parametrize(("quantity", "told"), [(-6, "6 fewer"), (7, "7 more")])
def test_an_adjustment_says_in_words_which_way_it_goes(world, other, quantity, told):
    request = correct_stock(asked(AdjustStock, world, quantity))
    assert told in words(other.get(f"/approvals/{request.ref}"))


def test_an_approved_change_names_who_asked_and_who_approved(world, signed_in, other):
    request = correct_stock(asked(DumpStock, world, 6))
    other.submit(f"/approvals/{request.ref}/approve")
    made = db.session.scalars(select(Correction).order_by(Correction.id.desc())).first()
    seen = words(other.get(f"/stock/changes/{made.ref}"))
    assert f"asked for by {world.supervisor.actor.name}, approved by Supervisor" in seen
    assert f"{world.supervisor.actor.name} asked for it" in words(
        other.get(f"/approvals/{request.ref}")
    )


def test_a_request_says_that_the_stock_moved_meanwhile(world, other):
    request = correct_stock(asked(DumpStock, world, 6))
    path = f"/approvals/{request.ref}"
    assert "Something is not as it was" not in words(other.get(path))
    correct_stock(asked(DumpStock, world, 2))
    assert "CYL 12.7 kg, full: there were 20 when it was asked for, and there are 18 now." in words(
        other.get(path)
    )
    other.submit(f"{path}/approve")
    assert "Something is not as it was" not in words(other.get(path))


def test_a_request_says_that_the_sale_was_voided_meanwhile(world, signed_in):
    sold = sell(world)
    path = location(
        signed_in(world.driver).submit(f"/transactions/{sold.ref}/ask-void", {"reason": "Wrong"})
    )
    supervisor = signed_in(world.supervisor)
    supervisor.submit(f"/transactions/{sold.ref}/void", {"reason": "Wrong"})
    assert "The sale was voided meanwhile, as TRX-" in words(supervisor.get(path))


@pytest.mark.parametrize("scope", ["site", "customer"])
def test_a_request_says_that_a_price_was_set_meanwhile(world, signed_in, scope):
    typed = {
        "equipment": "C127", "starts_on": str(clock.today()), "amount": "29.50", "reason": "More",
    }  # fmt: skip
    path = location(signed_in(world.driver).submit(f"/sites/{world.site.ref}/price", typed))
    supervisor = signed_in(world.supervisor)
    assert "Something is not as it was" not in words(supervisor.get(path))
    set_rate(
        NewRate(
            scope=RateScope(scope), scope_id=getattr(world, scope).id,
            subject=RateSubject.EQUIPMENT, subject_id=world.sizes["C127"].id,
            starts_on=clock.today(), amount=Decimal(31),
        ),
        by=None,
    )  # fmt: skip
    assert "A price that this site may pay for it was set meanwhile." in words(supervisor.get(path))


def test_a_request_says_that_the_count_was_changed_meanwhile(world, signed_in, other):
    counter = signed_in(world.supervisor)
    page = location(counter.submit("/stock/counts", {"place": str(world.depot.ref)}))
    counter.submit(page, {"full-C127": "9", "version": "1"})
    path = location(counter.submit(f"{page}/close", {"reason": "Counted", "version": "2"}))
    assert "Something is not as it was" not in words(other.get(path))
    counter.submit(page, {"full-C127": "10", "version": "2"})
    assert "The count was changed or closed meanwhile." in words(other.get(path))
