"""What to warn of at a sale: how much gas it left at a site, and when it was delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import exists, func, select

from hsh.core.cautions import is_late, too_much
from hsh.core.words import EquipmentKind, LineKind
from hsh.db import db
from hsh.models.books import StockMove
from hsh.models.registry import Equipment, Site
from hsh.models.sales import Transaction, TransactionLine

_SALE = "transaction"


@dataclass(frozen=True, kw_only=True)
class Cautions:
    """``kg`` of gas at the site, if above its ``limit``; ``late``: when a home was called at."""

    kg: Decimal | None
    limit: Decimal | None
    late: datetime | None


def of_sale(sale: Transaction) -> Cautions:
    """Return what to warn of at a sale that was made; a void brings nothing to anybody."""
    site = db.session.get_one(Site, sale.site_id)
    brought = sale.voids_id is None and _delivered(sale.id)
    at = sale.captured_at or sale.confirmed_at
    kg = _left(sale) if brought and site.kg_limit is not None else Decimal(0)
    return Cautions(
        kg=too_much(kg, site.kg_limit),
        limit=site.kg_limit,
        late=at if brought and site.household and is_late(at) else None,
    )


def weights() -> dict[int, Decimal]:
    """Return how many kg of gas a full cylinder of each size holds, by the size's id."""
    rows = db.session.execute(
        select(Equipment.id, Equipment.net_kg).where(Equipment.kind == EquipmentKind.CYLINDER)
    )
    return {row.id: row.net_kg or Decimal(0) for row in rows}


def _delivered(sale: int) -> bool:
    lines = exists().where(
        TransactionLine.transaction_id == sale, TransactionLine.kind == LineKind.DELIVERY
    )
    return bool(db.session.scalar(select(lines)))


def _left(sale: Transaction) -> Decimal:
    """Return the kg of gas, were all cylinders full, that stood at the site after ``sale``."""
    last = select(func.max(StockMove.id)).where(
        StockMove.source_type == _SALE, StockMove.source_id == sale.id
    )
    until = db.session.scalar(last) or 0
    heavy, kg = weights(), Decimal(0)
    for place, sign in ((StockMove.to_place_id, 1), (StockMove.from_place_id, -1)):
        rows = db.session.execute(
            select(StockMove.equipment_id, func.sum(StockMove.quantity))
            .where(place == sale.site_id, StockMove.id <= until)
            .group_by(StockMove.equipment_id)
        )
        kg += sum((sign * int(n) * heavy.get(size, Decimal(0)) for size, n in rows), Decimal(0))
    return kg
