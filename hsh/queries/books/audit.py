"""The audit book, as its page asks for it: who did what to which record.

Admin and accountant read all of it; a supervisor what concerns their depots, and their own acts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    false,
    func,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from hsh.core import clock
from hsh.core.canonical import digest
from hsh.core.command import Actor
from hsh.core.refs import short_range
from hsh.core.refusals import NotFound
from hsh.core.roles import Role
from hsh.db import db
from hsh.models.books import ApprovalRequest, AuditEntry
from hsh.models.logistics import Correction, Distribution, StockCount
from hsh.models.people import User
from hsh.models.sales import Document, Transaction
from hsh.queries import days, scope
from hsh.queries.books.names import Names, names_in, spelled
from hsh.queries.keyset import Order
from hsh.queries.lists import Long

SYSTEM = "system"
"""Stands for the acts that nobody signed in for: the command line, the worker."""

MOST_ABOUT = 20
"""Entries of one record that its own page tells."""
_LONGEST = 60_000
"""An entry of more characters than this is told on its own page alone."""

_FEW = 2_000
"""So many records are named one by one when their entries are looked for."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which entries the list shows. ``record`` is a number, a short code or a ref."""

    who: UUID | str | None = None
    action: str = ""
    record: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry, whole."""

    sequence: int
    at: datetime
    action: str
    record_type: str
    record_ref: UUID
    number: str | None
    person: str | None
    """As they were called when they acted; None is the system itself."""
    roles: list[str]
    asked_by: str | None
    """Who asked for what the person approved."""
    captured_at: str | None
    device: str | None
    submission: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    names: Names
    """Of what before and after tell by id."""
    previous_hash: str
    hash: str
    is_sealed: bool
    """Whether the hash is that of the body: whether nobody has rewritten this entry alone."""
    earlier: int | None
    later: int | None
    """The entries before and after that this person may see."""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """One entry of a record, as its own page tells it."""

    sequence: int
    at: datetime
    action: str
    person: str | None
    asked_by: str | None
    """Who asked for what the person approved."""
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    is_long: bool
    """Whether what changed is too much to be told here."""


@dataclass(frozen=True, kw_only=True)
class About:
    """The newest entries about a record, and names for what they tell by id."""

    briefs: list[Brief]
    names: Names
    is_more: bool
    """Whether there are older ones."""


def about(actor: Actor, refs: Sequence[UUID]) -> About:
    """Return the newest entries about ``refs``, a record and its parts, that ``actor`` may see."""
    body = case((func.length(AuditEntry.body) <= _LONGEST, AuditEntry.body))
    rows = db.session.execute(
        select(
            AuditEntry.sequence,
            AuditEntry.at,
            AuditEntry.action,
            User.name.label("person"),
            body.label("body"),
        )
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.record_ref.in_(refs), _each_visible(actor))
        .order_by(AuditEntry.sequence.desc())
        .limit(MOST_ABOUT + 1)
    ).all()
    briefs = [_brief(row) for row in rows[:MOST_ABOUT]]
    return About(
        briefs=briefs,
        names=names_in([[brief.before, brief.after] for brief in briefs]),
        is_more=len(rows) > MOST_ABOUT,
    )


def _brief(row: Row[Any]) -> Brief:
    body = _read(row.body) if row.body else {}
    return Brief(
        sequence=row.sequence,
        at=row.at,
        action=row.action,
        person=(body.get("actor") or {}).get("name") or row.person,
        asked_by=(body.get("asked_by") or {}).get("name"),
        before=body.get("before"),
        after=body.get("after"),
        is_long=row.body is None,
    )


def entries(actor: Actor, wanted: Filter) -> Long:
    """Return the entries that ``actor`` may see, newest first."""
    query = select(
        AuditEntry.sequence,
        AuditEntry.at,
        AuditEntry.action,
        AuditEntry.record_type,
        AuditEntry.record_ref,
        AuditEntry.number,
        User.name.label("person"),
    ).outerjoin(User, User.id == AuditEntry.actor_id)
    return Long(
        query=query,
        ref=AuditEntry.sequence,
        orders={"sequence": Order(AuditEntry.sequence)},
        where=(_visible(actor), *_conditions(wanted)),
        is_joined=not scope.sees_all(actor),
    )


def entry(actor: Actor, sequence: int) -> Entry:
    """Return the entry ``sequence``.

    Raises:
        NotFound: there is none, or it is about a record that is not theirs.

    """
    visible = _visible(actor)
    row = db.session.scalar(select(AuditEntry).where(AuditEntry.sequence == sequence, visible))
    if row is None:
        raise NotFound(what="audit entry")
    body = _read(row.body)
    person = body.get("actor") or {}
    return Entry(
        sequence=row.sequence,
        at=row.at,
        action=row.action,
        record_type=row.record_type,
        record_ref=row.record_ref,
        number=row.number,
        person=person.get("name"),
        roles=person.get("roles", []),
        asked_by=(body.get("asked_by") or {}).get("name"),
        captured_at=body.get("captured_at"),
        device=body.get("device"),
        submission=body.get("submission"),
        before=body.get("before"),
        after=body.get("after"),
        names=names_in([body.get("before"), body.get("after")]),
        previous_hash=row.previous_hash,
        hash=row.hash,
        is_sealed=digest(row.previous_hash + row.body) == row.hash,
        earlier=_neighbour(visible, AuditEntry.sequence < sequence, AuditEntry.sequence.desc()),
        later=_neighbour(visible, AuditEntry.sequence > sequence, AuditEntry.sequence),
    )


def _read(body: str) -> dict[str, Any]:
    """Return what an entry tells; one that was rewritten into no JSON is shown as it stands."""
    try:
        told = json.loads(body)
    except ValueError:
        return {"after": {"body": body}}
    if not isinstance(told, dict):
        return {"after": {"body": body}}
    return told | {part: spelled(told.get(part)) for part in ("before", "after")}


def _neighbour(
    visible: ColumnElement[bool],
    beside: ColumnElement[bool],
    order: ColumnElement[int] | InstrumentedAttribute[int],
) -> int | None:
    query = select(AuditEntry.sequence).where(beside, visible).order_by(order).limit(1)
    return db.session.scalar(query)


def people() -> list[tuple[UUID, str]]:
    """Return everybody who may have acted, by name."""
    rows = db.session.execute(select(User.ref, User.name).order_by(User.name, User.id))
    return [(ref, name) for ref, name in rows]


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Tell which entries ``actor`` may see.

    Where few records are theirs, the entries are found by them; else nearly every entry that is
    looked at is theirs, and each is asked about.
    """
    if actor.roles & {Role.ADMIN, Role.ACCOUNTANT}:
        return true()
    theirs = _theirs(actor)
    refs, own = union_all(*theirs.values()), AuditEntry.actor_id == actor.id
    some = select(func.count()).select_from(refs.limit(_FEW + 1).subquery())
    if (db.session.scalar(some) or 0) <= _FEW:
        return or_(own, AuditEntry.record_ref.in_(db.session.scalars(refs).all()))
    return or_(own, *(_is_about(kind, records) for kind, records in theirs.items()))


def _each_visible(actor: Actor) -> ColumnElement[bool]:
    """Tell the same of few entries, each for itself."""
    if actor.roles & {Role.ADMIN, Role.ACCOUNTANT}:
        return true()
    each = (_is_about(kind, records) for kind, records in _theirs(actor).items())
    return or_(AuditEntry.actor_id == actor.id, *each)


def _theirs(actor: Actor) -> dict[str, Select[UUID]]:
    """Return the refs of the records that ``actor`` sees, by their type in the audit book."""
    return {
        "transaction": select(Transaction.ref).where(scope.transactions(actor)),
        "distribution": select(Distribution.ref).where(scope.distributions(actor)),
        "count": select(StockCount.ref).where(scope.counts(actor, clock.today())),
        "request": select(ApprovalRequest.ref).where(scope.requests(actor)),
        "correction": select(Correction.ref).where(scope.corrections(actor, clock.today())),
    }


def _is_about(kind: str, records: Select[UUID]) -> ColumnElement[bool]:
    [ref] = records.selected_columns
    return and_(
        AuditEntry.record_type == kind, records.where(ref == AuditEntry.record_ref).exists()
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.who == SYSTEM:
        conditions.append(AuditEntry.actor_id.is_(None))
    elif wanted.who:
        someone = select(User.id).where(User.ref == wanted.who).scalar_subquery()
        conditions.append(AuditEntry.actor_id == someone)
    if wanted.action:
        conditions.append(AuditEntry.action == wanted.action)
    if wanted.record:
        conditions.append(_about(wanted.record.strip()))
    if wanted.since or wanted.until:
        conditions.append(_between(wanted.since, wanted.until))
    return conditions


def _about(text: str) -> ColumnElement[bool]:
    """Tell which entries are about a record, by what stands on its paper or in its address."""
    ref = type_coerce(AuditEntry.record_ref, String)
    if code := short_range(text):
        return ref.between(*code)
    try:
        return ref == str(UUID(text))
    except ValueError:
        number = text.upper()
    sold = select(Document.transaction_number).where(Document.number == number)
    return AuditEntry.number == (db.session.scalar(sold) or number)


def _between(since: date | None, until: date | None) -> ColumnElement[bool]:
    """Narrow to days in Singapore, and by the index on time to the sequences that they span."""
    begin, end = days.span(since, until)
    at, sequence = AuditEntry.at, AuditEntry.sequence
    inside = and_(at >= begin, at < end)
    earliest, latest = (
        db.session.scalar(select(at).where(inside).order_by(order).limit(1))
        for order in (at, at.desc())
    )
    if earliest is None or latest is None:
        return false()
    first = select(func.min(sequence)).where(at >= earliest, at <= earliest + _CROSSING)
    last = select(func.max(sequence)).where(at <= latest, at >= latest - _CROSSING)
    spanned = sequence.between(db.session.scalar(first), db.session.scalar(last))
    return and_(inside, spanned)


_CROSSING = timedelta(hours=1)
"""Of two acts less than this apart, the later may have come first into the book."""
