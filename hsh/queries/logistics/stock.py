"""What depots and trucks hold, by size and condition, as the pages of logistics show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import distinct, func, select

from hsh.core.command import Actor
from hsh.core.words import Condition, EquipmentKind
from hsh.db import db
from hsh.models.books import StockLevel
from hsh.models.registry import Equipment
from hsh.queries import scope

type Shelf = Mapping[tuple[str, Condition], int]
"""How many there are of each size (by code) and condition; what is not named is not there."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """A cylinder size or an accessory that can be carried."""

    code: str
    name: str
    kind: EquipmentKind

    @property
    def is_accessory(self) -> bool:
        """Whether it is sold outright: it is neither empty nor partly used."""
        return self.kind == EquipmentKind.ACCESSORY


def sizes() -> list[Size]:
    """Return what can be carried: cylinders from the smallest up, then accessories."""
    rows = db.session.execute(
        select(Equipment.code, Equipment.name, Equipment.kind)
        .where(Equipment.active)
        .order_by(Equipment.kind.desc(), Equipment.net_kg, Equipment.code)
    )
    return [
        Size(code=code, name=name, kind=EquipmentKind(kind))
        for code, name, kind in rows
    ]  # fmt: skip


def shelves(places: Collection[int]) -> dict[int, Shelf]:
    """Return what each of ``places`` (ids) holds now."""
    rows = db.session.execute(
        select(StockLevel.place_id, Equipment.code, StockLevel.condition, StockLevel.quantity)
        .join(Equipment, Equipment.id == StockLevel.equipment_id)
        .where(StockLevel.place_id.in_(places), StockLevel.quantity != 0)
    )
    found: defaultdict[int, dict[tuple[str, Condition], int]] = defaultdict(dict)
    for place, code, condition, quantity in rows:
        found[place][code, Condition(condition)] = quantity
    return {place: found[place] for place in places}


def loaded(actor: Actor, on: date) -> int:
    """Return how many trucks that ``actor`` may dispatch have cylinders on them."""
    count = db.session.scalar(
        select(func.count(distinct(StockLevel.place_id))).where(
            StockLevel.place_id.in_(scope.trucks(actor, on)), StockLevel.quantity > 0
        )
    )
    return count or 0
