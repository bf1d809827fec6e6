"""Prices as an admin sets them: one from a day on, many at once, or one withdrawn again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid, NotFound, PreviewChanged
from hsh.core.roles import require
from hsh.core.words import RateScope
from hsh.db import atomic, db
from hsh.models.registry import PriceList, Rate
from hsh.queries.registry import price_changes, prices
from hsh.queries.registry.price_changes import Wish
from hsh.services.books import audit
from hsh.services.books.submissions import once
from hsh.services.registry import checks, rates, records

MANY = "price_change"
"""What the audit calls prices that were set together."""


@dataclass(frozen=True, kw_only=True)
class AddPriceList(Command):
    """A price list to begin, with GST inside its prices or not: that never changes."""

    op: ClassVar[str] = "price_list.add"
    code: str
    name: str
    tax_inclusive: bool


@dataclass(frozen=True, kw_only=True)
class SetRate(Command):
    """A price from a day on. ``of`` is a price list's code, or the ref of a customer or site."""

    op: ClassVar[str] = "rate.set"
    scope: RateScope
    of: str
    item: str
    """As ``prices.Item.key`` names it."""
    amount: Decimal
    starts_on: date


@dataclass(frozen=True, kw_only=True)
class WithdrawRate(Command):
    """A price that has not begun is not to begin; its day is free again."""

    op: ClassVar[str] = "rate.withdraw"
    rate: int


@dataclass(frozen=True, kw_only=True)
class ChangePrices(Command):
    """Many prices from a day on, exactly as previewed; ``seen`` is the preview's digest."""

    op: ClassVar[str] = "price.change"
    wish: Wish
    seen: str


@atomic
@once
def add_price_list(command: AddPriceList) -> Outcome:
    """Begin a price list without prices.

    Raises:
        Invalid: code or name will not do.

    """
    require(command.actor.roles, command.op)
    row = PriceList(
        code=checks.free(PriceList.code, checks.code(command.code)),
        name=checks.name(command.name),
        tax_inclusive=command.tax_inclusive,
        version=1,
    )
    ref = records.ref_of(PriceList.__tablename__, row.code)
    records.register(row, command.op, command, ref=ref)
    return Outcome(record=PriceList.__tablename__, ref=ref)


@atomic
@once
def set_price(command: SetRate) -> Outcome:
    """Add one price.

    Raises:
        NotFound: there is no such list, customer or site.
        Invalid: the price will not do, or that day has one already.

    """
    require(command.actor.roles, command.op)
    if command.starts_on < clock.today():
        raise Invalid(field="starts_on", reason="price_begins")
    whose = prices.owner(command.scope, command.of)
    item = next((one for one in prices.items() if one.key == command.item), None)
    if item is None:
        raise Invalid(field="item", reason="unknown_price")
    new = rates.NewRate(
        scope=whose.scope,
        scope_id=whose.id,
        subject=item.subject,
        subject_id=item.id,
        starts_on=command.starts_on,
        amount=command.amount,
    )
    return Outcome(record=Rate.__tablename__, ref=rates.set_rate(new, by=command))


@atomic
@once
def withdraw_price(command: WithdrawRate) -> Outcome:
    """Take back a price before it begins: nothing was sold by it.

    Raises:
        NotFound: there is no such price, or it was withdrawn before.
        Invalid: it has begun.

    """
    require(command.actor.roles, command.op)
    row = db.session.scalar(
        select(Rate).where(Rate.id == command.rate, Rate.withdrawn == 0).with_for_update()
    )
    if row is None:
        raise NotFound(what="price")
    if row.starts_on <= clock.today():
        raise Invalid(reason="price_begun")
    before = records.picture(row)
    row.withdrawn = row.id
    key = (row.scope, row.scope_id, row.subject, row.subject_id, row.starts_on)
    ref = records.ref_of(Rate.__tablename__, *key)
    records.changed(row, command.op, command, ref=ref, before=before)
    return Outcome(record=Rate.__tablename__, ref=ref)


@atomic
@once
def change_prices(command: ChangePrices) -> Outcome:
    """Set all prices of the preview, under one audit entry.

    Raises:
        NotFound: there is no such price list.
        Invalid: the wish will not do, or changes nothing.
        PreviewChanged: what would be set is not what was shown.

    """
    require(command.actor.roles, command.op)
    found = price_changes.preview(command.wish, clock.today())
    if found.digest() != command.seen:
        raise PreviewChanged
    if not found.lines:
        raise Invalid(field="items", reason="nothing_changes")
    rows = [
        Rate(
            scope=line.scope,
            scope_id=line.scope_id,
            subject=line.item.subject,
            subject_id=line.item.id,
            starts_on=command.wish.starts_on,
            amount=checks.amount(line.new),
            withdrawn=0,
        )
        for line in found.lines
    ]
    db.session.add_all(rows)
    db.session.flush()
    audit.record(
        command.op,
        command,
        record_type=MANY,
        ref=command.submission,
        before={"wish": command.wish},
        after={Rate.__tablename__: [records.picture(row) for row in rows]},
    )
    return Outcome(record=MANY, ref=command.submission)
