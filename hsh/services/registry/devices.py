"""Tablets report themselves; the office can end what is open on one that was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.roles import require
from hsh.db import append, atomic, db
from hsh.models.device import Device
from hsh.models.people import User, UserSession
from hsh.queries.registry import devices
from hsh.services.books import audit
from hsh.services.registry import sessions

MOST = 20
"""Tablets that are remembered of one person: the one unseen for longest makes room."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a tablet says of itself. ``ahead`` is how far its clock is before ours."""

    device: str
    name: str
    app_version: str
    waiting: int
    oldest_at: datetime | None
    ahead: timedelta


@atomic
def report(actor: Actor, token: str, said: Report) -> None:
    """Note that ``actor`` was seen on a tablet, and that the session of ``token`` is there."""
    now = clock.now()
    row: dict[str, object] = {
        "name": said.name,
        "app_version": said.app_version,
        "last_seen_at": now,
        "waiting": said.waiting,
        "oldest_at": said.oldest_at,
        "clock_ahead_ms": said.ahead // timedelta(milliseconds=1),
    }
    mine = (Device.user_id == actor.id, Device.device == said.device)
    known = db.session.execute(select(Device.id).where(*mine)).scalar()
    if known:
        _change(Device.id == known, row)
    else:
        _make_room(actor)
        append(Device, user_id=actor.id, device=said.device, first_seen_at=now, **row)
    db.session.execute(
        update(UserSession)
        .where(
            UserSession.token_hash == sessions.token_hash(token),
            or_(UserSession.device.is_(None), UserSession.device != said.device),
        )
        .values(device=said.device)
        .execution_options(synchronize_session=False)
    )


@atomic
def revoke(actor: Actor, device_id: int) -> None:
    """End every session of a tablet's person that is open on it, at once.

    Raises:
        NotFound: no such tablet, or that of a person whom ``actor`` does not oversee.

    """
    require(actor.roles, "device.revoke")
    found = devices.one(actor, device_id)
    if found is None:
        raise NotFound(what="device")
    now = clock.now()
    open_there = (
        UserSession.user_id == found.user_id,
        UserSession.device == found.device,
        UserSession.revoked_at.is_(None),
    )
    db.session.execute(
        update(UserSession)
        .where(*open_there)
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    _change(Device.id == found.id, {"revoked_at": now})
    ref = db.session.scalars(select(User.ref).where(User.id == found.user_id)).one()
    audit.record(
        "device.revoke", actor, record_type="user", ref=ref, after={"device": found.device}
    )


def _change(which: object, values: dict[str, object]) -> None:
    db.session.execute(
        update(Device)
        .where(which)  # type: ignore[arg-type]
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _make_room(actor: Actor) -> None:
    seen = db.session.scalars(
        select(Device.id)
        .where(Device.user_id == actor.id)
        .order_by(Device.last_seen_at.desc(), Device.id.desc())
    ).all()
    gone = seen[MOST - 1 :]
    if gone:
        db.session.execute(
            delete(Device).where(Device.id.in_(gone)).execution_options(synchronize_session=False)
        )
