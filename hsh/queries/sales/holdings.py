"""What a site holds and what it paid: cylinders, deposits, the price of the last delivery."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from hsh.core.words import Condition, EquipmentKind, LineKind, TaxCode
from hsh.db import db, execute
from hsh.models.books import StockLevel
from hsh.models.registry import Equipment
from hsh.models.sales import DepositBalance, Transaction, TransactionLine


@dataclass(frozen=True, kw_only=True)
class Held:
    """So many cylinders of one size at a place, in one condition."""

    equipment: int
    code: str
    name: str
    condition: Condition
    quantity: int


@dataclass(frozen=True, kw_only=True)
class PricePaid:
    """The unit price in dollars and the tax of a size on the site's latest standing invoice."""

    price: Decimal
    inclusive: bool
    tax_code: TaxCode
    tax_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Deposits:
    """Deposits of one kind that a site holds; ``amount`` in cents."""

    quantity: int
    amount: int


_HELD = (
    select(
        StockLevel.equipment_id,
        Equipment.code,
        Equipment.name,
        StockLevel.condition,
        StockLevel.quantity,
    )
    .join(Equipment, Equipment.id == StockLevel.equipment_id)
    .where(
        StockLevel.place_id == bindparam("at_place"),
        StockLevel.quantity != 0,
        Equipment.kind == EquipmentKind.CYLINDER,
    )
    .order_by(Equipment.net_kg, Equipment.code, StockLevel.condition)
)


def held(place: int) -> list[Held]:
    """Return the cylinders at a place, smallest size first; zeros are left out."""
    rows = execute(_HELD, {"at_place": place})
    return [
        Held(equipment=e, code=code, name=name, condition=Condition(condition), quantity=quantity)
        for e, code, name, condition, quantity in rows
    ]


def counts(place: int) -> dict[tuple[int, Condition], int]:
    """Return how many of each equipment and condition are at a place, accessories too."""
    rows = db.session.execute(
        select(StockLevel.equipment_id, StockLevel.condition, StockLevel.quantity).where(
            StockLevel.place_id == place
        )
    )
    return {(equipment, Condition(state)): quantity for equipment, state, quantity in rows}


def prices_paid(site: int, equipment: Collection[int]) -> dict[int, PricePaid]:
    """Return what the site's latest standing invoice charged for each size (rulings, credits)."""
    if not equipment:
        return {}
    void, latest_sale, latest_line = (
        aliased(Transaction),
        aliased(Transaction),
        aliased(TransactionLine),
    )
    latest = (
        select(func.max(latest_sale.id))
        .join(latest_line, latest_line.transaction_id == latest_sale.id)
        .where(
            latest_sale.site_id == site,
            latest_sale.voids_id.is_(None),
            latest_line.kind == LineKind.DELIVERY,
            latest_line.equipment_id == TransactionLine.equipment_id,
            ~select(void.id).where(void.voids_id == latest_sale.id).exists(),
        )
        .correlate(TransactionLine)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(TransactionLine, Transaction.tax_inclusive)
        .join(Transaction, Transaction.id == TransactionLine.transaction_id)
        .where(
            Transaction.site_id == site,
            TransactionLine.kind == LineKind.DELIVERY,
            TransactionLine.equipment_id.in_(equipment),
            TransactionLine.transaction_id == latest,
        )
    )
    return {
        line.equipment_id or 0: PricePaid(
            price=line.unit_price,
            inclusive=inclusive,
            tax_code=TaxCode(line.tax_code),
            tax_rate=line.tax_rate,
        )
        for line, inclusive in rows
    }


def deposits(site: int) -> dict[int, Deposits]:
    """Return the deposits that a site holds, by the service's id."""
    rows = db.session.scalars(select(DepositBalance).where(DepositBalance.site_id == site))
    return {row.service_id: Deposits(quantity=row.quantity, amount=row.amount) for row in rows}
