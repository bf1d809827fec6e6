"""The office takes in the file that a tablet saved: the same road as sending it."""

import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hsh.core import clock
from hsh.db import db
from hsh.models.sales import Transaction
from tests import given
from tests.syncing import Tablet
from tests.visitor import Visitor, words


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=20)


@pytest.fixture
def tablet(app, world):
    return Tablet(app, world.driver)


@pytest.fixture
def office(app, world):
    return Visitor(app).enter(world.supervisor)


def bring(office, text):
    file = (io.BytesIO(text if isinstance(text, bytes) else text.encode()), "queue.json")
    return office.post("/queue", {"queue": file}, content_type="multipart/form-data")


def saved(*items):
    return json.dumps({"device_id": "tablet-1", "items": list(items)})


def how_many():
    return db.session.scalar(select(func.count()).select_from(Transaction))


def test_a_file_is_done_in_the_drivers_name_and_once(office, tablet, world):
    plan = tablet.plan(world, C127=5)
    confirm = tablet.confirm(plan)
    file = saved(plan, confirm, tablet.sale(world, confirm, C127=2))
    first = bring(office, file)
    assert first.status_code == 200
    assert words(first).count("Done") == 3
    assert db.session.scalars(select(Transaction.seller_id)).all() == [world.driver.id]
    assert "TRX-" in words(bring(office, file))
    assert how_many() == 1


def test_what_the_tablet_sends_later_was_done_already(office, tablet, world):
    sale = tablet.sale(world, C127=2)
    bring(office, saved(sale))
    assert tablet.states(sale) == ["applied"]
    assert how_many() == 1


def test_a_file_older_than_seven_days_is_taken_since_a_supervisor_brings_it(
    office, tablet, world
):  # fmt: skip
    sale = tablet.sale(world, C127=2)
    sale["captured_at"] = (clock.now() - timedelta(days=9)).isoformat()
    assert "Done" in words(bring(office, saved(sale)))


def test_who_does_not_oversee_the_driver_brings_nothing_in(app, tablet, world):
    other = Visitor(app).enter(given.a_supervisor(given.a_depot()))
    said = words(bring(other, saved(tablet.sale(world, C127=2))))
    assert "Not of a driver of yours" in said
    assert how_many() == 0


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"items": 5}', "[" * 100_000, b"\xff\xfe\x00", '{"device_id": "x y"}']
)
def test_a_broken_file_is_a_clear_no(office, text):
    answer = bring(office, text)
    assert answer.status_code == 422
    assert "This is not what a tablet sends" in words(answer)


def test_a_poisonous_item_in_a_file_spoils_no_other(office, tablet, world):
    sale = tablet.sale(world, C127=2)
    broken = sale | {"client_temp_id": "x", "op": {"a": 1}}
    said = words(bring(office, saved(None, broken, sale)))
    assert "Done" in said
    assert how_many() == 1
