"""What is done in the background: the worker takes the messages of a topic, one at a time.

PDFs, exports and imports are all done this way. What was done is marked only while the message is
still this worker's own, so two of them never finish the same one (``outbox``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from hsh.core.refusals import Refusal
from hsh.db import atomic, db
from hsh.services.books import outbox
from hsh.services.books.outbox import Message

FAILED = "failed"
"""Why something was given up that no refusal explains."""
TRIES = 3
"""How often it is begun before it is given up, where it can be."""

type GiveUp = Callable[[Message, Refusal | None], None]
"""Tells who waits that it will not be done; None: it failed, or ended the worker, each time."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is done for each message of a topic.

    ``give_up``: None where it is tried for ever, later and later.
    ``lease``: how long a message may take, or go without a sign of life (``outbox.renew``).
    """

    topic: str
    do: Callable[[Message], None]
    give_up: GiveUp | None = None
    lease: timedelta = outbox.LEASE


def work_once(work: Work) -> bool:
    """Do the oldest message that is due; tell whether there was one.

    Raises:
        Exception: whatever went wrong; the message is tried again, or was given up.

    """
    message = outbox.claim(work.topic, lease=work.lease)
    if message is None:
        return False
    if work.give_up and message.attempts > TRIES:
        _end(message, work.give_up, None)
        return True
    try:
        work.do(message)
        outbox.done(message)
    except outbox.Overtaken:
        db.session.rollback()
    except Exception as error:
        db.session.rollback()
        if work.give_up and isinstance(error, Refusal):
            _end(message, work.give_up, error)
            return True
        if work.give_up and message.attempts >= TRIES:
            _end(message, work.give_up, None)
        else:
            outbox.failed(message, f"{type(error).__name__}: {error}")
        raise
    return True


@atomic
def _end(message: Message, give_up: GiveUp, why: Refusal | None) -> None:
    """Say that it will not be done, in the act that ends the message."""
    outbox.done(message)
    give_up(message, why)
