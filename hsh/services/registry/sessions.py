"""Signing in and out. The browser keeps a random token; the database only its hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select, update

from hsh.core import clock
from hsh.core.canonical import digest
from hsh.core.command import Actor
from hsh.core.refusals import NotFound, Refusal
from hsh.db import append, atomic, db
from hsh.models.people import User, UserSession
from hsh.queries.registry import people
from hsh.queries.registry.people import Credentials
from hsh.services.books import audit
from hsh.services.registry import factors, passwords, throttle

LIFETIME = timedelta(days=14)
"""A session ends by itself after so long."""
HALF_WAY = timedelta(minutes=10)
"""So long after the password the code is awaited."""
_TOKEN_BYTES = 32
_SHOWN = 12
"""Characters of a token's hash by which audit and the account page name a session."""


class WrongSignIn(Refusal):
    """Name and password do not go together, or the person is switched off: it is not said which."""

    code = "wrong_sign_in"
    status = 422


class DemoPasswordRefused(Refusal):
    """The demo password is known to everybody: production lets nobody in with it."""

    code = "demo_password_refused"
    status = 403


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """What came with the form, and from where.

    ``device`` is the id of a browser where that person signed in before, else None.
    """

    username: str
    password: str
    address: str
    device: str | None
    agent: str


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A new session: its token goes into the browser's cookie and nowhere else."""

    token: str
    user: UUID
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class HalfWay:
    """The password was right; a code is to follow. ``token`` says so, signed, to the next step."""

    token: str


@dataclass(frozen=True, kw_only=True)
class SecondStep:
    """The code that came, what the first step left, and from where."""

    token: str
    code: str
    address: str
    device: str | None
    agent: str


class SignInOver(Refusal):
    """Too long since the password, or it was changed: begin anew."""

    code = "sign_in_over"
    status = 422


def token_hash(token: str) -> str:
    """Return what the database knows of a token."""
    return digest(token)


def sign_in(attempt: SignIn, *, key: str, production: bool) -> Opened | HalfWay:
    """Open a session for the person whose name and password these are.

    Who has a second factor comes half way. ``key``: the server's own secret. Comparing passwords
    is slow on purpose, so it happens between the acts and in none.

    Raises:
        TooManyTries: signing in failed too often.
        WrongSignIn: name and password do not go together.
        DemoPasswordRefused: the demo password, in production.

    """
    counters = throttle.limits(
        attempt.username, address=attempt.address, device=attempt.device
    )  # fmt: skip
    throttle.take(counters)
    person = _recognised(attempt)
    if production and attempt.password == passwords.DEMO_PASSWORD:
        raise DemoPasswordRefused
    _refresh_hash(person, attempt.password)
    throttle.forgive(counters)
    if people.has_factor(person.actor):
        known = people.credentials(attempt.username) or person  # its hash may be a fresh one
        return HalfWay(token=_signer(key).dumps([attempt.username, _stamp(known)]))
    return _open(person, attempt.agent)


def finish_sign_in(step: SecondStep, *, key: str) -> Opened:
    """Open a session for who gave the right password, and now the right code.

    Raises:
        SignInOver: they have to begin anew.
        TooManyTries: a code was wrong too often.
        WrongCode: the code is not good.

    """
    person = half_way(step.token, key=key)
    counters = throttle.code_limits(
        person.actor.username, address=step.address, device=step.device
    )  # fmt: skip
    throttle.take(counters)
    try:
        opened = _open(person, step.agent, key=key, code=step.code)
    except factors.WrongCode:
        _note_refusal(person)
        raise
    throttle.forgive(counters)
    return opened


def half_way(token: str, *, key: str) -> Credentials:
    """Return the person who gave the right password for ``token``.

    Raises:
        SignInOver: that is too long ago, or the password is another one now.

    """
    try:
        username, stamp = _signer(key).loads(token, max_age=int(HALF_WAY.total_seconds()))
    except BadData:
        raise SignInOver from None
    person = people.credentials(username)
    if person is None or not person.active or _stamp(person) != stamp:
        raise SignInOver
    return person


def _signer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="half way")


def _stamp(person: Credentials) -> str:
    """Return what changes with the password, and tells nothing of it."""
    return digest(person.password_hash)[:_SHOWN]


@atomic
def sign_out(actor: Actor, user: UUID, token: str) -> None:
    """End the session of ``token``, at once and for ever."""
    hashed = token_hash(token)
    _end(UserSession.token_hash == hashed)
    _note("session.close", actor, user, hashed)


@atomic
def revoke(actor: Actor, user: UUID, name: str) -> None:
    """End one of ``actor``'s own sessions, which the account page shows under ``name``.

    Raises:
        NotFound: no live session of theirs has that name.

    """
    live = people.open_sessions(actor, clock.now())
    found = next((one for one in live if session_name(one.token_hash) == name), None)
    if found is None:
        raise NotFound(what="session")
    _end(UserSession.token_hash == found.token_hash)
    _note("session.revoke", actor, user, found.token_hash)


def end_all(user_id: int) -> None:
    """End every session of a person. Stands inside an act."""
    _end(UserSession.user_id == user_id)


def session_name(hashed: str) -> str:
    """Return the short name of a session, which cannot be used to enter it."""
    return hashed[:_SHOWN]


def _recognised(attempt: SignIn) -> Credentials:
    person = people.credentials(attempt.username)
    agrees = passwords.agrees(attempt.password, person.password_hash if person else None)
    if person is None:
        raise WrongSignIn(field="password")
    if not agrees or not person.active:
        _note_refusal(person)
        raise WrongSignIn(field="password")
    return person


@atomic
def _note_refusal(person: Credentials) -> None:
    """Tell the audit book; for known names only, since a stranger could fill it with others."""
    audit.record("session.refuse", None, record_type="user", ref=person.ref)


def _refresh_hash(person: Credentials, password: str) -> None:
    if passwords.is_outdated(person.password_hash):
        _keep_hash(person.actor.id, passwords.rehash(password))


@atomic
def _keep_hash(user_id: int, hashed: str) -> None:
    db.session.execute(update(User).where(User.id == user_id).values(password_hash=hashed))


@atomic
def _open(person: Credentials, agent: str, *, key: str = "", code: str | None = None) -> Opened:
    still = db.session.execute(
        select(User.active, User.password_hash).where(User.id == person.actor.id).with_for_update()
    ).one()
    if not still.active:
        raise WrongSignIn(field="password")
    if code is not None:
        factors.spend(factors.Owner(actor=person.actor, ref=person.ref, key=key), code)
    token, now = secrets.token_urlsafe(_TOKEN_BYTES), clock.now()
    append(
        UserSession,
        token_hash=token_hash(token),
        user_id=person.actor.id,
        created_at=now,
        expires_at=now + LIFETIME,
        revoked_at=None,
        agent=agent[:200],
    )
    _note("session.open", person.actor, person.ref, token_hash(token))
    return Opened(token=token, user=person.ref, expires_at=now + LIFETIME)


def _end(which: object) -> None:
    db.session.execute(
        update(UserSession)
        .where(which, UserSession.revoked_at.is_(None))  # type: ignore[arg-type]
        .values(revoked_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _note(action: str, actor: Actor, user: UUID, hashed: str) -> None:
    audit.record(
        action, actor, record_type="user", ref=user, after={"session": session_name(hashed)}
    )
