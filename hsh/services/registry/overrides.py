"""A site's own price for a size, from a day on: asked for by one, approved by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid, NotFound
from hsh.core.roles import require
from hsh.core.words import PlaceKind, RateScope, RateSubject
from hsh.db import atomic, db
from hsh.models.registry import Equipment, Place, Rate
from hsh.services.books import approvals, audit
from hsh.services.books.submissions import once
from hsh.services.registry import checks, rates

RECORD = "override"
REASON_MOST = 1_000
"""Most characters of a reason."""


@dataclass(frozen=True, kw_only=True)
class OverrideRate(Command):
    """The site pays ``amount`` dollars for a size (by code), from a day on."""

    op: ClassVar[str] = "rate.override"
    site: UUID
    equipment: str
    starts_on: date
    amount: Decimal
    reason: str


def override_rate(command: OverrideRate) -> Outcome:
    """Ask for the price; once a supervisor has approved it, set it.

    Raises:
        NotFound: there is no such site.
        Invalid: the size, the day or the amount will not do.
        AlreadyAsked: the same price is asked for, and waits.

    """
    require(command.actor.roles, command.op)
    if command.asked_by is not None:
        return _set(command)
    site, _size = _subject(command)
    return approvals.ask(command, about=site.ref, depot=None, reason=command.reason)


@atomic
@once
def _set(command: OverrideRate) -> Outcome:
    require(command.actor.roles, "request.approve")
    site, size = _subject(command)
    new = rates.NewRate(
        scope=RateScope.SITE,
        scope_id=site.id,
        subject=RateSubject.EQUIPMENT,
        subject_id=size.id,
        starts_on=command.starts_on,
        amount=command.amount,
    )
    rates.set_rate(new, by=command.actor)
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=command.submission,
        after=command.content(),
    )
    return Outcome(record=RECORD, ref=command.submission)


def subject(site: UUID, equipment: str, amount: Decimal) -> tuple[Place, Equipment]:
    """Return the site and the size (by code) that a price is asked for, both still open.

    Raises:
        NotFound: there is no such site.
        Invalid: the size is not carried, or the amount is no price.

    """
    place = db.session.scalar(
        select(Place).where(Place.ref == site, Place.kind == PlaceKind.SITE, Place.active)
    )
    if place is None:
        raise NotFound(what="site")
    named = select(Equipment).where(Equipment.code == equipment, Equipment.active)
    size = db.session.scalar(named) if equipment.isascii() else None  # MariaDB compares no others
    if size is None:
        raise Invalid(field="equipment", reason="unknown_equipment")
    checks.amount(amount)
    return place, size


def _subject(command: OverrideRate) -> tuple[Place, Equipment]:
    """Return the site and the size; a price once begun is not changed, so no day that is past."""
    site, size = subject(command.site, command.equipment, command.amount)
    if command.starts_on < clock.today():
        raise Invalid(field="starts_on", reason="day_past")
    taken = select(Rate.id).where(
        Rate.scope == RateScope.SITE,
        Rate.scope_id == site.id,
        Rate.subject == RateSubject.EQUIPMENT,
        Rate.subject_id == size.id,
        Rate.starts_on == command.starts_on,
        Rate.withdrawn == 0,
    )
    if db.session.scalar(taken) is not None:
        raise Invalid(field="starts_on", reason="taken")
    return site, size
