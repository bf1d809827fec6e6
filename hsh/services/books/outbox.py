"""The outbox: what must be done after the commit, and is not forgotten by a crash (law 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from hsh.core import clock
from hsh.db import append_last, atomic, db, rows_changed
from hsh.models.books import OutboxMessage

LEASE = timedelta(minutes=2)
"""How long a worker may take before another one tries the same message."""

LONGEST_WAIT = timedelta(hours=1)
"""The longest pause between two attempts."""


class Overtaken(Exception):  # noqa: N818 - nothing went wrong
    """Another worker has the message by now: this one took longer than its lease."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something to be done for a record; ``attempts`` tells this worker's claim from others."""

    id: int
    topic: str
    record_id: int
    attempts: int


def put(topic: str, record_id: int, *, at: datetime) -> None:
    """Leave a message inside the caller's act."""
    message = {
        "topic": topic,
        "record_id": record_id,
        "created_at": at,
        "next_try_at": at,
        "attempts": 0,
    }
    append_last(OutboxMessage, message)


@atomic
def claim(topic: str, *, lease: timedelta = LEASE) -> Message | None:
    """Take the oldest message that is due, for the time of a lease, or None."""
    now = clock.now()
    row = db.session.execute(
        select(OutboxMessage)
        .where(
            OutboxMessage.topic == topic,
            OutboxMessage.done_at.is_(None),
            OutboxMessage.next_try_at <= now,
        )
        .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
        .limit(1)
    ).scalar_one_or_none()
    if row is None or not _lease(row, now + lease):
        return None
    return Message(id=row.id, topic=row.topic, record_id=row.record_id, attempts=row.attempts + 1)


@atomic
def done(message: Message) -> None:
    """Mark ``message`` as done; inside the act that does it, it is done once or not at all.

    Raises:
        Overtaken: it is another worker's.

    """
    _set(message, done_at=clock.now(), last_error=None)


@atomic
def renew(message: Message) -> None:
    """Keep ``message`` for another lease: it takes long, and goes on.

    Raises:
        Overtaken: it is another worker's.

    """
    _set(message, next_try_at=clock.now() + LEASE)


@atomic
def failed(message: Message, error: str) -> None:
    """Note why ``message`` failed, and try again later: soon at first, then each hour."""
    wait = min(timedelta(seconds=2**message.attempts), LONGEST_WAIT)
    _set(message, next_try_at=clock.now() + wait, last_error=error[:200])


def _lease(row: OutboxMessage, until: datetime) -> bool:
    taken = db.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == row.id,
            OutboxMessage.attempts == row.attempts,
            OutboxMessage.done_at.is_(None),
        )
        .values(attempts=row.attempts + 1, next_try_at=until)
        .execution_options(synchronize_session=False)
    )
    return rows_changed(taken) == 1


def _set(message: Message, **values: object) -> None:
    changed = db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id, OutboxMessage.attempts == message.attempts)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if not rows_changed(changed):
        raise Overtaken
