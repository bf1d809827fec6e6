"""Many rows, quickly: what a day left behind, over and over under keys of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Column, Engine, Table, UniqueConstraint, select

from hsh.db import Base

OFFSET = 100_000
"""Between the ids of one copy and the next."""
_FEW = {
    "assignments", "audit_head", "company", "counters", "customers", "deposit_balances", "depots",
    "devices", "equipment", "import_rows", "imports", "login_failures", "login_rules", "logos",
    "meter_ends", "meters", "places", "price_lists", "rates", "recovery_codes", "second_factors",
    "services", "site_equipment", "sites", "stock_levels", "tax_rates", "user_depots",
    "user_roles", "user_sessions", "users", "vehicles",
}  # fmt: skip
"""What a company has few of; everything else grows with the years."""


def multiply(owner: Engine, wanted: int) -> int:
    """Copy what happened until there are ``wanted`` rows of it; return how many there are."""
    growing = [table for table in Base.metadata.sorted_tables if table.name not in _FEW]
    with owner.begin() as connection:
        rows = {table: connection.execute(select(table)).mappings().all() for table in growing}
        count = once = sum(map(len, rows.values()))
        for number in range(1, max(0, -(-wanted // once))):
            for table, some in rows.items():
                if some:
                    copies = [_copy(table, dict(row), number) for row in some]
                    connection.execute(table.insert(), copies)
                    count += len(copies)
    return count


def _copy(table: Table, row: dict[str, Any], number: int) -> dict[str, Any]:
    own = _keys(table)
    return {
        column.name: _value(column, row[column.name], number, is_key=column.name in own)
        for column in table.columns
    }


def _value(column: Column[Any], value: Any, number: int, *, is_key: bool) -> Any:
    """Return what stands in copy ``number``: another key, and what refers to a copy follows."""
    if value is None:
        return None
    if column.foreign_keys:
        return value + number * OFFSET if _refers_to_a_copy(column) else value
    if not is_key:
        return value
    if isinstance(value, UUID):
        return uuid5(value, str(number))
    return value + number * OFFSET if isinstance(value, int) else f"{value}-{number}"


def _keys(table: Table) -> set[str]:
    """Return a column of each key that sets a copy apart, where what it refers to does not."""
    unique = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    found = set()
    for key in (*unique, table.primary_key):
        if not any(_refers_to_a_copy(column) for column in key.columns):
            found.add(next(column.name for column in key.columns if not column.foreign_keys))
    return found


def _refers_to_a_copy(column: Column[Any]) -> bool:
    return any(key.column.table.name not in _FEW for key in column.foreign_keys)
