"""Gas meters at sites: put up here, read in the sales world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from hsh.core.command import Actor
from hsh.core.meters import MeterState, check_dial
from hsh.core.refusals import Invalid
from hsh.db import atomic
from hsh.models.registry import Meter
from hsh.services.registry import checks, records

UNIT = "m3"
_DIGITS = range(3, 10)
_DECIMALS = range(5)


@dataclass(frozen=True, kw_only=True)
class NewMeter:
    """A meter as found when it was put up. ``site`` is the site's id."""

    ref: UUID
    site: int
    serial: str
    digits: int
    """How many digits stand before the point: they decide where the dial starts again."""
    decimals: int
    opening_reading: Decimal
    opening_on: date


@atomic
def add_meter(new: NewMeter, *, by: Actor | None) -> int:
    """Put up a meter; return its id. Its opening reading is the base of the first bill."""
    return records.register(meter_row(new), "meter.add", by, ref=new.ref).id


def meter_row(new: NewMeter) -> Meter:
    """Return the row that ``new`` becomes, after its checks."""
    check(new)
    return Meter(
        ref=new.ref,
        site_id=new.site,
        serial=checks.free(Meter.serial, checks.code(new.serial, field="serial"), field="serial"),
        unit=UNIT,
        digits=new.digits,
        decimals=new.decimals,
        opening_reading=new.opening_reading,
        opening_on=new.opening_on,
        last_reading=new.opening_reading,
        last_read_on=new.opening_on,
        estimated=Decimal(0),
        active=True,
        version=0,
    )


def check(new: NewMeter) -> None:
    """Raise ``Invalid`` unless there is such a dial and it can show the opening reading."""
    if new.digits not in _DIGITS:
        raise Invalid(field="digits", reason="meter_digits", most=_DIGITS[-1])
    if new.decimals not in _DECIMALS:
        raise Invalid(field="decimals", reason="meter_decimals", most=_DECIMALS[-1])
    state = MeterState(
        digits=new.digits,
        decimals=new.decimals,
        last=new.opening_reading,
        estimated=Decimal(0),
    )
    check_dial(state, new.opening_reading, field="opening_reading")
