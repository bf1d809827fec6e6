"""Forms of a tablet's queue that were refused or reported, and wait for a supervisor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import Verdict
from hsh.db import db
from hsh.models.books import RefusedSubmission, Settlement, Submission
from hsh.models.people import User
from hsh.queries import scope
from hsh.queries.days import between
from hsh.queries.keyset import Order
from hsh.queries.lists import Long

MOST_WORDS = 6


@dataclass(frozen=True, kw_only=True)
class Parked:
    """A parked form as it was refused last. ``params`` and ``sent`` are JSON."""

    form: UUID
    op: str
    code: str
    params: str
    sent: str
    refused_at: datetime
    person_id: int
    person_ref: UUID
    person: str
    verdict: Verdict | None
    reason: str | None
    """What was decided, if it was; and why."""
    is_done: bool
    """It was done, or another in its place."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which parked forms the list shows: an act, words of the driver's name, days."""

    op: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None


def parked(actor: Actor, wanted: Filter) -> Long:
    """Return what waits for a decision of ``actor``, newest first."""
    query = select(
        RefusedSubmission.id,
        RefusedSubmission.client_temp_id,
        RefusedSubmission.op,
        RefusedSubmission.code,
        RefusedSubmission.params,
        RefusedSubmission.refused_at,
        User.name.label("person"),
    ).join(User, User.id == RefusedSubmission.actor_id)
    return Long(
        query=query,
        ref=RefusedSubmission.client_temp_id,
        orders={"refused_at": Order(RefusedSubmission.id)},
        where=(User.id == RefusedSubmission.actor_id, _waits(actor), *_conditions(wanted)),
        is_joined=True,
    )


def waiting(actor: Actor) -> int:
    """Return how many forms wait for a decision of ``actor``."""
    query = (
        select(func.count(RefusedSubmission.id))
        .join(User, User.id == RefusedSubmission.actor_id)
        .where(_waits(actor))
    )
    return db.session.scalar(query) or 0


def one(actor: Actor, form: UUID) -> Parked:
    """Return the parked form of someone whom ``actor`` oversees, as it was refused last.

    Raises:
        NotFound: there is none.

    """
    row = db.session.execute(
        select(RefusedSubmission, User, Settlement, Submission.client_temp_id)
        .join(User, User.id == RefusedSubmission.actor_id)
        .outerjoin(Settlement, Settlement.client_temp_id == RefusedSubmission.client_temp_id)
        .outerjoin(Submission, Submission.client_temp_id == RefusedSubmission.client_temp_id)
        .where(RefusedSubmission.client_temp_id == form, _is_newest(), scope.people(actor))
    ).first()
    if row is None:
        raise NotFound(what="submission")
    refused, person, settlement, done = row
    return Parked(
        form=form,
        op=refused.op,
        code=refused.code,
        params=refused.params,
        sent=refused.sent or "",
        refused_at=refused.refused_at,
        person_id=person.id,
        person_ref=person.ref,
        person=person.name,
        verdict=Verdict(settlement.verdict) if settlement else None,
        reason=settlement.reason if settlement else None,
        is_done=done is not None,
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = between(RefusedSubmission.refused_at, wanted.since, wanted.until)
    if wanted.op:
        conditions.append(RefusedSubmission.op == wanted.op)
    conditions += [
        User.name.icontains(word, autoescape=True) for word in wanted.person.split()[:MOST_WORDS]
    ]
    return conditions


def _waits(actor: Actor) -> ColumnElement[bool]:
    done = exists().where(Submission.client_temp_id == RefusedSubmission.client_temp_id)
    return and_(_is_newest(), scope.people(actor), ~done)


def _is_newest() -> ColumnElement[bool]:
    later = aliased(RefusedSubmission)
    return RefusedSubmission.sent.is_not(None) & ~exists().where(
        later.client_temp_id == RefusedSubmission.client_temp_id,
        later.sent.is_not(None),
        later.id > RefusedSubmission.id,
    )
