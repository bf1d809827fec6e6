"""Meters as the office puts them up and takes them down; readings are a sale's (services.sales)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID, uuid5

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.meters import MeterState, unbilled
from hsh.core.refusals import Invalid, NotFound, StaleVersion
from hsh.core.roles import require
from hsh.db import atomic, db
from hsh.models.registry import Meter, MeterEnd
from hsh.services.books.submissions import once
from hsh.services.registry import finding, meters, records
from hsh.services.registry.meters import NewMeter


@dataclass(frozen=True, kw_only=True)
class Dial:
    """A meter as one finds it: what stands on it, and what it shows on a day."""

    serial: str
    digits: int
    decimals: int
    reading: Decimal
    on: date


@dataclass(frozen=True, kw_only=True)
class InstallMeter(Command):
    """A meter is put up at ``site``."""

    op: ClassVar[str] = "meter.add"
    site: UUID
    dial: Dial


@dataclass(frozen=True, kw_only=True)
class ReplaceMeter(Command):
    """A meter shows ``final`` and is taken down; another is put up in its place.

    ``seen`` is how many readings it had when the form was opened.
    """

    op: ClassVar[str] = "meter.replace"
    meter: UUID
    seen: int
    final: Decimal
    dial: Dial


@dataclass(frozen=True, kw_only=True)
class CloseMeter(Command):
    """A meter shows ``final`` and is taken down; none takes its place."""

    op: ClassVar[str] = "meter.close"
    meter: UUID
    seen: int
    final: Decimal
    on: date


@atomic
@once
def install_meter(command: InstallMeter) -> Outcome:
    """Put up a meter; its opening reading is the base of the first bill.

    Raises:
        NotFound: there is no such site.
        Invalid: a value will not do, or the serial is taken.

    """
    require(command.actor.roles, command.op)
    _, place = finding.site(command.site)
    row = _put_up(command.dial, place.id, ref=command.submission)
    records.register(row, command.op, command, ref=command.submission)
    return Outcome(record=Meter.__tablename__, ref=command.submission)


@atomic
@once
def replace_meter(command: ReplaceMeter) -> Outcome:
    """Take a meter down and put another up: the next reading bills what the old one had not.

    Raises:
        NotFound: there is no such meter.
        StaleVersion: it was read since.
        Invalid: a value will not do, or the meter was taken down before.

    """
    require(command.actor.roles, command.op)
    old = _standing(command.meter, command.seen, command.dial.on)
    left = unbilled(_state(old), command.final)
    ref = uuid5(command.submission, "meter")
    new = _put_up(command.dial, old.site_id, ref=ref)
    new.estimated = -left
    records.register(new, InstallMeter.op, command.actor, ref=ref)
    _take_down(command, old, on=command.dial.on, left=left, successor=new.id)
    return Outcome(record=Meter.__tablename__, ref=ref)


@atomic
@once
def close_meter(command: CloseMeter) -> Outcome:
    """Take a meter down for good; what it had not billed stays unbilled.

    Raises:
        NotFound: there is no such meter.
        StaleVersion: it was read since.
        Invalid: a value will not do, or the meter was taken down before.

    """
    require(command.actor.roles, command.op)
    old = _standing(command.meter, command.seen, command.on)
    left = unbilled(_state(old), command.final)
    _take_down(command, old, on=command.on, left=left, successor=None)
    return Outcome(record=Meter.__tablename__, ref=old.ref)


def _standing(ref: UUID, seen: int, on: date) -> Meter:
    """Return a meter that is up and was read as often as ``seen``, locked."""
    row = db.session.scalar(select(Meter).where(Meter.ref == ref).with_for_update())
    if row is None:
        raise NotFound(what="meter")
    if not row.active:
        raise Invalid(reason="meter_closed")
    if row.version != seen:
        raise StaleVersion(what="meter")
    _check_day(on)
    if on < row.last_read_on:
        raise Invalid(field="on", reason="before_last_reading", day=row.last_read_on)
    return row


def _put_up(dial: Dial, site: int, *, ref: UUID) -> Meter:
    _check_day(dial.on)
    return meters.meter_row(
        NewMeter(
            ref=ref,
            site=site,
            serial=dial.serial,
            digits=dial.digits,
            decimals=dial.decimals,
            opening_reading=dial.reading,
            opening_on=dial.on,
        )
    )


def _take_down(
    command: ReplaceMeter | CloseMeter,
    old: Meter,
    *,
    on: date,
    left: Decimal,
    successor: int | None,
) -> None:
    before = records.picture(old)
    old.active = False
    records.changed(old, "meter.down", command.actor, ref=old.ref, before=before)
    end = MeterEnd(
        meter_id=old.id,
        ended_on=on,
        final_reading=command.final,
        successor_id=successor,
        unbilled=left,
    )
    records.register(end, command.op, command, ref=records.ref_of(MeterEnd.__tablename__, old.ref))


def _check_day(on: date) -> None:
    if on > clock.today():
        raise Invalid(field="on", reason="day_ahead")


def _state(row: Meter) -> MeterState:
    return MeterState(
        digits=row.digits, decimals=row.decimals, last=row.last_reading, estimated=row.estimated
    )
