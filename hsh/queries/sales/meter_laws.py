"""Readings of a meter are a chain: each begins where the one before it ended (rulings, meters)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import batched, groupby

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from hsh.core.meters import MeterState, Reading, measure
from hsh.core.refusals import Refusal
from hsh.core.words import LineKind, ReadingKind
from hsh.models.registry import Meter, MeterEnd
from hsh.models.sales import MeterReading, Transaction, TransactionLine
from hsh.queries.law import Books, Fault, Found, law

METERS = 200
"""How many meters' readings are held at a time."""

_next = aliased(Meter)
_READINGS = select(
    MeterReading.id,
    MeterReading.meter_id,
    MeterReading.version,
    MeterReading.kind,
    MeterReading.read_on,
    MeterReading.previous,
    MeterReading.previous_on,
    MeterReading.previous_estimated,
    MeterReading.current,
    MeterReading.final,
    MeterReading.first,
    MeterReading.billed,
    MeterReading.reverses_id,
)
_METERS = select(
    Meter.id,
    Meter.serial,
    Meter.digits,
    Meter.decimals,
    Meter.opening_reading,
    Meter.opening_on,
    Meter.last_reading,
    Meter.last_read_on,
    Meter.estimated,
    Meter.version,
    MeterEnd.unbilled.label("carried"),
).outerjoin(MeterEnd, MeterEnd.successor_id == Meter.id)
_ENDS = (
    select(
        Meter.id,
        Meter.serial,
        Meter.active,
        Meter.last_reading,
        Meter.last_read_on,
        Meter.estimated,
        MeterEnd.meter_id.label("end"),
        MeterEnd.final_reading,
        MeterEnd.ended_on,
        MeterEnd.unbilled,
        MeterEnd.successor_id,
        Meter.site_id,
        _next.site_id.label("next_site"),
        _next.opening_on.label("next_on"),
    )
    .outerjoin(MeterEnd, MeterEnd.meter_id == Meter.id)
    .outerjoin(_next, _next.id == MeterEnd.successor_id)
)


@dataclass(frozen=True, kw_only=True)
class _State:
    """What a meter says between two readings."""

    version: int
    last: Decimal
    last_on: date
    estimated: Decimal


@law("meters.chain")
def readings_are_a_chain(books: Books) -> Iterator[Fault]:
    """Prove that replaying a meter's readings from its opening ends at what the meter says now."""
    for meters in books.batches(_METERS, Meter.id):
        for some in batched(meters, METERS):
            readings = _by_meter(books, some[0].id, some[-1].id)
            for meter in some:
                yield from _replay(meter, readings.get(meter.id, []))


@law("meters.ended")
def taken_down_meters_hand_on_what_was_not_billed(books: Books) -> Iterator[Fault]:
    """Prove that a meter is closed by its end, and that what it had not billed is handed on."""
    for meter in books.stream(_ENDS, Meter.id):
        if (meter.end is None) != meter.active:
            yield Fault(meter.serial, active=meter.active, end=meter.end)
        if meter.end is None:
            continue
        wrong = [
            name
            for name, agreed in {
                "unbilled": meter.final_reading - meter.last_reading - meter.estimated
                == meter.unbilled,
                "final_reading": meter.final_reading >= meter.last_reading,
                "ended_on": meter.ended_on >= meter.last_read_on,
                "successor": meter.successor_id is None
                or (meter.next_site, meter.next_on) == (meter.site_id, meter.ended_on),
            }.items()
            if not agreed
        ]
        if wrong:
            yield Fault(meter.serial, differs=",".join(wrong))


@law("meters.billed")
def readings_are_billed(books: Books) -> Iterator[Fault]:
    """Prove that each reading billed its usage on one line, and each usage line has a reading."""
    line = and_(
        TransactionLine.transaction_id == MeterReading.transaction_id,
        TransactionLine.meter_id == MeterReading.meter_id,
        TransactionLine.kind == LineKind.USAGE,
    )
    lines, quantity = func.count(TransactionLine.id), func.max(TransactionLine.quantity)
    unbilled = (
        select(MeterReading.id, MeterReading.billed, quantity.label("quantity"))
        .outerjoin(TransactionLine, line)
        .group_by(MeterReading.id, MeterReading.billed)
        .having(or_(lines != 1, quantity != MeterReading.billed))
    )
    for row in books.rows(unbilled):
        yield Fault(f"reading {row.id}", billed=row.billed, line=row.quantity)
    unread = (
        select(TransactionLine.id, TransactionLine.transaction_id)
        .join(Transaction, Transaction.id == TransactionLine.transaction_id)
        .outerjoin(
            MeterReading,
            and_(
                MeterReading.transaction_id == TransactionLine.transaction_id,
                MeterReading.meter_id == TransactionLine.meter_id,
            ),
        )
        .where(
            TransactionLine.kind == LineKind.USAGE,
            Transaction.voids_id.is_(None),
            MeterReading.id.is_(None),
        )
    )
    for row in books.rows(unread):
        yield Fault(f"transaction {row.transaction_id} line {row.id}", reading=None)


def _by_meter(books: Books, first: int, last: int) -> dict[int, list[Found]]:
    found = books.rows(_READINGS.where(MeterReading.meter_id.between(first, last)))
    found.sort(key=lambda row: (row.meter_id, row.version))
    return {key: list(some) for key, some in groupby(found, lambda row: row.meter_id)}


def _replay(meter: Found, readings: list[Found]) -> Iterator[Fault]:
    state = _State(
        version=0,
        last=meter.opening_reading,
        last_on=meter.opening_on,
        estimated=-(meter.carried or Decimal(0)),
    )
    before: Found | None = None
    for reading in readings:
        wrong = [name for name, agreed in _begins_at(state, reading).items() if not agreed]
        billed, state = _after(meter, state, reading, before)
        if billed != reading.billed:
            wrong.append("billed")
        if wrong:
            yield Fault(f"{meter.serial} reading {reading.id}", differs=",".join(wrong))
        before = reading
    kept = _State(
        version=meter.version,
        last=meter.last_reading,
        last_on=meter.last_read_on,
        estimated=meter.estimated,
    )
    if kept != state:
        yield Fault(meter.serial, meter=kept.last, readings=state.last, version=kept.version)


def _begins_at(state: _State, reading: Found) -> dict[str, bool]:
    return {
        "version": reading.version == state.version + 1,
        "previous": reading.previous == state.last,
        "previous_on": reading.previous_on == state.last_on,
        "previous_estimated": reading.previous_estimated == state.estimated,
    }


def _after(
    meter: Found, state: _State, reading: Found, before: Found | None
) -> tuple[Decimal | None, _State]:
    """Return what ``reading`` must bill, None when it cannot be, and the state it leaves."""
    if reading.reverses_id is not None:
        return _after_reversal(state, reading, before)
    dial = MeterState(
        digits=meter.digits, decimals=meter.decimals, last=state.last, estimated=state.estimated
    )
    try:
        usage = measure(
            dial,
            Reading(
                kind=ReadingKind(reading.kind),
                current=reading.current,
                final=reading.final,
                first=reading.first,
            ),
        )
    except (Refusal, ValueError):
        return None, state
    return usage.billed, _State(
        version=reading.version,
        last=usage.next_last,
        last_on=state.last_on if reading.kind == ReadingKind.ESTIMATED else reading.read_on,
        estimated=usage.next_estimated,
    )


def _after_reversal(
    state: _State, reading: Found, before: Found | None
) -> tuple[Decimal | None, _State]:
    """Go back to where the newest reading began; only that one can be reversed."""
    if before is None or before.id != reading.reverses_id or reading.current != before.previous:
        return None, state
    return -before.billed, _State(
        version=reading.version,
        last=before.previous,
        last_on=before.previous_on,
        estimated=before.previous_estimated,
    )


LAWS = (
    readings_are_a_chain,
    taken_down_meters_hand_on_what_was_not_billed,
    readings_are_billed,
)
