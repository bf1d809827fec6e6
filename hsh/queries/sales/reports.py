"""What the sales of a period add up to, for whoever sees them: by customer, driver, size, day ...

A sale counts on the day on which it was confirmed, as its document does; a void counts with its
minus on its own day. Money in cents.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, case, cast, func, select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.words import LineKind
from hsh.db import db
from hsh.models.books import Counter
from hsh.models.logistics import Correction, Distribution
from hsh.models.people import User
from hsh.models.registry import Customer, Equipment, Meter, Place
from hsh.models.sales import Document, MeterReading, Transaction, TransactionLine
from hsh.queries import scope

_AT_A_TIME = 500
type Sums = Sequence[Row[*tuple[Any, ...]]]
"""Rows of a report, each of all records that it stands for."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """From the first day to the last, both of them with it."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Taxed:
    """The supplies of one GST category and rate."""

    kind: str
    code: str
    rate: Decimal
    documents: int
    net: int
    tax: int


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The numbers of one series in a year: how many were given, how many are there."""

    series: str
    year: int
    issued: int
    found: int

    @property
    def missing(self) -> int:
        """How many were given and are on no record: there must be none (law 4)."""
        return self.issued - self.found


def by_customer(actor: Actor, period: Period) -> Sums:
    """Return the sales of each customer, by name."""
    return _sales(actor, period, Customer.name, Customer.id, Transaction.customer_id)


def by_driver(actor: Actor, period: Period) -> Sums:
    """Return the sales of each person who sold, by name."""
    return _sales(actor, period, User.name, User.id, Transaction.seller_id)


def by_day(actor: Actor, period: Period) -> Sums:
    """Return the sales of each day on which there were any."""
    day = Transaction.confirmed_on
    query = select(day.label("day"), *_SUMS).where(_within(actor, period)).group_by(day)
    return db.session.execute(query.order_by(day)).all()


def by_size(actor: Actor, period: Period) -> Sums:
    """Return what was delivered, returned and charged of each size; kilograms of what stayed."""
    line = TransactionLine
    query = (
        select(
            Equipment.name,
            _pieces(LineKind.DELIVERY, LineKind.ACCESSORY).label("delivered"),
            (-_pieces(LineKind.RETURN_FULL)).label("returned_full"),
            (-_pieces(LineKind.RETURN_PART)).label("returned_part"),
            Equipment.net_kg,
            _whole(line.amount).label("amount"),
        )
        .join(Transaction, Transaction.id == line.transaction_id)
        .join(Equipment, Equipment.id == line.equipment_id)
        .where(_within(actor, period), line.kind.in_(_GOODS))
        .group_by(Equipment.id, Equipment.name, Equipment.net_kg)
        .order_by(Equipment.net_kg, Equipment.name)
    )
    return db.session.execute(query).all()


def by_meter(actor: Actor, period: Period) -> Sums:
    """Return what each meter billed, in its own unit and in money."""
    site = aliased(Place)
    charged = (
        select(TransactionLine.meter_id, _whole(TransactionLine.amount).label("amount"))
        .join(Transaction, Transaction.id == TransactionLine.transaction_id)
        .where(_within(actor, period), TransactionLine.kind == LineKind.USAGE)
        .group_by(TransactionLine.meter_id)
        .subquery()
    )
    read = (
        select(
            MeterReading.meter_id,
            func.count(MeterReading.id).label("readings"),
            func.sum(MeterReading.billed).label("billed"),
        )
        .join(Transaction, Transaction.id == MeterReading.transaction_id)
        .where(_within(actor, period))
        .group_by(MeterReading.meter_id)
        .subquery()
    )
    query = (
        select(
            Meter.ref,
            Meter.serial,
            Meter.unit,
            site.name.label("site"),
            read.c.readings,
            read.c.billed,
            func.coalesce(charged.c.amount, 0).label("amount"),
        )
        .join(read, read.c.meter_id == Meter.id)
        .join(site, site.id == Meter.site_id)
        .outerjoin(charged, charged.c.meter_id == Meter.id)
        .order_by(site.name, Meter.serial)
    )
    return db.session.execute(query).all()


def gst(actor: Actor, period: Period) -> list[Taxed]:
    """Return the supplies and the GST of each category, as the documents froze them.

    GST is rounded once for each document (law 9), so it is added up from what they say.
    """
    found: defaultdict[tuple[str, str, Decimal], list[int]] = defaultdict(lambda: [0, 0, 0])
    query = (
        select(Document.kind, Document.content)
        .join(Transaction, Transaction.id == Document.transaction_id)
        .where(_within(actor, period))
        .execution_options(yield_per=_AT_A_TIME)
    )
    for kind, content in db.session.execute(query):
        for tax in json.loads(content)["taxes"]:
            sums = found[kind, tax["code"], Decimal(tax["rate"])]
            for at, add in enumerate((1, tax["net"], tax["tax"])):
                sums[at] += add
    return [
        Taxed(kind=kind, code=code, rate=rate, documents=count, net=net, tax=tax)
        for (kind, code, rate), (count, net, tax) in sorted(found.items(), reverse=True)
    ]


def voids(actor: Actor, period: Period) -> Sums:
    """Return the voids of the period: what each took back, why, and who did it."""
    first, paper = aliased(Transaction), aliased(Document)
    query = (
        select(
            Transaction.ref,
            Transaction.confirmed_on,
            Transaction.payable,
            Transaction.reason,
            Document.transaction_number,
            Document.number,
            paper.number.label("taken_back"),
            first.ref.label("taken_back_ref"),
            User.name.label("person"),
        )
        .join(first, first.id == Transaction.voids_id)
        .join(Document, Document.transaction_id == Transaction.id)
        .join(paper, paper.transaction_id == first.id)
        .join(User, User.id == Transaction.seller_id)
        .where(_within(actor, period), Transaction.voids_id.is_not(None))
        .order_by(Transaction.confirmed_on, Transaction.id)
    )
    return db.session.execute(query).all()


def numbers(period: Period) -> list[Numbers]:
    """Return each series of the period's years, with how many numbers are on records."""
    years = range(period.first.year, period.last.year + 1)
    rows = db.session.execute(
        select(Counter.series, Counter.year, Counter.issued)
        .where(Counter.year.in_(years))
        .order_by(Counter.year, Counter.series)
    )
    return [
        Numbers(series=series, year=year, issued=issued, found=_numbered(series, year))
        for series, year, issued in rows
    ]


def _numbered(series: str, year: int) -> int:
    """Count the records whose number is of this series and year."""
    begins = f"{series}-{year}-"
    return sum(
        db.session.scalar(
            select(func.count()).where(column >= begins, column < f"{begins}~")
        )
        or 0
        for column in _NUMBERED
    )  # fmt: skip


def _sales(actor: Actor, period: Period, name: Any, key: Any, column: Any) -> Sums:
    query = (
        select(name.label("name"), key.class_.ref, *_SUMS)
        .join(key.class_, key == column)
        .where(_within(actor, period))
        .group_by(key, name, key.class_.ref)
        .order_by(name, key)
    )
    return db.session.execute(query).all()


def _within(actor: Actor, period: Period) -> ColumnElement[bool]:
    days = Transaction.confirmed_on.between(period.first, period.last)
    return days & scope.transactions(actor)


def _pieces(*kinds: LineKind) -> Any:
    line = TransactionLine
    return func.sum(case((line.kind.in_(kinds), line.quantity), else_=Decimal(0)))


def _whole(column: Any) -> Any:
    """Return the sum of whole numbers, as one: MariaDB would make a decimal of it."""
    return cast(func.sum(column), BigInteger)


_NUMBERED = (
    Document.transaction_number,
    Document.number,
    Distribution.number,
    Correction.number,
)
_GOODS = (LineKind.DELIVERY, LineKind.RETURN_FULL, LineKind.RETURN_PART, LineKind.ACCESSORY)
_SUMS = (
    func.count(Transaction.id).label("sales"),
    _whole(case((Transaction.voids_id.is_not(None), 1), else_=0)).label("voids"),
    _whole(Transaction.net).label("net"),
    _whole(Transaction.tax).label("tax"),
    _whole(Transaction.deposits).label("deposits"),
    _whole(Transaction.rounding).label("rounding"),
    _whole(Transaction.payable).label("payable"),
)
