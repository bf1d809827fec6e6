from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core.refusals import Invalid, NotAllowed, NotEnoughStock, NotFound, SubmissionReused
from hsh.core.words import Condition, Outside
from hsh.db import db
from hsh.models.books import StockLevel, Submission
from hsh.models.logistics import Correction
from hsh.queries.registry.places import outside
from hsh.services.logistics.corrections import (
    AdjustStock,
    DumpStock,
    StockLine,
    TransferStock,
    WriteOffStock,
    correct_stock,
)
from tests import given

FULL, PART, EMPTY, HELD = Condition.FULL, Condition.PART, Condition.EMPTY, Condition.HELD


@pytest.fixture
def world(app):
    return given.a_world(full_at_depot=10)


def asked(command, world, quantity=1, *, size="C127", condition=FULL, **fields):
    values = {
        "actor": world.supervisor.actor, "submission": uuid4(), "place": world.depot.ref,
        "reason": "Counted again",
        "lines": (StockLine(equipment=size, condition=condition, quantity=quantity),),
    }  # fmt: skip
    return command(**values | fields)


def level(place, size, condition=FULL):
    return db.session.scalar(
        select(StockLevel.quantity).where(
            StockLevel.place_id == place.id,
            StockLevel.equipment_id == size.id,
            StockLevel.condition == condition,
        )
    )


def numbers():
    return list(db.session.scalars(select(Correction.number).order_by(Correction.id)))[1:]


def test_what_was_found_and_what_is_missing_is_put_right(world):
    correct_stock(asked(AdjustStock, world, 3))
    correct_stock(asked(AdjustStock, world, -5))
    assert level(world.depot, world.sizes["C127"]) == 8
    assert [number[-6:] for number in numbers()] == ["000002", "000003"]


def test_a_site_that_the_books_have_wrong_is_put_right(world):
    correct_stock(asked(AdjustStock, world, 2, place=world.site.ref, condition=HELD))
    assert level(world.site, world.sizes["C127"], HELD) == 2


@pytest.mark.parametrize(
    ("place", "condition"), [("site", FULL), ("site", EMPTY), ("depot", HELD), ("truck", HELD)]
)
def test_nobody_sees_the_condition_at_a_site_and_everybody_elsewhere(world, place, condition):
    wanted = asked(AdjustStock, world, place=getattr(world, place).ref, condition=condition)
    with pytest.raises(Invalid) as no:
        correct_stock(wanted)
    assert no.value.params["reason"] == "line_not_possible"


def test_a_transfer_goes_from_depot_to_depot(world):
    other = given.a_depot()
    given.put(given.people.UserDepot(user_id=world.supervisor.id, depot_id=other.id))
    correct_stock(asked(TransferStock, world, 4, other=other.ref))
    size = world.sizes["C127"]
    assert (level(world.depot, size), level(other, size)) == (6, 4)


def test_the_supplier_brings_full_ones_and_takes_empty_ones(world):
    supplier = outside(Outside.SUPPLIER).ref
    correct_stock(asked(TransferStock, world, 4, place=supplier, other=world.depot.ref))
    given.stock(world.depot, {world.sizes["C127"]: 6}, condition=EMPTY)
    correct_stock(asked(TransferStock, world, 6, other=supplier, condition=EMPTY))
    size = world.sizes["C127"]
    assert (level(world.depot, size), level(world.depot, size, EMPTY)) == (14, 0)


def test_what_is_dumped_is_empty_where_it_stands(world):
    correct_stock(asked(DumpStock, world, 3))
    size = world.sizes["C127"]
    assert (level(world.depot, size), level(world.depot, size, EMPTY)) == (7, 3)


def test_what_is_written_off_is_gone(world):
    correct_stock(asked(WriteOffStock, world, 2, other=outside(Outside.SCRAP).ref))
    assert level(world.depot, world.sizes["C127"]) == 8
    assert level(outside(Outside.SCRAP), world.sizes["C127"]) == 2


def test_each_kind_is_numbered_for_itself(world):
    supplier, loss = outside(Outside.SUPPLIER).ref, outside(Outside.LOSS).ref
    for _ in range(2):
        correct_stock(asked(TransferStock, world, other=supplier))
        correct_stock(asked(DumpStock, world))
        correct_stock(asked(WriteOffStock, world, other=loss))
    assert [f"{number[:3]} {number[-1]}" for number in numbers()] == [
        "TRF 1", "DMP 1", "WOF 1", "TRF 2", "DMP 2", "WOF 2",
    ]  # fmt: skip


def test_the_same_form_is_done_once(world):
    wanted = asked(AdjustStock, world, 3)
    assert correct_stock(wanted) == correct_stock(wanted)
    assert level(world.depot, world.sizes["C127"]) == 13


def test_the_same_form_with_other_content_is_refused(world):
    wanted = asked(AdjustStock, world, 3)
    correct_stock(wanted)
    with pytest.raises(SubmissionReused):
        correct_stock(asked(AdjustStock, world, 4, submission=wanted.submission))


@pytest.mark.parametrize("command", [AdjustStock, DumpStock])
def test_a_place_that_is_short_refuses_and_says_how_many_there_are(world, command):
    quantity = -11 if command is AdjustStock else 11
    with pytest.raises(NotEnoughStock) as no:
        correct_stock(asked(command, world, quantity))
    [short] = no.value.params["shortages"]
    assert (short["place"], short["there"], short["wanted"]) == (world.depot.name, 10, 11)
    assert (numbers(), level(world.depot, world.sizes["C127"])) == ([], 10)


@pytest.mark.parametrize(
    ("command", "fields", "reason"),
    [
        (AdjustStock, {"quantity": 0}, "line_not_possible"),
        (DumpStock, {"quantity": -1}, "line_not_possible"),
        (DumpStock, {"condition": EMPTY}, "line_not_possible"),
        (TransferStock, {}, "missing"),
        (WriteOffStock, {}, "missing"),
        (AdjustStock, {"size": "C1"}, "unknown_equipment"),
        (AdjustStock, {"lines": ()}, "nothing_planned"),
        (AdjustStock, {"reason": "  "}, "missing"),
    ],
)
def test_what_the_trade_does_not_know_is_refused(world, command, fields, reason):
    with pytest.raises(Invalid) as no:
        correct_stock(asked(command, world, **fields))
    assert no.value.params["reason"] == reason
    assert numbers() == []


@pytest.mark.parametrize("command", [TransferStock, WriteOffStock])
def test_stock_does_not_go_onto_a_truck_without_a_distribution(world, command):
    with pytest.raises(Invalid):
        correct_stock(asked(command, world, other=world.truck.ref))


def test_another_depots_stock_is_not_theirs_to_change(world):
    stranger = given.a_supervisor(given.a_depot())
    with pytest.raises(NotFound):
        correct_stock(asked(AdjustStock, world, actor=stranger.actor))


@pytest.mark.parametrize("person", [given.an_admin, given.an_accountant, given.a_driver])
def test_changing_stock_is_a_supervisors(world, person):
    with pytest.raises(NotAllowed):
        correct_stock(asked(AdjustStock, world, actor=person().actor))


def test_nothing_is_left_of_a_refused_change(world):
    wanted = asked(DumpStock, world, 11)
    with pytest.raises(NotEnoughStock):
        correct_stock(wanted)
    assert db.session.get(Submission, wanted.submission) is None


def test_of_many_at_once_as_many_succeed_as_there_are_cylinders(app, world):
    wanted = [asked(DumpStock, world) for _ in range(14)]
    db.session.rollback()

    def do(command):
        with app.app_context():
            try:
                return correct_stock(command).number
            except NotEnoughStock:
                return None

    with ThreadPoolExecutor(4) as pool:
        done = [number for number in pool.map(do, wanted) if number]
    assert len(set(done)) == 10
    assert level(world.depot, world.sizes["C127"]) == 0
    assert sorted(done) == numbers()
