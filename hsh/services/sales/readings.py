"""The meter side of a sale: readings are added, and each meter moves on by one version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Case, ColumnElement, Update, and_, bindparam, case, or_, update
from sqlalchemy.orm import InstrumentedAttribute

from hsh.core.canonical import plain_decimal
from hsh.core.refusals import MeterMoved
from hsh.core.words import ReadingKind
from hsh.db import append_last, execute, rows_changed
from hsh.documents.content import Meter as FrozenMeter
from hsh.models.registry import Meter
from hsh.models.sales import MeterReading
from hsh.services.sales.pricing import MeterUsage


@dataclass(frozen=True, kw_only=True)
class Step:
    """A meter goes from the version that was priced to the next."""

    meter: int
    serial: str
    version: int
    last: Decimal
    last_on: date
    estimated: Decimal


def advance(steps: Sequence[Step]) -> None:
    """Move all meters on in one guarded UPDATE.

    Raises:
        MeterMoved: another reading of one of them came first.

    """
    if not steps:
        return
    done = execute(_advance_statement(len(steps)), _named(steps))
    if rows_changed(done) != len(steps):
        raise MeterMoved(field="readings", serial=", ".join(s.serial for s in steps))


@lru_cache(maxsize=16)
def _advance_statement(count: int) -> Update:
    """Return the statement that moves so many meters on, each from the version that was priced."""
    numbers = range(count)
    return (
        update(Meter)
        .where(or_(*map(_is, numbers)))
        .values(
            last_reading=_each(Meter.last_reading, "last", numbers),
            last_read_on=_each(Meter.last_read_on, "last_on", numbers),
            estimated=_each(Meter.estimated, "estimated", numbers),
            version=Meter.version + 1,
        )
    )


def _is(number: int) -> ColumnElement[bool]:
    return and_(
        Meter.id == bindparam(f"meter_of_{number}"),
        Meter.version == bindparam(f"version_of_{number}"),
        Meter.active,
    )


def _each[T](column: InstrumentedAttribute[T], name: str, numbers: range) -> Case[T]:
    """Return what ``column`` becomes: for each meter the value named after it."""
    return case(
        {
            bindparam(f"meter_of_{number}"): bindparam(f"{name}_of_{number}", type_=column.type)
            for number in numbers
        },
        value=Meter.id,
    )


def _named(steps: Sequence[Step]) -> dict[str, object]:
    """Name the values; SQLAlchemy itself names others ``version_1``."""
    return {
        f"{name}_of_{number}": getattr(step, name)
        for number, step in enumerate(steps)
        for name in ("meter", "version", "last", "last_on", "estimated")
    }


def step_of(used: MeterUsage, on: date) -> Step:
    """Return where a reading of the day ``on`` leaves its meter; an estimate keeps the base."""
    return Step(
        meter=used.meter.id,
        serial=used.meter.serial,
        version=used.meter.version,
        last=used.usage.next_last,
        last_on=used.meter.last_read_on if used.entry.kind == ReadingKind.ESTIMATED else on,
        estimated=used.usage.next_estimated,
    )


def write(usages: Sequence[MeterUsage], *, transaction: int, on: date) -> None:
    """Add the readings of a sale."""
    append_last(
        MeterReading,
        *(
            {
                "meter_id": used.meter.id,
                "version": used.meter.version + 1,
                "transaction_id": transaction,
                "kind": used.entry.kind,
                "read_on": on,
                "previous": used.meter.last_reading,
                "previous_on": used.meter.last_read_on,
                "previous_estimated": used.meter.estimated,
                "current": used.entry.current,
                "final": used.entry.final,
                "first": used.entry.first,
                "billed": used.usage.billed,
            }
            for used in usages
        ),
    )


def frozen(used: MeterUsage, on: date) -> FrozenMeter:
    """Return a reading as its document keeps it."""
    return {
        "serial": used.meter.serial,
        "kind": used.entry.kind.value,
        "previous": plain_decimal(used.meter.last_reading),
        "current": plain_decimal(used.entry.current),
        "final": _text(used.entry.final),
        "first": _text(used.entry.first),
        "previous_on": used.meter.last_read_on.isoformat(),
        "current_on": on.isoformat(),
        "already_billed": plain_decimal(used.meter.estimated),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain_decimal(value)
