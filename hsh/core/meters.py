"""What a meter reading bills (design part 8, meters)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hsh.core.refusals import Invalid, ReadingBackwards
from hsh.core.words import ReadingKind


@dataclass(frozen=True, kw_only=True)
class MeterState:
    """What is known of a meter before a reading.

    ``last`` is the last actual reading; ``estimated`` is what estimates have billed since.
    """

    digits: int
    decimals: int
    last: Decimal
    estimated: Decimal

    def wrap(self) -> Decimal:
        """Return the count at which the dial starts again at zero."""
        return Decimal(10) ** self.digits


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the driver typed. ``final`` and ``first`` belong to a meter change alone."""

    kind: ReadingKind
    current: Decimal
    final: Decimal | None = None
    first: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a reading bills and what it leaves behind. ``billed`` may be negative."""

    billed: Decimal
    next_last: Decimal
    next_estimated: Decimal


def measure(meter: MeterState, reading: Reading) -> Usage:
    """Return the usage that ``reading`` bills, by the rule of its kind.

    Raises:
        ReadingBackwards: a normal reading below the last one.
        Invalid: a value that the dial cannot show or that its kind does not allow.

    """
    check_dial(meter, reading.current, field="current")
    match reading.kind:
        case ReadingKind.NORMAL:
            if reading.current < meter.last:
                raise ReadingBackwards(field="current", last=meter.last, current=reading.current)
            return _actual(meter, reading.current - meter.last, reading.current)
        case ReadingKind.ESTIMATED:
            return _estimate(meter, reading)
        case ReadingKind.ROLLOVER:
            if reading.current >= meter.last:
                raise Invalid(field="current", reason="rollover_not_lower")
            return _actual(meter, meter.wrap() - meter.last + reading.current, reading.current)
        case ReadingKind.CHANGE:
            return _actual(meter, _over_the_change(meter, reading), reading.current)


def unbilled(meter: MeterState, final: Decimal) -> Decimal:
    """Return what a meter that is taken down at ``final`` has not billed; below zero: too much.

    The first reading of the meter in its place bills it: the sum is that of a change (rulings).

    Raises:
        Invalid: the dial cannot show ``final``, or it stands below the last reading.

    """
    check_dial(meter, final, field="final")
    if final < meter.last:
        raise Invalid(field="final", reason="final_below_last", last=meter.last)
    return final - meter.last - meter.estimated


def check_dial(meter: MeterState, value: Decimal, *, field: str) -> None:
    """Raise ``Invalid`` unless the dial can show ``value``."""
    if value < 0 or value >= meter.wrap():
        raise Invalid(field=field, reason="reading_beyond_dial", digits=meter.digits)
    if value != round(value, meter.decimals):
        raise Invalid(field=field, reason="reading_decimals", decimals=meter.decimals)


def _actual(meter: MeterState, used: Decimal, current: Decimal) -> Usage:
    """Bill what was really used, less what estimates billed before; they end here."""
    return Usage(billed=used - meter.estimated, next_last=current, next_estimated=Decimal(0))


def _estimate(meter: MeterState, reading: Reading) -> Usage:
    """Bill up to the estimated count; it never becomes the base."""
    billed = reading.current - meter.last - meter.estimated
    if billed < 0:
        raise Invalid(field="current", reason="estimate_below_billed")
    return Usage(billed=billed, next_last=meter.last, next_estimated=meter.estimated + billed)


def _over_the_change(meter: MeterState, reading: Reading) -> Decimal:
    if reading.final is None:
        raise Invalid(field="final", reason="change_needs_final")
    if reading.first is None:
        raise Invalid(field="first", reason="change_needs_first")
    check_dial(meter, reading.final, field="final")
    check_dial(meter, reading.first, field="first")
    if reading.final < meter.last:
        raise Invalid(field="final", reason="final_below_last", last=meter.last)
    if reading.current < reading.first:
        raise Invalid(field="current", reason="current_below_first")
    return (reading.final - meter.last) + (reading.current - reading.first)
