"""How often signing in may fail, so that guessing is hopeless and nobody is locked out by others.

Failures are counted for a name, never for an address alone: one person's errors do not lock a
depot behind one address. A browser in which the person signed in before is counted by itself: a
stranger who guesses at a name cannot lock its owner out of a device that they use.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Executable, delete, select
from sqlalchemy.dialects import mysql, sqlite

from hsh.core import clock
from hsh.core.canonical import digest
from hsh.core.refusals import Refusal
from hsh.db import atomic, db
from hsh.models.people import LoginFailure

WINDOW = timedelta(minutes=15)
"""Failures are counted afresh every so often."""
FROM_ONE_ADDRESS = 5
"""Tries for a name from an address that holds no known device."""
FROM_ANYWHERE = 20
"""Tries for a name from all unknown devices together."""
FROM_KNOWN_DEVICE = 10
"""Tries for a name in a browser where that person signed in before."""
CODES_FROM_ANYWHERE = 10
"""Tries of a code, which is shorter than a password, from all unknown devices together."""


class TooManyTries(Refusal):
    """Signing in failed too often. Params: ``until``, the instant of the next try."""

    code = "too_many_tries"
    status = 429


def limits(username: str, *, address: str, device: str | None) -> dict[str, int]:
    """Return which counters a try counts on, each with its limit.

    ``device`` is the id of a browser in which that person signed in before, else None.
    """
    if device:
        return {_key("device", username, device): FROM_KNOWN_DEVICE}
    return {
        _key("address", username, address): FROM_ONE_ADDRESS,
        _key("name", username): FROM_ANYWHERE,
    }


def code_limits(username: str, *, address: str, device: str | None) -> dict[str, int]:
    """Return the same for the code that is asked for after the password, counted by itself."""
    if device:
        return {_key("code", "device", username, device): FROM_KNOWN_DEVICE}
    return {
        _key("code", "address", username, address): FROM_ONE_ADDRESS,
        _key("code", "name", username): CODES_FROM_ANYWHERE,
    }


@atomic
def take(counters: dict[str, int]) -> None:
    """Count a try before it is made, so that many at once do not slip through.

    Raises:
        TooManyTries: one of the counters is used up.

    """
    window = _window()
    used_up = [key for key in sorted(counters) if _count(key, window) > counters[key]]
    if used_up:
        raise TooManyTries(until=datetime.fromtimestamp((window + 1) * _length(), UTC))


@atomic
def forgive(counters: dict[str, int]) -> None:
    """Forget the tries of who got in at last, and every count that is over."""
    window = _window()
    db.session.execute(delete(LoginFailure).where(LoginFailure.key.in_(counters)))
    db.session.execute(delete(LoginFailure).where(LoginFailure.window < window - 1))


def _count(key: str, window: int) -> int:
    db.session.execute(_one_more(key, window))
    return db.session.execute(
        select(LoginFailure.failures).where(LoginFailure.key == key, LoginFailure.window == window)
    ).scalar_one()


def _one_more(key: str, window: int) -> Executable:
    """Return one statement that begins or raises a count: two would deadlock on MySQL."""
    row = {"key": key, "window": window, "failures": 1}
    raised = {"failures": LoginFailure.failures + 1}
    if db.engine.dialect.name == "sqlite":
        return sqlite.insert(LoginFailure).values(row).on_conflict_do_update(set_=raised)
    return mysql.insert(LoginFailure).values(row).on_duplicate_key_update(raised)


def _key(*parts: str) -> str:
    return digest("\0".join(parts))


def _window() -> int:
    return int(clock.now().timestamp()) // _length()


def _length() -> int:
    return int(WINDOW.total_seconds())
