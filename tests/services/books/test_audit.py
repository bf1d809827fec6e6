"""The audit book: chained, complete, and not to be rewritten (law 7)."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from hsh.core.command import Command
from hsh.db import apart, atomic, db
from hsh.models.books import AuditEntry, AuditHead
from hsh.services.books import audit
from tests import given

REF = uuid4()


@atomic
def record(by=None, **changes):
    what = {"record_type": "thing", "ref": REF}
    return audit.record(changes.pop("action", "thing.change"), by, **what | changes)


def entries():
    return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)))


def newest():
    return json.loads(entries()[-1].body)


@pytest.mark.usefixtures("app")
def test_each_entry_is_chained_to_the_one_before():
    anchors = [record(after={"n": n}) for n in range(3)]
    link = "0" * 64
    for entry, anchor in zip(entries(), anchors, strict=True):
        assert entry.previous_hash == link
        link = sha256((link + entry.body).encode()).hexdigest()
        assert (entry.hash, anchor.hash, anchor.sequence) == (link, link, entry.sequence)
    head = db.session.get_one(AuditHead, 1)
    assert (head.sequence, head.hash) == (3, link)


@pytest.mark.usefixtures("app")
def test_it_says_who_in_which_role_when_what_and_which_record():
    driver = given.a_driver(name="Tan Ah Seng")
    at = datetime(2026, 11, 20, 6, 3, 11, 250000, tzinfo=UTC)
    record(driver.actor, number="DIST-2026-000001", at=at, before={"a": 1}, after={"a": 2})
    assert newest() == {
        "sequence": 1,
        "at": "2026-11-20T06:03:11.250000+00:00",
        "actor": {
            "id": driver.id, "username": driver.username, "name": "Tan Ah Seng",
            "roles": ["driver"],
        },
        "action": "thing.change",
        "record": {"type": "thing", "ref": str(REF), "number": "DIST-2026-000001"},
        "before": {"a": 1},
        "after": {"a": 2},
        "submission": None,
        "captured_at": None,
        "device": None,
    }  # fmt: skip


@pytest.mark.usefixtures("app")
def test_a_command_brings_its_form_its_device_and_the_devices_time():
    captured = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
    command = Command(
        actor=given.a_driver().actor, submission=uuid4(), captured_at=captured, device="tablet-1"
    )
    record(command)
    body = newest()
    assert (body["submission"], body["device"]) == (str(command.submission), "tablet-1")
    assert body["captured_at"] == "2026-11-20T05:00:00+00:00"


@pytest.mark.usefixtures("app")
def test_the_columns_for_searching_repeat_the_body():
    driver = given.a_driver()
    record(driver.actor, number="DIST-2026-000001")
    [entry] = entries()
    body = json.loads(entry.body)
    assert (entry.sequence, entry.action, entry.number) == (1, body["action"], "DIST-2026-000001")
    assert (entry.record_ref, entry.record_type, entry.actor_id) == (REF, "thing", driver.id)
    assert entry.at.isoformat() == body["at"]


@pytest.mark.usefixtures("app")
def test_the_system_itself_acts_without_a_person():
    record(None)
    assert newest()["actor"] is None
    assert entries()[0].actor_id is None


@pytest.mark.usefixtures("app")
def test_the_body_is_canonical():
    record(
        after={
            "b": Decimal("2.50"),
            "a": "Ünïcode 樹",
            "day": datetime(2026, 1, 1, tzinfo=UTC).date(),
        }
    )
    [entry] = entries()
    assert '"after":{"a":"Ünïcode 樹","b":"2.5","day":"2026-01-01"}' in entry.body


@pytest.mark.usefixtures("app")
def test_the_entries_of_one_act_are_chained_and_a_part_that_failed_left_none():
    @atomic
    def parts():
        first = audit.record("thing.change", None, record_type="thing", ref=REF, after=1)
        with suppress(RuntimeError), apart():
            audit.record("thing.change", None, record_type="thing", ref=REF, after=2)
            raise RuntimeError
        return first, audit.record("thing.change", None, record_type="thing", ref=REF, after=3)

    anchors = [*parts(), record(after=4)]
    assert [(entry.sequence, entry.hash) for entry in entries()] == [
        (anchor.sequence, anchor.hash) for anchor in anchors
    ]
    assert [entry.previous_hash for entry in entries()][1:] == [one.hash for one in anchors[:-1]]
    assert [json.loads(entry.body)["after"] for entry in entries()] == [1, 3, 4]


@pytest.mark.usefixtures("app")
def test_an_act_that_fails_leaves_no_entry_and_no_gap():
    @atomic
    def fail():
        audit.record("thing.change", None, record_type="thing", ref=REF)
        raise RuntimeError

    record()
    with pytest.raises(RuntimeError):
        fail()
    assert record().sequence == 2


@pytest.mark.usefixtures("app")
def test_the_same_instant_in_another_zone_is_the_same_entry():
    noon = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    record(at=noon.astimezone(timezone(timedelta(hours=8))))
    [entry] = entries()
    assert datetime.fromisoformat(json.loads(entry.body)["at"]) == entry.at == noon


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'nothing'",
        "UPDATE audit_entries SET body = '{}' WHERE sequence = 1",
        "DELETE FROM audit_entries",
    ],
)
@pytest.mark.usefixtures("app")
def test_the_database_itself_refuses_to_rewrite_it(statement):
    record()
    before = entries()[0].body
    with pytest.raises(DBAPIError):
        db.session.execute(text(statement))
    db.session.rollback()
    assert [entry.body for entry in entries()] == [before]


@pytest.mark.usefixtures("app")
def test_replacing_a_row_does_not_walk_past_the_guard():
    record()
    if db.engine.dialect.name != "sqlite":
        pytest.skip("REPLACE of MySQL is a DELETE, which is refused above")
    columns = ", ".join(column.name for column in AuditEntry.__table__.columns)
    with pytest.raises(DBAPIError):
        db.session.execute(
            text(f"REPLACE INTO audit_entries SELECT {columns} FROM audit_entries")  # noqa: S608 - our own names
        )
    db.session.rollback()
