"""The outbox: done after the commit, and not forgotten by a crash (law 12)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from hsh.core import clock
from hsh.db import atomic, db
from hsh.models.books import OutboxMessage
from hsh.services.books import outbox
from tests.selling import at, at_once

START = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TOPIC = "document.store"


@pytest.fixture(autouse=True)
def at_noon(app):
    with at(START):
        yield


@atomic
def put(record_id=1, topic=TOPIC):
    outbox.put(topic, record_id, at=clock.now())


def rows():
    return list(db.session.scalars(select(OutboxMessage).execution_options(populate_existing=True)))


def test_a_message_is_claimed_once():
    put(7)
    message = outbox.claim(TOPIC)
    assert (message.topic, message.record_id, message.attempts) == (TOPIC, 7, 1)
    assert outbox.claim(TOPIC) is None


def test_the_oldest_comes_first():
    put(1)
    with at(START - timedelta(hours=1)):
        put(2)
    assert [outbox.claim(TOPIC).record_id for _ in range(2)] == [2, 1]


def test_each_topic_has_its_own_readers():
    put(topic="mail.send")
    assert outbox.claim(TOPIC) is None


def test_an_act_that_fails_leaves_no_message():
    @atomic
    def fail():
        outbox.put(TOPIC, 1, at=clock.now())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert rows() == []


def test_what_is_done_is_never_claimed_again():
    put()
    outbox.done(outbox.claim(TOPIC))
    with at(START + timedelta(days=1)):
        assert outbox.claim(TOPIC) is None
    assert rows()[0].done_at == START


def test_a_worker_that_died_is_followed_by_another_when_its_lease_is_over():
    put()
    outbox.claim(TOPIC)
    with at(START + outbox.LEASE - timedelta(seconds=1)):
        assert outbox.claim(TOPIC) is None
    with at(START + outbox.LEASE):
        assert outbox.claim(TOPIC).attempts == 2


def test_what_failed_is_tried_again_later_and_says_why():
    put()
    outbox.failed(outbox.claim(TOPIC), "no disk" + "!" * 500)
    assert outbox.claim(TOPIC) is None
    [row] = rows()
    assert row.last_error.startswith("no disk!")
    with at(row.next_try_at):
        assert outbox.claim(TOPIC).attempts == 2


def test_the_pauses_grow_to_an_hour_and_no_longer():
    put()
    pauses = []
    for _ in range(15):
        [row] = rows()
        with at(row.next_try_at):
            outbox.failed(outbox.claim(TOPIC), "no disk")
            pauses.append(rows()[0].next_try_at - clock.now())
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=2)
    assert pauses[-1] == timedelta(hours=1)


def test_two_workers_never_hold_one_message(app):
    for record_id in range(4):
        put(record_id)
    claimed = at_once(app, [lambda: outbox.claim(TOPIC) for _ in range(8)])
    held = sorted(message.record_id for message in claimed if message)
    assert len(held) == len(set(held))
    assert set(held) <= {0, 1, 2, 3}
    while message := outbox.claim(TOPIC):
        held.append(message.record_id)
    assert sorted(held) == [0, 1, 2, 3]
