"""A meter, as its page shows it: where it stands, its readings, what came after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.db import db
from hsh.models.registry import Meter, MeterEnd, Place
from hsh.models.sales import MeterReading, Transaction
from hsh.queries import scope

PAGE = 24
"""Readings on a page: two years of months."""


@dataclass(frozen=True, kw_only=True)
class MeterCard:
    """What a meter's page says. ``readings``: newest first; ``sale`` None is not the reader's.

    ``older`` is the version before which the next page begins.
    """

    row: Meter
    site: Place
    end: MeterEnd | None
    successor: Meter | None
    before: Meter | None
    carried: Any
    readings: Sequence[Row[*tuple[Any, ...]]]
    older: int | None


def card(actor: Actor, ref: UUID, before: int | None = None) -> MeterCard:
    """Return what the page of the meter ``ref`` says.

    Raises:
        NotFound: there is none.

    """
    found = db.session.execute(
        select(Meter, Place).join(Place, Place.id == Meter.site_id).where(Meter.ref == ref)
    ).one_or_none()
    if found is None:
        raise NotFound(what="meter")
    row, site = found
    end = db.session.get(MeterEnd, row.id)
    origin = db.session.scalar(select(MeterEnd).where(MeterEnd.successor_id == row.id))
    readings = _readings(actor, row.id, before)
    return MeterCard(
        row=row,
        site=site,
        end=end,
        successor=db.session.get(Meter, end.successor_id) if end and end.successor_id else None,
        before=db.session.get(Meter, origin.meter_id) if origin else None,
        carried=origin.unbilled if origin else None,
        readings=readings[:PAGE],
        older=readings[PAGE - 1].version if len(readings) > PAGE else None,
    )


def _readings(actor: Actor, meter: int, before: int | None) -> Sequence[Row[*tuple[Any, ...]]]:
    theirs = aliased(Transaction)
    query = (
        select(
            MeterReading.version,
            MeterReading.kind,
            MeterReading.read_on,
            MeterReading.previous,
            MeterReading.current,
            MeterReading.billed,
            MeterReading.reverses_id,
            theirs.ref.label("sale"),
        )
        .outerjoin(
            theirs,
            (theirs.id == MeterReading.transaction_id)
            & theirs.id.in_(select(Transaction.id).where(scope.transactions(actor))),
        )
        .where(MeterReading.meter_id == meter)
        .order_by(MeterReading.version.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(MeterReading.version < before)
    return db.session.execute(query).all()
