"""Sales that something is odd about, for a supervisor to look into (law 2, law 9).

A site gave back more than its ledger held, or the total is not what the tablet had shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.db import db
from hsh.models.people import User
from hsh.models.registry import Customer, Equipment, Place
from hsh.models.sales import Discrepancy, Document, Flag, FlagReview, Transaction
from hsh.queries import scope
from hsh.queries.days import between
from hsh.queries.keyset import Order
from hsh.queries.lists import Long


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """So many of one size came back beyond what the books had at the site."""

    equipment: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Odd:
    """A flagged sale, as its list shows it. ``claimed`` and ``payable`` in cents."""

    ref: UUID
    created_at: datetime
    number: str
    customer: str
    site: str
    site_code: str
    source: str
    seller: str
    claimed: int | None
    payable: int
    lacking: list[Lacking]


@dataclass(frozen=True, kw_only=True)
class Review:
    """Who looked into it, and what came of it."""

    person: str
    row: FlagReview


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """That a sale was flagged, and what came of it so far."""

    flag: Flag
    review: Review | None


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which flagged sales the list shows; of days, those on which they were flagged.

    ``settled``: those that were looked into or voided, instead of those that wait.
    """

    settled: bool = False
    since: date | None = None
    until: date | None = None
    number: str = ""


def discrepancies(actor: Actor, wanted: Filter) -> Long:
    """Return the flagged sales that ``actor`` may see, newest first."""
    site, source = aliased(Place), aliased(Place)
    query = (
        select(
            Flag.id,
            Flag.created_at,
            Transaction.id.label("sale"),
            Transaction.claimed,
            Transaction.payable,
            site.name.label("site"),
            site.code.label("site_code"),
            Customer.name.label("customer"),
            source.name.label("source"),
            User.name.label("seller"),
            Transaction.ref,
            Document.transaction_number,
        )
        .join(Transaction, Transaction.id == Flag.transaction_id)
        .join(Document, Document.transaction_id == Transaction.id)
        .join(site, site.id == Transaction.site_id)
        .join(Customer, Customer.id == Transaction.customer_id)
        .join(source, source.id == Transaction.source_id)
        .join(User, User.id == Transaction.seller_id)
    )
    return Long(
        query=query,
        ref=Transaction.ref,
        orders={"created_at": Order(Flag.id)},
        where=(
            Transaction.id == Flag.transaction_id,
            _seen_by(actor),
            *_conditions(wanted),
        ),
        dress=_odd,
        is_joined=True,
    )


def _odd(rows: Iterable[Any]) -> list[Any]:
    found = list(rows)
    short = lacking(row.sale for row in found)
    return [
        Odd(
            ref=row.ref, created_at=row.created_at, number=row.transaction_number,
            customer=row.customer, site=row.site, site_code=row.site_code, source=row.source,
            seller=row.seller, claimed=row.claimed, payable=row.payable,
            lacking=short.get(row.sale, []),
        )
        for row in found
    ]  # fmt: skip


def waiting(actor: Actor) -> int:
    """Return how many flagged sales wait for someone to look into them."""
    query = select(func.count(Flag.id)).where(_seen_by(actor), ~_is_settled())
    return db.session.scalar(query) or 0


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """Tell of a flag whether ``actor`` may see its sale.

    Joined, SQLite would go through every sale of a depot to find the few that were flagged.
    """
    theirs = Transaction.id == Flag.transaction_id, scope.transactions(actor)
    return exists().where(*theirs).correlate(Flag)


def lacking(sales: Iterable[int]) -> dict[int, list[Lacking]]:
    """Return what each of ``sales``, by id, took back beyond what its site's ledger held."""
    rows = db.session.execute(
        select(Discrepancy.transaction_id, Equipment.name, Discrepancy.quantity)
        .join(Equipment, Equipment.id == Discrepancy.equipment_id)
        .where(Discrepancy.transaction_id.in_(list(sales)))
        .order_by(Discrepancy.id)
    )
    found: dict[int, list[Lacking]] = {}
    for sale, name, quantity in rows:
        found.setdefault(sale, []).append(Lacking(equipment=name, quantity=quantity))
    return found


def of_sale(sale: int) -> Flagged | None:
    """Return how a sale, by id, was flagged; None when nothing is odd about it."""
    row = db.session.execute(
        select(Flag, FlagReview, User.name)
        .outerjoin(FlagReview, FlagReview.transaction_id == Flag.transaction_id)
        .outerjoin(User, User.id == FlagReview.reviewed_by)
        .where(Flag.transaction_id == sale)
    ).first()
    if row is None:
        return None
    flag, review, person = row
    return Flagged(flag=flag, review=Review(person=person, row=review) if review else None)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    is_settled = _is_settled()
    conditions = [is_settled if wanted.settled else ~is_settled]
    conditions += between(Flag.created_at, wanted.since, wanted.until)
    if wanted.number:
        typed = wanted.number.strip().upper()
        papers = or_(Document.transaction_number == typed, Document.number == typed)
        conditions.append(Transaction.id.in_(select(Document.transaction_id).where(papers)))
    return conditions


def _is_settled() -> ColumnElement[bool]:
    void = aliased(Transaction)
    return or_(
        exists().where(FlagReview.transaction_id == Flag.transaction_id),
        exists().where(void.voids_id == Flag.transaction_id),
    )
