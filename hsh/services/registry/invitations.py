"""A link by which a person chooses their own password: the first one, or a new one."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import Invalid, Refusal
from hsh.core.roles import require
from hsh.db import append, atomic, db
from hsh.models.people import Invitation
from hsh.queries.registry import people, staff
from hsh.services.books import audit
from hsh.services.registry import passwords, sessions, users

LIFETIME = timedelta(days=3)
"""A link that is not used ends by itself after so long."""


class LinkOver(Refusal):
    """The link was used, was replaced by a newer one, or is too old."""

    code = "link_over"
    status = 404


@dataclass(frozen=True, kw_only=True)
class Invited:
    """A link's secret, which nothing but the link itself ever shows."""

    token: str
    expires_at: datetime


@atomic
def invite(by: Actor, user: UUID) -> Invited:
    """Make a link for a person; the one they had before ends.

    Raises:
        NotFound: there is no such person.
        Invalid: they are switched off.

    """
    require(by.roles, "people.edit")
    person = users.locked(user)
    if not person.active:
        raise Invalid(reason="switched_off")
    made = Invited(token=secrets.token_urlsafe(32), expires_at=clock.now() + LIFETIME)
    _end(person.id)
    append(
        Invitation,
        token_hash=sessions.token_hash(made.token),
        user_id=person.id,
        expires_at=made.expires_at,
    )
    audit.record(
        "user.invite", by, record_type="user", ref=user, after={"link_until": made.expires_at}
    )
    return made


def accept(token: str, password: str, *, demo: bool) -> None:
    """Give the person of the link the password that they chose; wherever they were, log in anew.

    Hashing is slow on purpose, so it happens before the act.

    Raises:
        LinkOver: the link is no good any more.
        Invalid: the password will not do.

    """
    hashed = passwords.hash_of(password, username=invited(token).username, demo=demo)
    _accept(token, hashed)


def invited(token: str) -> staff.Person:
    """Return the person whose link this is.

    Raises:
        LinkOver: the link is no good any more.

    """
    found = staff.invited(sessions.token_hash(token), clock.now())
    if found is None:
        raise LinkOver
    return found


@atomic
def _accept(token: str, hashed: str) -> None:
    person = users.locked(invited(token).ref)
    if staff.invited(sessions.token_hash(token), clock.now()) is None:
        raise LinkOver  # used while we waited for the person
    person.password_hash = hashed
    person.version += 1
    sessions.end_all(person.id)
    _end(person.id)
    db.session.flush()
    audit.record("user.password", people.actor(person.id), record_type="user", ref=person.ref)


def _end(user_id: int) -> None:
    db.session.execute(
        delete(Invitation)
        .where(Invitation.user_id == user_id)
        .execution_options(synchronize_session=False)
    )
