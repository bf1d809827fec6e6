"""Dated prices and GST: each row holds from its day until the next one begins (law 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid
from hsh.core.roles import require
from hsh.core.words import RateScope, RateSubject, TaxCode
from hsh.db import atomic, db
from hsh.models.registry import PriceList, Rate, TaxRate
from hsh.services.books.audit import By
from hsh.services.books.submissions import once
from hsh.services.registry import checks, records

STANDARD = "STANDARD"
STANDARD_NAME = "Standard price list"
TAX_NOTE_LENGTH = 100
USAGE = 0
"""The subject id of metered gas: there is one kind."""


@dataclass(frozen=True, kw_only=True)
class NewRate:
    """A price in dollars per unit: of equipment, of a service, or of a m3 of gas."""

    scope: RateScope
    scope_id: int
    """Id of the site, customer or price list."""
    subject: RateSubject
    subject_id: int = USAGE
    starts_on: date
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class NewTaxRate:
    """A GST rate as a fraction: 0.09."""

    code: TaxCode
    starts_on: date
    rate: Decimal
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SetTaxRate(Command):
    """A GST rate that is to hold from a day on."""

    op: ClassVar[str] = "tax_rate.set"
    new: NewTaxRate


@atomic
@once
def register_tax_rate(command: SetTaxRate) -> Outcome:
    """Add a GST rate from a day on. One that began is not changed: a later day ends it.

    Raises:
        Invalid: it is no share, or another begins on that day.

    """
    require(command.actor.roles, command.op)
    set_tax_rate(command.new, by=command)
    table = TaxRate.__tablename__
    return Outcome(record=table, ref=records.ref_of(table, command.new.code, command.new.starts_on))


@atomic
def standard_price_list(*, by: By) -> int:
    """Return the id of the company's standard price list, GST-exclusive; made on first use."""
    found = db.session.scalar(select(PriceList.id).where(PriceList.code == STANDARD))
    if found is not None:
        return found
    row = PriceList(code=STANDARD, name=STANDARD_NAME, tax_inclusive=False, version=1)
    ref = records.ref_of(PriceList.__tablename__, STANDARD)
    return records.register(row, "price_list.add", by, ref=ref).id


@atomic
def set_rate(new: NewRate, *, by: By) -> UUID:
    """Add a price from a day on; return its address in the audit.

    A price once begun is not changed: a later day ends it.
    """
    key = (new.scope, new.scope_id, new.subject, new.subject_id, new.starts_on)
    taken = select(Rate.id).where(
        Rate.scope == new.scope,
        Rate.scope_id == new.scope_id,
        Rate.subject == new.subject,
        Rate.subject_id == new.subject_id,
        Rate.starts_on == new.starts_on,
        Rate.withdrawn == 0,
    )
    if db.session.scalar(taken) is not None:
        raise Invalid(field="starts_on", reason="taken")
    row = Rate(
        scope=new.scope,
        scope_id=new.scope_id,
        subject=new.subject,
        subject_id=new.subject_id,
        starts_on=new.starts_on,
        amount=checks.amount(new.amount),
    )
    ref = records.ref_of(Rate.__tablename__, *key)
    records.register(row, "rate.set", by, ref=ref)
    return ref


@atomic
def set_tax_rate(new: NewTaxRate, *, by: By) -> None:
    """Add a GST rate from a day on."""
    taken = select(TaxRate.id).where(TaxRate.code == new.code, TaxRate.starts_on == new.starts_on)
    if db.session.scalar(taken) is not None:
        raise Invalid(field="starts_on", reason="taken")
    if checks.amount(new.rate, field="rate") > 1:
        raise Invalid(field="rate", reason="share_above_one")
    row = TaxRate(
        code=new.code,
        starts_on=new.starts_on,
        rate=new.rate,
        note=checks.optional(new.note, field="note", most=TAX_NOTE_LENGTH) or "",
    )
    ref = records.ref_of(TaxRate.__tablename__, new.code, new.starts_on)
    records.register(row, "tax_rate.set", by, ref=ref)
