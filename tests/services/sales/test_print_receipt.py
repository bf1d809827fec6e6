import json

import pytest
from sqlalchemy import select

from hsh.core.refusals import NotAllowed, NotFound
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.sales import ReceiptPrint
from hsh.services.sales.receipts import look, print_receipt
from tests import given
from tests.selling import at_once, everything, sell, size


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


@pytest.fixture
def sold(world):
    return sell(world, cylinders=size(delivered=1))


def test_the_first_print_is_the_original_and_each_after_it_a_copy(world, sold):
    assert [print_receipt(world.driver.actor, sold.ref).copy for _ in range(3)] == [0, 1, 2]


def test_every_print_is_audited(world, sold):
    for _ in range(2):
        print_receipt(world.driver.actor, sold.ref)
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "receipt.print").order_by("sequence")
    )
    assert [json.loads(entry.body)["after"]["copy"] for entry in entries] == [0, 1]


def test_looking_says_what_the_next_print_will_be_and_counts_nothing(world, sold):
    before = everything()
    assert look(world.driver.actor, sold.ref).copy == 0
    assert everything() == before
    print_receipt(world.driver.actor, sold.ref)
    assert look(world.driver.actor, sold.ref).copy == 1


def test_prints_at_the_same_moment_are_counted_each_on_its_own(app, world, sold):
    slips = at_once(app, [lambda: print_receipt(world.driver.actor, sold.ref)] * 4)
    assert sorted(slip.copy for slip in slips) == [0, 1, 2, 3]
    assert len(db.session.scalars(select(ReceiptPrint)).all()) == 4


def test_a_strangers_receipt_is_not_printed(world, sold):
    with pytest.raises(NotFound):
        print_receipt(given.a_driver(given.a_truck(world.depot)).actor, sold.ref)


def test_the_office_does_not_print(world, sold):
    with pytest.raises(NotAllowed):
        print_receipt(given.an_accountant().actor, sold.ref)
