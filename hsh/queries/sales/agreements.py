"""Prices that were agreed for one sale at a site, and wait for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from hsh.db import db
from hsh.models.registry import Equipment
from hsh.models.sales import PriceAgreement


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """A price for one sale: what it is for, in dollars, and its last day."""

    ref: UUID
    equipment: int
    name: str
    amount: Decimal
    valid_until: date


def waiting(site: int, on: date, refs: Collection[UUID] | None = None) -> dict[int, Agreed]:
    """Return what is agreed for the next sale at ``site`` on a day, by the size's id.

    ``refs``: those alone. Of two for a size the older is used first.
    """
    if refs is not None and not refs:
        return {}
    query = (
        select(PriceAgreement, Equipment.name)
        .join(Equipment, Equipment.id == PriceAgreement.equipment_id)
        .where(
            PriceAgreement.site_id == site,
            PriceAgreement.used_by_id.is_(None),
            PriceAgreement.valid_until >= on,
        )
        .order_by(PriceAgreement.id.desc())
        .execution_options(populate_existing=True)
    )
    if refs is not None:
        query = query.where(PriceAgreement.ref.in_(refs))
    return {
        row.equipment_id: Agreed(
            ref=row.ref,
            equipment=row.equipment_id,
            name=name,
            amount=row.amount,
            valid_until=row.valid_until,
        )
        for row, name in db.session.execute(query)
    }
