"""What a request that waits rests on, and whether that is still as it was when it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hsh.core import clock
from hsh.core.words import Condition, RateScope, RateSubject
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.logistics import Correction, StockCount
from hsh.models.registry import Customer, Equipment, Place, Rate, Site
from hsh.models.sales import Document, Transaction
from hsh.queries.books import levels
from hsh.queries.books.approvals import Request

_PRICES = (Rate.__tablename__, "price_change", "import_batch")
"""Records whose entries tell new prices."""


class Kind(StrEnum):
    """What changed since a request was asked for."""

    STOCK = "stock"
    VOIDED = "voided"
    REVERSED = "reversed"
    COUNT = "count"
    PRICE = "price"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is not as it was. Of stock: which size, and how many then and now."""

    kind: Kind
    number: str = ""
    """Of the record by which it changed, where it has one."""
    size: str = ""
    condition: Condition | None = None
    then: int = 0
    now: int = 0


def changes(found: Request) -> list[Change]:
    """Return what is not as it was any more; nothing is about what was decided."""
    if found.verdict is not None:
        return []
    wish: dict[str, Any] = json.loads(found.content)
    return list(_changes(found, wish))


def _changes(found: Request, wish: dict[str, Any]) -> Iterator[Change]:
    match found.op:
        case "sale.void":
            yield from _voided(found.about)
        case "stock.reverse":
            yield from _reversed(found.about)
        case "count.close":
            yield from _counted(found.about, wish["version"])
        case "rate.override" | "price.agree":
            yield from _repriced(found, wish["equipment"])
        case _:
            yield from _moved(wish, found.requested_at)


def _moved(wish: dict[str, Any], asked_at: datetime) -> Iterator[Change]:
    """Yield which of the sizes asked about the place holds more or fewer of than it did then."""
    place = db.session.scalar(select(Place.id).where(Place.ref == UUID(wish["place"])))
    if place is None:
        return
    names = dict(db.session.execute(select(Equipment.code, Equipment.name)).all())
    then = levels.shelves([place], asked_at)[place]
    now = levels.shelves([place], clock.now())[place]
    for line in wish["lines"]:
        key = line["equipment"], Condition(line["condition"])
        before, after = then.get(key, 0), now.get(key, 0)
        if before != after:
            size = names.get(key[0], key[0])
            yield Change(kind=Kind.STOCK, size=size, condition=key[1], then=before, now=after)


def _voided(sale: UUID) -> Iterator[Change]:
    first = aliased(Transaction)
    number = db.session.scalar(
        select(Document.transaction_number)
        .join(Transaction, Transaction.id == Document.transaction_id)
        .join(first, first.id == Transaction.voids_id)
        .where(first.ref == sale)
    )
    if number:
        yield Change(kind=Kind.VOIDED, number=number)


def _reversed(correction: UUID) -> Iterator[Change]:
    first = aliased(Correction)
    number = db.session.scalar(
        select(Correction.number)
        .join(first, first.id == Correction.reverses_id)
        .where(first.ref == correction)
    )
    if number:
        yield Change(kind=Kind.REVERSED, number=number)


def _counted(count: UUID, version: int) -> Iterator[Change]:
    if db.session.scalar(select(StockCount.version).where(StockCount.ref == count)) != version:
        yield Change(kind=Kind.COUNT)


def _repriced(found: Request, code: str) -> Iterator[Change]:
    """Tell whether a price that the site may pay for the size was set since."""
    row = db.session.execute(
        select(Place.id, Customer.id, Customer.price_list_id)
        .join(Site, Site.place_id == Place.id)
        .join(Customer, Customer.id == Site.customer_id)
        .where(Place.ref == found.about)
    ).one_or_none()
    size = db.session.scalar(select(Equipment.id).where(Equipment.code == code))
    if row is None or size is None:
        return
    owners = set(zip((RateScope.SITE, RateScope.CUSTOMER, RateScope.PRICE_LIST), row, strict=True))
    since = select(AuditEntry.body).where(
        AuditEntry.at > found.requested_at, AuditEntry.record_type.in_(_PRICES)
    )
    for body in db.session.scalars(since):
        after = json.loads(body)["after"] or {}
        for rate in after.get(Rate.__tablename__, [after]):
            whose = rate.get("scope"), rate.get("scope_id")
            what = rate.get("subject"), rate.get("subject_id")
            if whose in owners and what == (RateSubject.EQUIPMENT, size):
                yield Change(kind=Kind.PRICE)
                return
