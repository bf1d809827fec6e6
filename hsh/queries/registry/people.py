"""Who a person is: by a session's token, by name, and where they are signed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.db import db
from hsh.models.people import LoginRules, RecoveryCode, SecondFactor, User, UserRole, UserSession
from hsh.models.registry import Assignment, Place, Vehicle
from hsh.queries import scope


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A person at a browser that is signed in."""

    actor: Actor
    ref: UUID
    locale: str


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What signing in compares, and who it is when that agrees."""

    actor: Actor
    ref: UUID
    password_hash: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A browser in which a person is signed in; ``token_hash`` names it."""

    token_hash: str
    agent: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class Truck:
    """A truck that a driver has today."""

    id: int
    ref: UUID
    plate: str
    name: str


def signed_in(token_hash: str, now: datetime) -> SignedIn | None:
    """Return whose live session has that token's hash: one statement for each request."""
    rows = db.session.execute(
        select(User.id, User.ref, User.username, User.name, User.locale, UserRole.role)
        .join(UserSession, UserSession.user_id == User.id)
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .where(
            UserSession.token_hash == token_hash,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
            User.active,
        )
    ).all()
    if not rows:
        return None
    first = rows[0]
    actor = Actor(
        id=first.id,
        username=first.username,
        name=first.name,
        roles=frozenset(Role(row.role) for row in rows if row.role),
    )
    return SignedIn(actor=actor, ref=first.ref, locale=first.locale)


def actor(user_id: int) -> Actor:
    """Return the person whose id is ``user_id``, with their roles of today."""
    return next(iter(_actors(User.id == user_id).values()))


def acting(user_id: int) -> Actor:
    """Return in whose name the worker acts; who was switched off meanwhile has no role left."""
    person = actor(user_id)
    active = db.session.scalar(select(User.active).where(User.id == user_id))
    return person if active else replace(person, roles=frozenset())


def overseen(by: Actor, refs: Collection[UUID]) -> dict[UUID, Actor]:
    """Return those people of ``refs`` whom ``by`` oversees."""
    return _actors(User.ref.in_(refs), User.active.is_(True), scope.people(by))


def _actors(*which: ColumnElement[bool]) -> dict[UUID, Actor]:
    rows = db.session.execute(
        select(User.id, User.ref, User.username, User.name, UserRole.role)
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .where(*which)
        .order_by(User.id)
    ).all()
    return {
        row.ref: Actor(
            id=row.id,
            username=row.username,
            name=row.name,
            roles=frozenset(Role(each.role) for each in rows if each.id == row.id and each.role),
        )
        for row in rows
    }


def credentials(username: str) -> Credentials | None:
    """Return what is needed to let ``username`` in."""
    rows = db.session.execute(
        select(
            User.id, User.ref, User.name, User.password_hash, User.active, UserRole.role
        )
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .where(User.username == username)
    ).all()  # fmt: skip
    if not rows:
        return None
    first = rows[0]
    roles = frozenset(Role(row.role) for row in rows if row.role)
    return Credentials(
        actor=Actor(id=first.id, username=username, name=first.name, roles=roles),
        ref=first.ref,
        password_hash=first.password_hash,
        active=first.active,
    )


def open_sessions(actor: Actor, now: datetime) -> list[OpenSession]:
    """Return where ``actor`` is signed in, newest first."""
    rows = db.session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == actor.id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
        )
        .order_by(UserSession.created_at.desc(), UserSession.token_hash)
    )
    return [
        OpenSession(
            token_hash=row.token_hash,
            agent=row.agent,
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]


def trucks_of(actor: Actor, on: date) -> list[Truck]:
    """Return the trucks given to ``actor`` as a driver on the day ``on``."""
    rows = db.session.execute(
        select(Place.id, Place.ref, Vehicle.plate, Place.name)
        .join(Vehicle, Vehicle.place_id == Place.id)
        .join(Assignment, Assignment.truck_id == Place.id)
        .where(
            Assignment.driver_id == actor.id,
            Assignment.starts_on <= on,
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= on),
            Place.active,
        )
        .distinct()
        .order_by(Vehicle.plate)
    )
    return [Truck(id=row.id, ref=row.ref, plate=row.plate, name=row.name) for row in rows]


MUST_USE_FACTOR = frozenset({Role.ADMIN, Role.SUPERVISOR})
"""Whom the company can ask to use a second factor."""


def has_factor(actor: Actor) -> bool:
    """Tell whether ``actor`` is asked for a code after the password."""
    return db.session.get(SecondFactor, actor.id) is not None


def lacks_factor(actor: Actor) -> bool:
    """Tell whether ``actor`` has to set up a second factor before anything else."""
    if actor.roles.isdisjoint(MUST_USE_FACTOR) or has_factor(actor):
        return False
    rules = login_rules()
    return bool(rules and rules.second_factor)


def recovery_codes_left(actor: Actor) -> int:
    """Return how many recovery codes ``actor`` did not use yet."""
    query = select(func.count()).where(RecoveryCode.user_id == actor.id)
    return db.session.scalar(query) or 0


def login_rules() -> LoginRules | None:
    """Return what signing in asks of everybody; None until an admin has said so."""
    return db.session.get(LoginRules, 1)


def password_hashes() -> list[tuple[str, str]]:
    """Return the name and password hash of everyone who can sign in: for checks at start."""
    rows = db.session.execute(select(User.username, User.password_hash).where(User.active))
    return [(row.username, row.password_hash) for row in rows]
