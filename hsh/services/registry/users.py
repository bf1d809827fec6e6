"""The people who sign in: added, given a new password, switched off."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import Invalid, NotFound
from hsh.core.roles import Role
from hsh.core.words import PlaceKind
from hsh.db import append, append_all, atomic, db
from hsh.models.registry import Place, User, UserDepot, UserRole
from hsh.queries.registry import people
from hsh.services.books import audit
from hsh.services.registry import passwords, sessions, throttle

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
_NAME_MOST = 200


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """A person to add. ``depots`` are the codes of those that a supervisor oversees."""

    username: str
    name: str
    roles: frozenset[Role]
    password: str
    depots: frozenset[str] = field(default_factory=frozenset)
    locale: str = "en"


def add_user(new: NewUser, *, by: Actor | None, demo: bool) -> UUID:
    """Let a person sign in from now on; return their ref.

    ``by`` is None from the command line. ``demo`` allows the demo password.

    Raises:
        Invalid: name, roles, depots or password will not do, or the name is taken.

    """
    username = known_as(new.username)
    if not new.name.strip() or len(new.name) > _NAME_MOST or not new.name.isprintable():
        raise Invalid(field="name", reason="name_unfit")
    if not new.roles:
        raise Invalid(field="roles", reason="roles_missing")
    hashed = passwords.hash_of(new.password, username=username, demo=demo)
    return _insert(new, username, hashed, by)


def set_password(username: str, password: str, *, by: Actor | None, demo: bool) -> None:
    """Give a person a new password; every browser they are signed in at is signed out.

    Raises:
        NotFound: nobody has that name.
        Invalid: the password will not do.

    """
    hashed = passwords.hash_of(password, username=username, demo=demo)
    _keep_password(username, hashed, by)


def change_own_password(actor: Actor, current: str, password: str, *, demo: bool) -> None:
    """Give ``actor`` the new password that they chose; they log in again with it, everywhere.

    Raises:
        Invalid: the current password is not theirs, or the new one will not do.
        TooManyTries: the current password was wrong too often; a stranger at the tablet may guess.

    """
    counters = throttle.limits(actor.username, address="", device="change")
    throttle.take(counters)
    kept = people.credentials(actor.username)
    if not passwords.agrees(current, kept.password_hash if kept else None):
        raise Invalid(field="current", reason="password_wrong")
    set_password(actor.username, password, by=actor, demo=demo)
    throttle.forgive(counters)


@atomic
def switch_off(username: str, *, by: Actor | None) -> None:
    """Let a person sign in no more, and sign them out everywhere at once.

    Raises:
        NotFound: nobody has that name.

    """
    user = _named(username)
    user.active = False
    user.version += 1
    sessions.end_all(user.id)
    db.session.flush()
    audit.record(
        "user.off", by, record_type="user", ref=user.ref,
        before={"active": True}, after={"active": False},
    )  # fmt: skip


@atomic
def sign_out_everywhere(username: str, *, by: Actor | None) -> None:
    """End every session of a person.

    Raises:
        NotFound: nobody has that name.

    """
    user = _named(username)
    sessions.end_all(user.id)
    audit.record("session.revoke", by, record_type="user", ref=user.ref, after={"sessions": "all"})


def known_as(username: str) -> str:
    """Return the one spelling of a name to sign in with.

    Raises:
        Invalid: it has characters other than letters, digits, dot, dash and underscore.

    """
    spelt = username.strip().casefold()
    if not _USERNAME.fullmatch(spelt):
        raise Invalid(field="username", reason="username_unfit")
    return spelt


@atomic
def _insert(new: NewUser, username: str, hashed: str, by: Actor | None) -> UUID:
    if db.session.scalar(select(User.id).where(User.username == username)):
        raise Invalid(field="username", reason="username_taken", username=username)
    ref = uuid4()
    user_id = append(
        User,
        ref=ref,
        username=username,
        name=new.name.strip(),
        password_hash=hashed,
        active=True,
        locale=new.locale,
        created_at=clock.now(),
        version=1,
    )
    append_all(UserRole, [{"user_id": user_id, "role": role} for role in sorted(new.roles)])
    append_all(
        UserDepot, [{"user_id": user_id, "depot_id": depot} for depot in _depots(new.depots)]
    )
    after = {"username": username, "name": new.name.strip(), "roles": new.roles}
    audit.record(
        "user.add", by, record_type="user", ref=ref, after=after | {"depots": new.depots}
    )  # fmt: skip
    return ref


@atomic
def _keep_password(username: str, hashed: str, by: Actor | None) -> None:
    user = _named(username)
    user.password_hash = hashed
    user.version += 1
    sessions.end_all(user.id)
    db.session.flush()
    audit.record("user.password", by, record_type="user", ref=user.ref)


def _named(username: str) -> User:
    user = db.session.scalar(
        select(User).where(User.username == username.strip().casefold()).with_for_update()
    )
    if user is None:
        raise NotFound(what="user", username=username)
    return user


def _depots(codes: Iterable[str]) -> list[int]:
    found = {
        row.code: row.id
        for row in db.session.execute(
            select(Place.code, Place.id).where(
                Place.kind == PlaceKind.DEPOT, Place.code.in_(list(codes))
            )
        )
    }
    for code in codes:
        if code not in found:
            raise Invalid(field="depots", reason="no_such_depot", code=code)
    return sorted(found.values())
