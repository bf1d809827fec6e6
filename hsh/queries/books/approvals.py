"""Requests that a second person decides: the inbox, one of them, and a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import Decision
from hsh.db import db
from hsh.models.books import Approval, ApprovalRequest
from hsh.models.people import User
from hsh.queries import scope
from hsh.queries.days import between
from hsh.queries.keyset import Order
from hsh.queries.lists import Long
from hsh.queries.registry import people
from hsh.queries.registry.finding import MOST_WORDS

_RECENT = timedelta(days=2)
"""So long a requester sees on Today what was decided."""
_MOST = 20


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which requests the list shows: an act, words of the name of who asks, days.

    ``settled``: those that were decided, instead of those that wait.
    """

    settled: bool = False
    op: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for, by whom, and what was decided. ``content`` is canonical JSON."""

    id: int
    ref: UUID
    op: str
    content: str
    about: UUID
    reason: str
    requester: Actor
    requested_at: datetime
    verdict: Decision | None
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None
    """What whoever decided wrote."""
    number: str | None
    """Of the record that came of it."""


def requests(actor: Actor, wanted: Filter) -> Long:
    """Return the requests that ``actor`` sees, newest first."""
    return Long(
        query=_listed(),
        ref=ApprovalRequest.ref,
        orders={"requested_at": Order(ApprovalRequest.requested_at, ApprovalRequest.id)},
        where=(scope.requests(actor), *_conditions(wanted)),
        is_joined=True,
    )


def waiting(actor: Actor) -> int:
    """Return how many requests wait for a decision of ``actor``: not their own."""
    query = select(func.count(ApprovalRequest.id)).where(
        scope.requests(actor), ApprovalRequest.requested_by != actor.id, ~_decided()
    )
    return db.session.scalar(query) or 0


def own(actor: Actor, now: datetime) -> Sequence[Row[Any]]:
    """Return what ``actor`` asked for: what waits, and what was decided in the last two days."""
    mine = ApprovalRequest.requested_by == actor.id
    fresh = or_(Approval.id.is_(None), Approval.decided_at >= now - _RECENT)
    query = _listed().where(mine, fresh).order_by(ApprovalRequest.id.desc()).limit(_MOST)
    return db.session.execute(query).all()


def pending_about(about: UUID, op: str) -> UUID | None:
    """Return the request for the act ``op`` on a record that waits, if there is one."""
    return db.session.scalar(
        select(ApprovalRequest.ref)
        .where(ApprovalRequest.about == about, ApprovalRequest.op == op, ~_decided())
        .order_by(ApprovalRequest.id.desc())
        .limit(1)
    )


def one(actor: Actor, ref: UUID, *, lock: bool = False) -> Request:
    """Return the request ``ref``; a service locks its row.

    Raises:
        NotFound: there is none, or it is not theirs to see.

    """
    query = select(ApprovalRequest).where(ApprovalRequest.ref == ref, scope.requests(actor))
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound(what="request")
    decided = db.session.execute(
        select(Approval, User.name)
        .join(User, User.id == Approval.decided_by)
        .where(Approval.request_id == row.id)
    ).one_or_none()
    decision, person = decided or (None, None)
    return Request(
        id=row.id,
        ref=row.ref,
        op=row.op,
        content=row.content,
        about=row.about,
        reason=row.reason,
        requester=people.actor(row.requested_by),
        requested_at=row.requested_at,
        verdict=Decision(decision.verdict) if decision else None,
        decided_by=person,
        decided_at=decision.decided_at if decision else None,
        answer=decision.reason if decision else None,
        number=decision.number if decision else None,
    )


def _listed() -> Select[*tuple[Any, ...]]:
    decider = aliased(User)
    return (
        select(
            ApprovalRequest.id,
            ApprovalRequest.ref,
            ApprovalRequest.op,
            ApprovalRequest.reason,
            ApprovalRequest.requested_at,
            ApprovalRequest.requested_by,
            User.name.label("person"),
            Approval.verdict,
            Approval.reason.label("answer"),
            Approval.decided_at,
            Approval.number,
            decider.name.label("decider"),
        )
        .join(User, User.id == ApprovalRequest.requested_by)
        .outerjoin(Approval, Approval.request_id == ApprovalRequest.id)
        .outerjoin(decider, decider.id == Approval.decided_by)
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = [_decided() if wanted.settled else ~_decided()]
    conditions += between(ApprovalRequest.requested_at, wanted.since, wanted.until)
    if wanted.op:
        conditions.append(ApprovalRequest.op == wanted.op)
    words = wanted.person.split()[:MOST_WORDS]
    if words:
        named = (User.name.icontains(word, autoescape=True) for word in words)
        conditions.append(ApprovalRequest.requested_by.in_(select(User.id).where(*named)))
    return conditions


def _decided() -> ColumnElement[bool]:
    decision = aliased(Approval)  # the list joins the decision itself
    return exists().where(decision.request_id == ApprovalRequest.id)
