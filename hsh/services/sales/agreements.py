"""A price agreed for one sale at a site: asked for by one, approved by another, used up by a sale.

A void gives it back. What a sale uses is what its page had shown: a price that was agreed after
the page was opened, or that another sale used up meanwhile, is not taken by surprise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select, update

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.pricing import Line
from hsh.core.refusals import Invalid, StaleVersion
from hsh.core.roles import require
from hsh.db import atomic, db, rows_changed
from hsh.models.registry import Equipment, Place
from hsh.models.sales import PriceAgreement
from hsh.services.books import approvals, audit
from hsh.services.books.submissions import once
from hsh.services.registry import checks, overrides

RECORD = PriceAgreement.__tablename__


@dataclass(frozen=True, kw_only=True)
class AgreePrice(Command):
    """The site pays ``amount`` dollars for a size (by code) at one sale, up to a day."""

    op: ClassVar[str] = "price.agree"
    site: UUID
    equipment: str
    amount: Decimal
    valid_until: date
    reason: str


def agree_price(command: AgreePrice) -> Outcome:
    """Ask for the price; once a supervisor has approved it, the next sale there uses it.

    Raises:
        NotFound: there is no such site.
        Invalid: the size, the day or the amount will not do.
        AlreadyAsked: the same price is asked for, and waits.

    """
    require(command.actor.roles, command.op)
    if command.asked_by is not None:
        return _agree(command)
    site, _size = _subject(command)
    return approvals.ask(command, about=site.ref, depot=None, reason=command.reason)


@atomic
@once
def _agree(command: AgreePrice) -> Outcome:
    require(command.actor.roles, "request.approve")
    site, size = _subject(command)
    row = PriceAgreement(
        ref=command.submission,
        site_id=site.id,
        equipment_id=size.id,
        amount=checks.amount(command.amount),
        valid_until=command.valid_until,
        used_by_id=None,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=row.ref,
        after={
            "site_id": row.site_id,
            "equipment_id": row.equipment_id,
            "amount": row.amount,
            "valid_until": row.valid_until,
            "reason": command.reason,
        },
    )
    return Outcome(record=RECORD, ref=row.ref)


def hold(refs: Collection[UUID]) -> None:
    """Let no other sale use the agreements ``refs`` until this act ends."""
    if refs:
        wanted = select(PriceAgreement.id).where(PriceAgreement.ref.in_(refs))
        db.session.execute(wanted.order_by(PriceAgreement.id).with_for_update())


def use(lines: Iterable[Line], *, transaction: int) -> None:
    """Use up the agreements by which ``lines`` are priced; once, whoever else tries.

    Raises:
        StaleVersion: another sale used one: price it afresh.

    """
    refs = {line.agreement for line in lines if line.agreement}
    if not refs:
        return
    taken = (
        update(PriceAgreement)
        .where(PriceAgreement.ref.in_(refs), PriceAgreement.used_by_id.is_(None))
        .values(used_by_id=transaction)
        .execution_options(synchronize_session=False)
    )
    if rows_changed(db.session.execute(taken)) != len(refs):
        raise StaleVersion(what=RECORD)


def give_back(transaction: int) -> None:
    """Let what a voided sale used be used again, as long as it is valid."""
    db.session.execute(
        update(PriceAgreement)
        .where(PriceAgreement.used_by_id == transaction)
        .values(used_by_id=None)
        .execution_options(synchronize_session=False)
    )


def _subject(command: AgreePrice) -> tuple[Place, Equipment]:
    """Return the site and the size; a day that is past helps nobody."""
    if command.valid_until < clock.today():
        raise Invalid(field="valid_until", reason="day_past")
    return overrides.subject(command.site, command.equipment, command.amount)
