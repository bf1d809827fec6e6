"""What was sold on a day, and how it was paid: for the page of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.core.words import PaymentMethod
from hsh.db import db
from hsh.models.registry import Place
from hsh.models.sales import Document, Transaction
from hsh.queries import scope

_NEWEST = 20


@dataclass(frozen=True, kw_only=True)
class Taking:
    """What one way to pay came to: ``count`` sales, ``payable`` cents."""

    method: PaymentMethod
    count: int
    payable: int


@dataclass(frozen=True, kw_only=True)
class Sold:
    """One sale of the day."""

    ref: UUID
    number: str
    document: str
    site: str
    source: str
    payable: int
    is_void: bool


@dataclass(frozen=True, kw_only=True)
class Today:
    """A day's sales: totals per way to pay, and the newest of them."""

    takings: list[Taking]
    newest: list[Sold]

    @property
    def count(self) -> int:
        """Return how many sales and voids there were."""
        return sum(taking.count for taking in self.takings)

    @property
    def payable(self) -> int:
        """Return what they come to, in cents."""
        return sum(taking.payable for taking in self.takings)


def today(actor: Actor, on: date) -> Today:
    """Return the sales of the day: a driver's own; for others all that they may see."""
    whose = of_the_day(actor, on)
    return Today(takings=_takings(whose), newest=_newest(whose))


def payable(actor: Actor, on: date) -> int:
    """Return what the sales of the day come to, in cents."""
    query = select(func.sum(Transaction.payable)).where(of_the_day(actor, on))
    return int(db.session.scalar(query) or 0)


def of_the_day(actor: Actor, on: date) -> ColumnElement[bool]:
    """Return the condition on a ``Transaction``: a driver's own; for others all they may see."""
    seen = and_(Transaction.confirmed_on == on, scope.transactions(actor))
    if actor.roles == {Role.DRIVER}:
        return and_(seen, Transaction.seller_id == actor.id)
    return seen


def _takings(whose: ColumnElement[bool]) -> list[Taking]:
    rows = db.session.execute(
        select(
            Transaction.payment_method, func.count(Transaction.id), func.sum(Transaction.payable)
        )
        .where(whose)
        .group_by(Transaction.payment_method)
    )
    found = {
        method: Taking(method=PaymentMethod(method), count=count, payable=int(payable))
        for method, count, payable in rows
    }
    return [found[method] for method in PaymentMethod if method in found]


def _newest(whose: ColumnElement[bool]) -> list[Sold]:
    site, source = aliased(Place), aliased(Place)
    rows = db.session.execute(
        select(
            Transaction.ref,
            Document.transaction_number,
            Document.number,
            site.name.label("site"),
            source.name.label("source"),
            Transaction.payable,
            Transaction.voids_id,
        )
        .join(Document, Document.transaction_id == Transaction.id)
        .join(site, site.id == Transaction.site_id)
        .join(source, source.id == Transaction.source_id)
        .where(whose)
        .order_by(Transaction.confirmed_on.desc(), Transaction.id.desc())
        .limit(_NEWEST)
    )
    return [
        Sold(
            ref=row.ref,
            number=row.transaction_number,
            document=row.number,
            site=row.site,
            source=row.source,
            payable=row.payable,
            is_void=row.voids_id is not None,
        )
        for row in rows
    ]
