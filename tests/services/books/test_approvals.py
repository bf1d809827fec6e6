"""What a second person approves: kept as a request, done once by someone else, or never."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hsh.blueprints.books.approvals import _carry_out
from hsh.core import clock
from hsh.core.refs import act_of
from hsh.core.refusals import (
    AlreadyAsked,
    AlreadyDecided,
    Invalid,
    NotAllowed,
    NotEnoughStock,
    NotFound,
    OwnRequest,
)
from hsh.core.words import Outside
from hsh.db import db
from hsh.models.books import Approval, AuditEntry
from hsh.models.logistics import Correction
from hsh.models.registry import Rate
from hsh.queries.books import approvals
from hsh.queries.registry.places import outside
from hsh.queries.verify import verify
from hsh.services.books.approvals import ApproveRequest, RefuseRequest, approving, refuse_request
from hsh.services.logistics.corrections import (
    AdjustStock,
    DumpStock,
    ReverseCorrection,
    TransferStock,
    WriteOffStock,
    correct_stock,
    reverse_correction,
)
from hsh.services.registry.overrides import OverrideRate, override_rate
from hsh.services.sales.voids import VoidTransaction, ask_void
from tests import given
from tests.selling import sell
from tests.services.logistics.test_correct_stock import asked, level

approve_request = approving(_carry_out)


@pytest.fixture
def world(app):
    world = given.a_world(full_at_depot=20, full_on_truck=20)
    limit(5)
    return world


@pytest.fixture
def other(world):
    return given.a_supervisor(world.depot)


def limit(quantity):
    version = (
        current.version if (current := db.session.get(given.registry.ApprovalLimits, 1)) else 0
    )
    given.limits(quantity, version=version)


def approve(person, outcome, reason="Seen it"):
    return approve_request(
        ApproveRequest(
            actor=person.actor, submission=uuid4(), request=outcome.ref, reason=reason
        )
    )  # fmt: skip


def refuse(person, outcome, reason="Look again"):
    return refuse_request(
        RefuseRequest(
            actor=person.actor, submission=uuid4(), request=outcome.ref, reason=reason
        )
    )  # fmt: skip


def corrections():
    return db.session.scalar(select(func.count(Correction.id)).where(Correction.kind != "adjust"))


def entry(action):
    body = db.session.scalars(
        select(AuditEntry.body).where(AuditEntry.action == action).order_by(AuditEntry.sequence)
    ).all()[-1]
    return json.loads(body)


def broken(tmp_path):
    db.session.rollback()
    checks = verify(db.engine, data_dir=tmp_path)
    # what a test puts straight into the registry has no entry; an app's account sees no guards
    apart = ("registry.", "guards.")
    return [check for check in checks if not check.ok and not check.name.startswith(apart)]


def test_little_is_done_at_once(world):
    assert correct_stock(asked(DumpStock, world, 5)).record == "correction"


def test_much_waits_without_number_and_moves(world):
    outcome = correct_stock(asked(DumpStock, world, 6))
    assert (outcome.record, outcome.number) == ("request", None)
    assert (corrections(), level(world.depot, world.sizes["C127"])) == (0, 20)


def test_nothing_waits_where_no_limit_is_set(world):
    limit(None)
    assert correct_stock(asked(DumpStock, world, 20)).record == "correction"


@pytest.mark.parametrize("command", [AdjustStock, DumpStock, WriteOffStock, TransferStock])
def test_what_is_approved_is_done_as_it_was_asked_for(world, other, tmp_path, command):
    away = {WriteOffStock: Outside.LOSS, TransferStock: Outside.SUPPLIER}.get(command)
    ends = {"other": outside(away).ref} if away else {}
    wanted = asked(command, world, -6 if command is AdjustStock else 6, **ends)
    approve(other, correct_stock(wanted))
    assert level(world.depot, world.sizes["C127"]) == 14
    made = db.session.scalars(select(Correction).order_by(Correction.id.desc())).first()
    assert (made.reason, made.confirmed_by) == (wanted.reason, other.id)
    assert broken(tmp_path) == []


def test_the_books_name_both(world, other):
    approve(other, correct_stock(asked(DumpStock, world, 6)))
    told = entry("stock.dump")
    assert told["actor"]["id"] == other.id
    assert told["asked_by"]["id"] == world.supervisor.id


def test_nobody_approves_or_refuses_what_they_asked_for(world):
    request = correct_stock(asked(DumpStock, world, 6))
    for decide in (approve, refuse):
        with pytest.raises(OwnRequest):
            decide(world.supervisor, request)
    assert corrections() == 0


@pytest.mark.parametrize("person", [given.an_admin, given.a_driver])
def test_deciding_is_a_supervisors(world, person):
    request = correct_stock(asked(DumpStock, world, 6))
    with pytest.raises(NotAllowed):
        approve(person(), request)


def test_a_supervisor_of_another_depot_does_not_see_it(world):
    request = correct_stock(asked(DumpStock, world, 6))
    with pytest.raises(NotFound):
        approve(given.a_supervisor(given.a_depot()), request)


def test_what_changed_in_between_is_said_and_the_request_stays(world, other, tmp_path):
    request = correct_stock(asked(DumpStock, world, 18))
    for _ in range(3):
        correct_stock(asked(DumpStock, world, 1))
    with pytest.raises(NotEnoughStock) as no:
        approve(other, request)
    assert no.value.params["shortages"][0]["there"] == 17
    assert approvals.one(other.actor, request.ref).verdict is None
    assert db.session.scalar(select(func.count(Approval.id))) == 0
    given.stock(world.depot, {world.sizes["C127"]: 1})
    approve(other, request)
    assert level(world.depot, world.sizes["C127"]) == 0
    assert broken(tmp_path) == []


def test_what_is_refused_is_never_done_and_says_why(world, other, tmp_path):
    request = correct_stock(asked(DumpStock, world, 6))
    refuse(other, request, "They are sound")
    [mine] = approvals.own(world.supervisor.actor, clock.now())
    assert (mine.verdict, mine.answer, mine.decider) == (
        "refused",
        "They are sound",
        other.actor.name,
    )
    with pytest.raises(AlreadyDecided):
        approve(other, request)
    assert (corrections(), broken(tmp_path)) == (0, [])


def test_nobody_refuses_without_a_reason(world, other):
    with pytest.raises(Invalid):
        refuse(other, correct_stock(asked(DumpStock, world, 6)), " ")


def test_a_request_is_decided_once(world, other):
    request = correct_stock(asked(DumpStock, world, 6))
    approve(other, request)
    for decide in (approve, refuse):
        with pytest.raises(AlreadyDecided):
            decide(given.a_supervisor(world.depot), request)
    assert corrections() == 1


def test_of_many_who_approve_at_once_one_does(app, world):
    request = correct_stock(asked(DumpStock, world, 6))
    people = [given.a_supervisor(world.depot) for _ in range(4)]
    db.session.rollback()

    def do(person):
        with app.app_context():
            try:
                return approve(person, request)
            except AlreadyDecided:
                return None

    with ThreadPoolExecutor(4) as pool:
        assert len([done for done in pool.map(do, people) if done]) == 1
    assert level(world.depot, world.sizes["C127"]) == 14


def test_the_same_form_asks_once(world):
    wanted = asked(DumpStock, world, 6)
    assert correct_stock(wanted) == correct_stock(wanted)
    with pytest.raises(AlreadyAsked):
        correct_stock(asked(DumpStock, world, 6))


def test_what_was_approved_is_forgotten_on_today_after_two_days(world, other):
    approve(other, correct_stock(asked(DumpStock, world, 6)))
    assert approvals.own(world.supervisor.actor, clock.now())
    assert not approvals.own(world.supervisor.actor, clock.now() + timedelta(days=3))


def test_taking_much_back_is_approved_too(world, other, tmp_path):
    limit(None)
    first = correct_stock(asked(DumpStock, world, 6))
    limit(5)
    back = ReverseCorrection(
        actor=world.supervisor.actor, submission=uuid4(), correction=first.ref, reason="Sound"
    )  # fmt: skip
    request = reverse_correction(back)
    assert level(world.depot, world.sizes["C127"]) == 14
    approve(other, request)
    assert level(world.depot, world.sizes["C127"]) == 20
    assert broken(tmp_path) == []


def void(world, sold, *, actor=None, reason="Wrong site"):
    return VoidTransaction(
        actor=actor or world.driver.actor, submission=uuid4(), transaction=sold.ref, reason=reason
    )


def test_a_driver_asks_for_a_void_and_a_supervisor_does_it(world, tmp_path):
    sold = sell(world)
    request = ask_void(void(world, sold))
    assert approvals.pending_about(sold.ref, "sale.void") == request.ref
    approve(world.supervisor, request)
    told = entry("sale.void")
    assert (told["actor"]["id"], told["asked_by"]["id"]) == (
        world.supervisor.id,
        world.driver.id,
    )
    assert told["before"]["transaction"] == sold.number
    assert approvals.pending_about(sold.ref, "sale.void") is None
    assert broken(tmp_path) == []


def test_a_driver_asks_for_a_void_of_what_they_see(world):
    with pytest.raises(NotFound):
        ask_void(void(world, sell(world), actor=given.a_driver().actor))


def price(world, *, actor=None, **fields):
    values = {
        "site": world.site.ref, "equipment": "C127", "starts_on": clock.today(),
        "amount": Decimal("29.5"), "reason": "They buy more",
    }  # fmt: skip
    return OverrideRate(
        actor=actor or world.driver.actor, submission=uuid4(), **values | fields
    )  # fmt: skip


def test_a_price_that_is_approved_is_the_sites_own(world, tmp_path):
    request = override_rate(price(world))
    rate = select(Rate).where(Rate.scope == "site", Rate.scope_id == world.site.id)
    assert db.session.scalar(rate) is None
    approve(world.supervisor, request)
    assert db.session.scalars(rate).one().amount == Decimal("29.5")
    assert entry("rate.override")["asked_by"]["id"] == world.driver.id
    assert broken(tmp_path) == []


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"equipment": "C1"}, "unknown_equipment"),
        ({"amount": Decimal(-1)}, "below_zero"),
        ({"starts_on": clock.today() - timedelta(days=1)}, "day_past"),
        ({"reason": ""}, "missing"),
    ],
)
def test_a_price_that_cannot_be_is_not_asked_for(world, fields, reason):
    with pytest.raises(Invalid) as no:
        override_rate(price(world, **fields))
    assert no.value.params["reason"] == reason


def test_a_price_asked_for_yesterday_is_not_set_for_a_day_that_is_past(world):
    request = override_rate(price(world))
    with clock.running(lambda: clock._wall() + timedelta(days=2)), pytest.raises(Invalid):
        approve(world.supervisor, request)
    assert approvals.one(world.supervisor.actor, request.ref).verdict is None


def test_an_approved_act_has_a_submission_of_its_own(world, other):
    request = correct_stock(asked(DumpStock, world, 6))
    approve(other, request)
    assert db.session.scalars(
        select(Correction.ref).where(Correction.kind == "dump")
    ).all() == [act_of(request.ref)]  # fmt: skip
