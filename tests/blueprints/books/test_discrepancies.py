"""/discrepancies: sales that something is odd about, and what a supervisor makes of them."""

import pytest

from hsh.core.refusals import OwnDiscrepancy, Replaced
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.sales import FlagReview
from hsh.services.sales.discrepancies import CloseDiscrepancy, close_discrepancy
from hsh.services.sales.orders import CylinderEntry
from tests import a_day, given
from tests.selling import everything, sell, size, void
from tests.syncing import broken
from tests.visitor import words


@pytest.fixture
def world(app):
    world = given.a_world(full_at_depot=0, full_on_truck=20)
    a_day.sell(
        world,
        cylinders=[CylinderEntry(equipment="C127", collected=4)],
        accept_shortfall=True,
    )
    return world


@pytest.fixture
def odd(world):
    """A sale of $69.32 of which the tablet had said $65.00."""
    sold = sell(world, cylinders=size(delivered=2), claimed=6500)
    db.session.rollback()
    return sold


def closing(world, odd, **changes):
    told = {
        "actor": world.supervisor.actor,
        "submission": given.uuid4(),
        "reason": "Old price list",
    }
    return close_discrepancy(CloseDiscrepancy(transaction=odd.ref, **told | changes))


@pytest.mark.parametrize("someone", [given.a_driver, given.an_accountant])
def test_it_is_not_for_drivers_and_accountants(signed_in, someone):
    assert signed_in(someone()).get("/discrepancies").status_code == 403


def test_a_supervisor_sees_where_how_many_and_in_which_sale(world, signed_in):
    seen = words(signed_in(world.supervisor).get("/discrepancies"))
    assert world.site.name in seen
    assert "CYL 12.7 kg: 4 more came back than the books had." in seen
    assert world.driver.actor.name in seen


def test_a_total_that_the_tablet_had_not_shown_is_among_them(world, odd, signed_in):
    seen = words(signed_in(world.supervisor).get("/discrepancies"))
    assert "The tablet said $65.00, the books say $69.32." in seen
    assert odd.number in seen


def test_a_sale_of_the_total_that_the_tablet_had_shown_is_not(world, signed_in):
    sold = sell(world, cylinders=size(delivered=2), claimed=6932)
    other = sell(world, cylinders=size(delivered=2))
    seen = words(signed_in(world.supervisor).get("/discrepancies"))
    assert sold.number not in seen
    assert other.number not in seen


def test_a_supervisor_of_another_depot_does_not_see_them(world, odd, signed_in):
    stranger = signed_in(given.a_supervisor(given.a_depot()))
    assert "Nothing waits for you." in words(stranger.get("/discrepancies"))
    assert stranger.get(f"/discrepancies/{odd.ref}").status_code == 404
    answer = stranger.submit(f"/discrepancies/{odd.ref}/close", {"reason": "Mine"})
    assert answer.status_code == 404


def test_any_place_in_the_list_can_be_asked_for(world, signed_in):
    admin = signed_in(given.an_admin())
    for page in ("x", "b0", "a0", "b99", "a99"):
        for settled in ("", "1"):
            asked = {"page": page, "settled": settled}
            assert admin.get("/discrepancies", query_string=asked).status_code == 200


def test_it_is_closed_with_a_reason_that_the_driver_reads(world, odd, signed_in, tmp_path):
    supervisor = signed_in(world.supervisor)
    answer = supervisor.submit(
        f"/discrepancies/{odd.ref}/close", {"reason": "Old prices. I told Mdm Tan."}
    )
    assert answer.status_code == 303
    assert "Nothing was settled" not in words(supervisor.get("/discrepancies?settled=1"))
    assert odd.number not in words(supervisor.get("/discrepancies"))
    assert "I told Mdm Tan." in words(supervisor.get(f"/discrepancies/{odd.ref}"))
    assert "I told Mdm Tan." in words(signed_in(world.driver).get(f"/transactions/{odd.ref}"))
    entry = db.session.query(AuditEntry).order_by(AuditEntry.sequence.desc()).first()
    assert (entry.action, entry.number) == ("discrepancy.close", odd.number)
    db.session.rollback()
    assert broken(tmp_path) == []


def test_without_a_reason_nothing_is_closed(world, odd, signed_in):
    before = everything()
    answer = signed_in(world.supervisor).submit(f"/discrepancies/{odd.ref}/close", {"reason": " "})
    assert answer.status_code == 422
    assert "Settle" in words(signed_in(world.supervisor).get("/discrepancies"))
    assert everything()["flag_reviews"] == before["flag_reviews"]


def test_a_void_settles_it_too(world, odd, signed_in, tmp_path):
    back = void(world, odd)
    supervisor = signed_in(world.supervisor)
    assert odd.number not in words(supervisor.get("/discrepancies"))
    assert back.number in words(supervisor.get(f"/discrepancies/{odd.ref}"))
    with pytest.raises(Replaced):
        closing(world, odd)
    db.session.rollback()
    assert broken(tmp_path) == []


def test_the_same_form_twice_closes_once_and_another_comes_too_late(world, odd):
    form = given.uuid4()
    first = closing(world, odd, submission=form)
    assert closing(world, odd, submission=form) == first
    with pytest.raises(Replaced):
        closing(world, odd)
    assert db.session.query(FlagReview).count() == 1


def test_who_sold_it_does_not_settle_it(world, signed_in):
    counter = given.a_supervisor(world.depot)
    sold = sell(
        world, actor=counter.actor, source=world.truck.ref, cylinders=size(delivered=1), claimed=1
    )
    with pytest.raises(OwnDiscrepancy):
        closing(world, sold, actor=counter.actor)
    shown = words(signed_in(counter).get(f"/discrepancies/{sold.ref}"))
    assert "someone else must look into it" in shown
    assert "Let it stand" not in shown


def test_a_sale_with_nothing_odd_has_no_such_page(world, signed_in):
    sold = sell(world, cylinders=size(delivered=1))
    assert signed_in(world.supervisor).get(f"/discrepancies/{sold.ref}").status_code == 404
