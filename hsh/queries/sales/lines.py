"""The lines of many transactions at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from hsh.models.registry import Equipment, Meter, Service
from hsh.models.sales import TransactionLine
from hsh.queries.law import Books, Found

type Lines = Mapping[int, list[Found]]
"""Lines in their order, by the transaction's id."""

_LINES = (
    select(
        TransactionLine.transaction_id,
        TransactionLine.position,
        TransactionLine.kind,
        TransactionLine.equipment_id,
        TransactionLine.service_id,
        TransactionLine.meter_id,
        TransactionLine.quantity,
        TransactionLine.unit_price,
        TransactionLine.amount,
        TransactionLine.tax_code,
        TransactionLine.tax_rate,
        Equipment.code.label("equipment"),
        Service.code.label("service"),
        Service.equipment_id.label("size_of_service"),
        Meter.serial.label("meter"),
    )
    .outerjoin(Equipment, Equipment.id == TransactionLine.equipment_id)
    .outerjoin(Service, Service.id == TransactionLine.service_id)
    .outerjoin(Meter, Meter.id == TransactionLine.meter_id)
)


def lines_of(books: Books, first: int, last: int) -> Lines:
    """Return the lines of the transactions with ids from ``first`` to ``last``."""
    lines: defaultdict[int, list[Found]] = defaultdict(list)
    for row in books.rows(_LINES.where(TransactionLine.transaction_id.between(first, last))):
        lines[row.transaction_id].append(row)
    for found in lines.values():
        found.sort(key=lambda row: row.position)
    return lines
