"""The people of the company, for the one who looks after them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from hsh.core.refusals import NotFound
from hsh.core.roles import Role
from hsh.core.words import PlaceKind
from hsh.db import db
from hsh.models.people import Invitation, SecondFactor, User, UserDepot, UserRole, UserSession
from hsh.models.registry import Place


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who signs in, or did."""

    ref: UUID
    username: str
    name: str
    active: bool
    has_password: bool
    version: int
    roles: frozenset[Role]
    depots: tuple[str, ...]
    """Codes of the depots that a supervisor oversees."""
    link_until: datetime | None
    """When the link that they were sent ends."""
    signed_in: int
    """In so many browsers."""
    has_factor: bool


def everyone(now: datetime) -> list[Person]:
    """Return all people: those who sign in first, each group by name."""
    return _people(now)


def one(ref: UUID, now: datetime) -> Person:
    """Return one of them.

    Raises:
        NotFound: there is none.

    """
    found = _people(now, User.ref == ref)
    if not found:
        raise NotFound(what="user")
    return found[0]


def invited(token_hash: str, now: datetime) -> Person | None:
    """Return the person to whom a link was sent that still counts."""
    link = select(Invitation.user_id).where(
        Invitation.token_hash == token_hash, Invitation.expires_at > now
    )
    found = _people(now, User.id.in_(link), User.active.is_(True))
    return found[0] if found else None


def depots() -> list[tuple[str, str]]:
    """Return the code and name of each depot that someone can oversee."""
    rows = db.session.execute(
        select(Place.code, Place.name)
        .where(Place.kind == PlaceKind.DEPOT, Place.active)
        .order_by(Place.name)
    )
    return [(code, name) for code, name in rows]


def _people(now: datetime, *which: ColumnElement[bool]) -> list[Person]:
    rows = db.session.execute(
        select(User, Invitation.expires_at, func.count(UserSession.token_hash))
        .outerjoin(Invitation, (Invitation.user_id == User.id) & (Invitation.expires_at > now))
        .outerjoin(
            UserSession,
            (UserSession.user_id == User.id)
            & UserSession.revoked_at.is_(None)
            & (UserSession.expires_at > now),
        )
        .where(*which)
        .group_by(User.id, Invitation.expires_at)
        .order_by(User.active.desc(), User.name, User.id)
    ).all()
    whose = [user.id for user, *_ in rows]
    roles = _held(select(UserRole.user_id, UserRole.role).where(UserRole.user_id.in_(whose)))
    overseen = _held(
        select(UserDepot.user_id, Place.code)
        .join(Place, Place.id == UserDepot.depot_id)
        .where(UserDepot.user_id.in_(whose))
        .order_by(Place.code)
    )
    factors = set(
        db.session.scalars(select(SecondFactor.user_id).where(SecondFactor.user_id.in_(whose)))
    )
    return [
        Person(
            ref=user.ref,
            username=user.username,
            name=user.name,
            active=user.active,
            has_password=bool(user.password_hash),
            version=user.version,
            roles=frozenset(map(Role, roles[user.id])),
            depots=tuple(overseen[user.id]),
            link_until=link_until,
            signed_in=count,
            has_factor=user.id in factors,
        )
        for user, link_until, count in rows
    ]


def _held(query: Select[int, str]) -> defaultdict[int, list[str]]:
    held: defaultdict[int, list[str]] = defaultdict(list)
    for person, what in db.session.execute(query):
        held[person].append(what)
    return held
