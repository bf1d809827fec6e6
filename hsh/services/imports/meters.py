"""A file of meters, each at a site that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid5

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.refusals import Invalid
from hsh.core.words import PlaceKind
from hsh.db import db
from hsh.models.registry import Meter, Place
from hsh.services.imports import cells
from hsh.services.imports.cells import KNOWN, Cells, Column
from hsh.services.registry import checks, meters, records

if TYPE_CHECKING:
    from hsh.services.imports.kinds import Batch, Pictures, Read

_NOT_YET = UUID(int=0)
"""The ref of a meter that is only looked at."""
COLUMNS = (
    Column(name="site", needed=True, spelled=("site code", "code")),
    Column(name="serial", needed=True, spelled=("meter", "serial number", "meter number")),
    Column(name="digits", needed=True, spelled=("digits before the point",)),
    Column(name="decimals", spelled=("digits behind the point",)),
    Column(name="reading", needed=True, spelled=("opening reading", "last reading")),
    Column(name="day", needed=True, spelled=("date", "read on", "opening day")),
)


def read_all(rows: Sequence[Cells], _by: Actor) -> list[Read]:
    """Return what each row is; a serial that stands twice is refused."""
    sites = cells.named(rows, "site", Place.code, Place.kind == PlaceKind.SITE)
    there = cells.named(rows, "serial", Meter.serial)
    rows_there = db.session.execute(
        select(Meter.serial, Meter.site_id).where(Meter.id.in_(list(there.values())))
    )
    at_site = {row.serial: row.site_id for row in rows_there}
    first: set[str] = set()
    return [_read(row, sites, at_site, first) for row in rows]


def take(rows: Sequence[object], batch: Batch) -> Pictures:
    """Put the meters up."""
    new = [cast("meters.NewMeter", row) for row in rows]
    added = [meters.meter_row(replace(one, ref=uuid5(batch.ref, one.serial))) for one in new]
    db.session.add_all(added)
    db.session.flush()
    return {Meter.__tablename__: [records.picture(row) for row in added]}


def _read(row: Cells, sites: dict[str, int], there: dict[str, int], first: set[str]) -> Read:
    new = cells.attempted(lambda: _meter(row, sites))
    if isinstance(new, Invalid):
        return new
    if new.serial in there:
        here = there[new.serial] == new.site
        return KNOWN if here else Invalid(field="serial", reason="meter_elsewhere")
    if new.serial in first:
        return Invalid(field="serial", reason="row_again_above")
    first.add(new.serial)
    return new


def _meter(row: Cells, sites: dict[str, int]) -> meters.NewMeter:
    site = sites.get(cells.code(row, "site") or "")
    if site is None:
        raise Invalid(field="site", reason="no_such_site")
    new = meters.NewMeter(
        ref=_NOT_YET,
        site=site,
        serial=checks.code(cells.code(row, "serial") or "", field="serial"),
        digits=cells.whole(row, "digits") or 0,
        decimals=cells.whole(row, "decimals") or 0,
        opening_reading=cells.number(row, "reading"),
        opening_on=cells.day(row, "day"),
    )
    meters.check(new)
    return new
