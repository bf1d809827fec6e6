"""What went out to customers on a day and came back from them: for the page of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.words import Condition, EquipmentKind, MoveKind
from hsh.db import db
from hsh.models.books import StockMove
from hsh.models.registry import Equipment
from hsh.models.sales import Transaction
from hsh.queries.sales.takings import of_the_day

_BACK = (MoveKind.COLLECTION, MoveKind.RETURN)


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """A day's cylinders; what a void took back is not counted."""

    out: int
    """Full ones that customers got."""
    back: int
    """Empty, part and full ones that came back."""
    kg: Decimal
    """Gas in the full ones, less what came back full."""


def deliveries(actor: Actor, on: date) -> Deliveries:
    """Return what the sales of the day moved: a driver's own; for others all they may see.

    The day's sales come first, by name: SQLite else began with every move that a sale ever made.
    """
    sale = aliased(Transaction)
    of_today = select(Transaction.id).where(of_the_day(actor, on))
    to_site = StockMove.to_place_id == sale.site_id
    given = func.sum(case((to_site, StockMove.quantity), else_=-StockMove.quantity))
    condition = case((to_site, StockMove.from_condition), else_=StockMove.to_condition)
    rows = db.session.execute(
        select(StockMove.kind, condition, Equipment.net_kg, given)
        .join(sale, sale.id == StockMove.source_id)
        .join(Equipment, Equipment.id == StockMove.equipment_id)
        .where(
            StockMove.source_type == "transaction",
            StockMove.source_id.in_(of_today),
            Equipment.kind == EquipmentKind.CYLINDER,
            StockMove.kind.in_([MoveKind.DELIVERY, *_BACK]),
        )
        .group_by(StockMove.kind, condition, Equipment.id, Equipment.net_kg)
    )
    moved = [(kind, state, kg or Decimal(0), int(count)) for kind, state, kg, count in rows]
    return Deliveries(
        out=sum(count for kind, _, _, count in moved if kind == MoveKind.DELIVERY),
        back=-sum(count for kind, _, _, count in moved if kind in _BACK),
        kg=sum(
            (kg * count for _, state, kg, count in moved if state == Condition.FULL), Decimal(0)
        ),
    )
