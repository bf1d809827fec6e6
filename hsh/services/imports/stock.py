"""A file of opening stock: how many of each size stand where when the books begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid5

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.refusals import Invalid
from hsh.core.words import Condition, PlaceKind
from hsh.db import db
from hsh.models.registry import Equipment, Place
from hsh.queries.logistics import places
from hsh.services.imports import cells
from hsh.services.imports.cells import Cells, Column
from hsh.services.logistics.corrections import AdjustStock, StockLine, correct_stock

if TYPE_CHECKING:
    from hsh.services.imports.kinds import Batch, Pictures, Read

COLUMNS = (
    Column(name="place", needed=True, spelled=("code", "depot", "truck", "site", "where")),
    Column(name="size", needed=True, spelled=("equipment", "cylinder", "item")),
    Column(name="condition", spelled=("state",)),
    Column(name="quantity", needed=True, spelled=("count", "how many", "qty", "number")),
)
MOST = 99_999


@dataclass(frozen=True, kw_only=True)
class Counted:
    """So many of a size in one condition at a place."""

    place: UUID
    line: StockLine


def read_all(rows: Sequence[Cells], by: Actor) -> list[Read]:
    """Return what each row is. At a site cylinders are held; elsewhere full unless it says so."""
    codes = {row.get("place", "").strip().upper() for row in rows}
    where = {place.code: place for place in places.countable(by, codes)}
    sizes = set(db.session.scalars(select(Equipment.code).where(Equipment.active)))
    return [cells.attempted(partial(_counted, row, where, sizes)) for row in rows]


def take(rows: Sequence[object], batch: Batch) -> Pictures:
    """Count the rows in, a numbered adjustment for each place: these the audit tells itself."""
    found: defaultdict[UUID, list[StockLine]] = defaultdict(list)
    for row in rows:
        counted = cast("Counted", row)
        found[counted.place].append(counted.line)
    for place, lines in found.items():
        correct_stock(
            AdjustStock(
                actor=batch.by,
                submission=uuid5(batch.ref, str(place)),
                place=place,
                reason=f"Opening stock: {batch.file}",
                lines=tuple(lines),
            )
        )
    return {}


def _counted(row: Cells, where: dict[str, Place], sizes: set[str]) -> Counted:
    place = where.get(cells.code(row, "place") or "")
    if place is None:
        raise Invalid(field="place", reason="no_such_place")
    size = cells.code(row, "size") or ""
    if size not in sizes:
        raise Invalid(field="size", reason="unknown_equipment")
    quantity = cells.whole(row, "quantity")
    if not quantity or quantity > MOST:
        raise Invalid(field="quantity", reason="quantity_range", most=MOST)
    line = StockLine(equipment=size, condition=_condition(row, place), quantity=quantity)
    return Counted(place=place.ref, line=line)


def _condition(row: Cells, place: Place) -> Condition:
    said = (cells.text(row, "condition") or "").casefold()
    at_site = place.kind == PlaceKind.SITE
    if not said:
        return Condition.HELD if at_site else Condition.FULL
    allowed = {Condition.HELD} if at_site else {Condition.FULL, Condition.PART, Condition.EMPTY}
    if said not in allowed:
        raise Invalid(field="condition", reason="condition_here")
    return Condition(said)
