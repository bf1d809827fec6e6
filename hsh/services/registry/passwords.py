"""Passwords: what a good one is, how one is kept, and how one is compared."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from hsh.core.refusals import Invalid
from hsh.queries.registry import people

DEMO_PASSWORD = "hsh-demo"  # noqa: S105 - public by design, refused in production
LEAST = 10
"""Fewest characters of a password."""
MOST = 200
"""Most characters of a password: hashing a huge one would keep the server busy."""

_hasher = PasswordHasher()


def hash_of(password: str, *, username: str, demo: bool) -> str:
    """Return what is kept of a new password.

    ``demo`` allows the demo password, which everybody knows.

    Raises:
        Invalid: too short, too long, or as good as the name.

    """
    if not (demo and password == DEMO_PASSWORD):
        _check(password, username)
    return _hasher.hash(password)


def agrees(password: str, kept: str | None) -> bool:
    """Tell whether ``password`` is the one kept; takes its time even when none is kept."""
    try:
        return _hasher.verify(kept or _nobody(), password[:MOST]) and bool(kept)
    except (VerifyMismatchError, InvalidHashError):
        return False


def with_demo_password() -> list[str]:
    """Return who can still sign in with the demo password; slow, as every hash is compared."""
    return [name for name, kept in people.password_hashes() if agrees(DEMO_PASSWORD, kept)]


def is_outdated(kept: str) -> bool:
    """Tell whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)


def rehash(password: str) -> str:
    """Return the hash of a password already in use, with today's settings."""
    return _hasher.hash(password)


@cache
def _nobody() -> str:
    """Return what is compared when nobody has that name: the answer takes as long as for a name."""
    return _hasher.hash("nobody signs in with this")


def _check(password: str, username: str) -> None:
    if len(password) < LEAST:
        raise Invalid(field="password", reason="password_short", least=LEAST)
    if len(password) > MOST:
        raise Invalid(field="password", reason="password_long", most=MOST)
    if username.casefold() in password.casefold() or password == DEMO_PASSWORD:
        raise Invalid(field="password", reason="password_obvious")
