"""A meter, as its page shows it: where it stands, its readings, what came after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.db import db
from hsh.models.registry import Meter, MeterEnd, Place
from hsh.models.sales import MeterReading, Transaction
from hsh.queries import scope
from hsh.queries.keyset import Order
from hsh.queries.lists import Long

PAGE = 24
"""Readings on a page: two years of months."""


@dataclass(frozen=True, kw_only=True)
class MeterCard:
    """What a meter's page says beside its readings."""

    row: Meter
    site: Place
    end: MeterEnd | None
    successor: Meter | None
    before: Meter | None
    carried: Any


def card(ref: UUID) -> MeterCard:
    """Return what the page of the meter ``ref`` says.

    Raises:
        NotFound: there is none.

    """
    row = one(ref)
    end = db.session.get(MeterEnd, row.id)
    origin = db.session.scalar(select(MeterEnd).where(MeterEnd.successor_id == row.id))
    return MeterCard(
        row=row,
        site=db.session.get_one(Place, row.site_id),
        end=end,
        successor=db.session.get(Meter, end.successor_id) if end and end.successor_id else None,
        before=db.session.get(Meter, origin.meter_id) if origin else None,
        carried=origin.unbilled if origin else None,
    )


def readings(actor: Actor, ref: UUID, since: date | None, until: date | None) -> Long:
    """Return what was read of the meter ``ref``, newest first; ``sale`` None is not the reader's.

    Raises:
        NotFound: there is no such meter.

    """
    meter = one(ref)
    theirs = aliased(Transaction)
    query = select(
        MeterReading.id,
        MeterReading.kind,
        MeterReading.read_on,
        MeterReading.previous,
        MeterReading.current,
        MeterReading.billed,
        MeterReading.reverses_id,
        theirs.ref.label("sale"),
    ).outerjoin(
        theirs,
        (theirs.id == MeterReading.transaction_id)
        & theirs.id.in_(select(Transaction.id).where(scope.transactions(actor))),
    )
    days = [MeterReading.read_on >= since] if since else []
    days += [MeterReading.read_on <= until] if until else []
    return Long(
        query=query,
        ref=MeterReading.id,
        orders={"read_on": Order(MeterReading.version)},
        where=(MeterReading.meter_id == meter.id, *days),
        sums={"billed": MeterReading.billed},
        size=PAGE,
    )


def one(ref: UUID) -> Meter:
    """Return the meter ``ref``.

    Raises:
        NotFound: there is none.

    """
    found = db.session.scalar(select(Meter).where(Meter.ref == ref))
    if found is None:
        raise NotFound(what="meter")
    return found
