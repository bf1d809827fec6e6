"""The people who sign in: added, given a new password, switched off."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from hsh.core import clock
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import Invalid, NotFound, StaleVersion
from hsh.core.roles import Role, require
from hsh.core.words import PlaceKind
from hsh.db import append, append_all, atomic, db
from hsh.models.people import User, UserDepot, UserRole
from hsh.models.registry import Place
from hsh.queries.registry import people
from hsh.services.books import audit
from hsh.services.books.submissions import once
from hsh.services.registry import passwords, sessions, throttle

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?")
NAME_MOST = 200
"""Most characters of a person's name."""
USERNAME_MOST = 40
"""Most characters of the name that one signs in with."""


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
    check(new.name, new.roles)
    hashed = passwords.hash_of(new.password, username=username, demo=demo)
    return insert_user(new, username, hashed, by)


@dataclass(frozen=True, kw_only=True)
class AddPerson(Command):
    """A person to add without a password: they choose one, by the link of an invitation."""

    op: ClassVar[str] = "user.add"
    username: str
    name: str
    roles: frozenset[Role]
    depots: frozenset[str]


@atomic
@once
def add_person(command: AddPerson) -> Outcome:
    """Add a person, who cannot log in yet.

    Raises:
        Invalid: name, roles or depots will not do, or the name is taken.

    """
    require(command.actor.roles, command.op)
    username = known_as(command.username)
    check(command.name, command.roles)
    _enter(
        command.submission, command.name, command.roles, command.depots, command,
        username=username, password_hash="", locale="en",
    )  # fmt: skip
    return Outcome(record="user", ref=command.submission)


@dataclass(frozen=True, kw_only=True)
class EditUser(Command):
    """What an admin changes of a person, as they saw them at ``version``."""

    op: ClassVar[str] = "user.edit"
    ref: UUID
    name: str
    roles: frozenset[Role]
    depots: frozenset[str]
    version: int


@atomic
@once
def edit_user(command: EditUser) -> Outcome:
    """Give a person another name, other roles or other depots; they count at the next click.

    Raises:
        NotFound: there is no such person.
        StaleVersion: someone changed them meanwhile.
        Invalid: name, roles or depots will not do, or nobody would be admin any more.

    """
    require(command.actor.roles, command.op)
    user = locked(command.ref)
    if user.version != command.version:
        raise StaleVersion(what="user")
    check(command.name, command.roles)
    if Role.ADMIN not in command.roles:
        _check_admin_is_left(user)
    before = _picture(user)
    user.name = command.name.strip()
    user.version += 1
    for held in (UserRole, UserDepot):
        db.session.execute(delete(held).where(held.user_id == user.id))
    _give(user.id, command.roles, command.depots)
    db.session.flush()
    audit.record(
        command.op, command, record_type="user", ref=user.ref, before=before, after=_picture(user)
    )
    return Outcome(record="user", ref=user.ref)


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
def switch_off(username: str, *, by: Actor | None, seen: int | None = None) -> None:
    """Let a person sign in no more, and sign them out everywhere at once.

    Raises:
        NotFound: nobody has that name.
        StaleVersion: they are no more the version that was ``seen``.

    """
    user = _named(username, seen=seen)
    if by is not None:
        require(by.roles, "people.edit")
        _check_admin_is_left(user)
    user.active = False
    user.version += 1
    sessions.end_all(user.id)
    db.session.flush()
    audit.record(
        "user.off", by, record_type="user", ref=user.ref,
        before={"active": True}, after={"active": False},
    )  # fmt: skip


@atomic
def switch_on(username: str, *, by: Actor, seen: int | None = None) -> None:
    """Let a person sign in again, with the password that they had.

    Raises:
        NotFound: nobody has that name.
        StaleVersion: they are no more the version that was ``seen``.

    """
    require(by.roles, "people.edit")
    user = _named(username, seen=seen)
    user.active = True
    user.version += 1
    db.session.flush()
    audit.record(
        "user.on", by, record_type="user", ref=user.ref,
        before={"active": False}, after={"active": True},
    )  # fmt: skip


@atomic
def sign_out_everywhere(username: str, *, by: Actor | None) -> None:
    """End every session of a person.

    Raises:
        NotFound: nobody has that name.

    """
    if by is not None:
        require(by.roles, "people.edit")
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
def insert_user(new: NewUser, username: str, hashed: str, by: Actor | None) -> UUID:
    """Insert a person whose password is ``hashed`` already; return their ref."""
    ref = uuid4()
    _enter(
        ref, new.name, new.roles, new.depots, by,
        username=username, password_hash=hashed, locale=new.locale,
    )  # fmt: skip
    return ref


def _enter(
    ref: UUID,
    name: str,
    roles: frozenset[Role],
    depots: frozenset[str],
    by: Actor | Command | None,
    **login: str,
) -> None:
    """Insert a person and tell the audit log. ``login``: username, password_hash, locale."""
    username = login["username"]
    if db.session.scalar(select(User.id).where(User.username == username)):
        raise Invalid(field="username", reason="username_taken", username=username)
    now = clock.now()
    user = append(User, ref=ref, name=name.strip(), active=True, created_at=now, version=1, **login)
    _give(user, roles, depots)
    after = {"username": username, "name": name.strip(), "roles": roles, "depots": depots}
    audit.record("user.add", by, record_type="user", ref=ref, after=after)


@atomic
def _keep_password(username: str, hashed: str, by: Actor | None) -> None:
    user = _named(username)
    user.password_hash = hashed
    user.version += 1
    sessions.end_all(user.id)
    db.session.flush()
    audit.record("user.password", by, record_type="user", ref=user.ref)


def locked(ref: UUID) -> User:
    """Return the person ``ref``, who nobody else changes until this act ends.

    Raises:
        NotFound: there is none.

    """
    user = db.session.scalar(select(User).where(User.ref == ref).with_for_update())
    if user is None:
        raise NotFound(what="user")
    return user


def check(name: str, roles: frozenset[Role]) -> None:
    """Refuse a name or roles that will not do."""
    if not name.strip() or len(name) > NAME_MOST or not name.isprintable():
        raise Invalid(field="name", reason="name_unfit")
    if not roles:
        raise Invalid(field="roles", reason="roles_missing")


def _check_admin_is_left(user: User) -> None:
    """Refuse to take the role or the access of the last admin: nobody could give it back."""
    admins = db.session.scalars(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.ADMIN, User.active)
        .order_by(User.id)
        .with_for_update()
    ).all()
    if list(admins) == [user.id]:
        raise Invalid(field="roles", reason="last_admin")


def _give(user_id: int, roles: frozenset[Role], depots: frozenset[str]) -> None:
    append_all(UserRole, [{"user_id": user_id, "role": role} for role in sorted(roles)])
    append_all(UserDepot, [{"user_id": user_id, "depot_id": depot} for depot in _depots(depots)])


def _picture(user: User) -> dict[str, object]:
    roles = db.session.scalars(select(UserRole.role).where(UserRole.user_id == user.id))
    depots = db.session.scalars(
        select(Place.code)
        .join(UserDepot, UserDepot.depot_id == Place.id)
        .where(UserDepot.user_id == user.id)
    )
    return {"name": user.name, "roles": sorted(roles), "depots": sorted(depots)}


def _named(username: str, *, seen: int | None = None) -> User:
    user = db.session.scalar(
        select(User).where(User.username == username.strip().casefold()).with_for_update()
    )
    if user is None:
        raise NotFound(what="user", username=username)
    if seen is not None and user.version != seen:
        raise StaleVersion(what="user")
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
