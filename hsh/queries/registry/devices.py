"""The tablets of the people whom someone oversees, as they last reported themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.refs import device_code
from hsh.db import db
from hsh.models.device import Device
from hsh.models.people import User
from hsh.queries import scope

UNSEEN = timedelta(days=1)
WAITING = timedelta(hours=2)
"""A tablet not seen for so long, or on which a form waits for so long, is looked after."""
MOST = 500


@dataclass(frozen=True, kw_only=True)
class Tablet:
    """A tablet of one person. ``unseen`` and ``stuck`` are warnings.

    ``name`` is its model, if the browser tells it; ``code`` stands on its own pending page too.
    """

    id: int
    user_id: int
    person: str
    code: str
    name: str
    app_version: str
    last_seen_at: datetime
    waiting: int
    oldest_at: datetime | None
    clock_ahead: timedelta
    revoked_at: datetime | None
    unseen: bool
    stuck: bool


def overseen(actor: Actor, now: datetime) -> list[Tablet]:
    """Return the tablets, those that need looking after first."""
    rows = db.session.execute(
        select(Device, User.name)
        .join(User, User.id == Device.user_id)
        .where(scope.people(actor))
        .order_by(Device.last_seen_at.desc(), Device.id)
        .limit(MOST)
    )
    tablets = [_tablet(device, person, now) for device, person in rows]
    return sorted(tablets, key=lambda tablet: not (tablet.unseen or tablet.stuck))


def to_look_after(actor: Actor, now: datetime) -> int:
    """Return how many of the tablets are unseen or have forms waiting for too long."""
    return sum(tablet.unseen or tablet.stuck for tablet in overseen(actor, now))


def one(actor: Actor, device_id: int) -> Device | None:
    """Return a tablet of a person whom ``actor`` oversees."""
    return db.session.scalar(
        select(Device)
        .join(User, User.id == Device.user_id)
        .where(Device.id == device_id, scope.people(actor))
    )


def clock_ahead(user_id: int, device: str) -> timedelta:
    """Return how far a tablet's clock was ahead of ours when it was seen last; nothing if never."""
    ahead = db.session.scalar(
        select(Device.clock_ahead_ms).where(Device.user_id == user_id, Device.device == device)
    )
    return timedelta(milliseconds=ahead or 0)


def _tablet(row: Device, person: str, now: datetime) -> Tablet:
    off = row.revoked_at is not None and row.revoked_at >= row.last_seen_at
    return Tablet(
        id=row.id,
        user_id=row.user_id,
        person=person,
        code=device_code(row.device),
        name=row.name,
        app_version=row.app_version,
        last_seen_at=row.last_seen_at,
        waiting=row.waiting,
        oldest_at=row.oldest_at,
        clock_ahead=timedelta(milliseconds=row.clock_ahead_ms),
        revoked_at=row.revoked_at if off else None,
        unseen=now - row.last_seen_at > UNSEEN,
        stuck=bool(row.waiting and row.oldest_at and now - row.oldest_at > WAITING),
    )
