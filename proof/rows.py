"""Any row of any table, changed by hand as an insider with every right would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, ColumnElement, Connection, Table, UniqueConstraint, and_, select

from hsh.db import Base

UNPROVEN = Path(__file__).parent / "unproven.txt"
_ONE_ROW = {"audit_head", "company"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row as it honestly is."""

    table: Table
    values: dict[str, Any]

    def __str__(self) -> str:
        """Write which row it is."""
        key = ",".join(str(self.values[column.name]) for column in self.table.primary_key)
        return f"{self.table.name} {key}"

    def this(self) -> ColumnElement[bool]:
        """Return the condition that finds the row."""
        return and_(*(column == self.values[column.name] for column in self.table.primary_key))


class Rows:
    """All rows of the tables that verify speaks for."""

    def __init__(self, connection: Connection) -> None:
        """Read them while they are honest."""
        self._connection = connection
        self._unproven = unproven(UNPROVEN)
        self._rows = {
            table.name: [
                Row(table=table, values=dict(row))
                for row in connection.execute(select(table)).mappings()
            ]
            for table in Base.metadata.sorted_tables
            if (table.name, "*") not in self._unproven
        }

    @property
    def count(self) -> int:
        """Return how many there are."""
        return sum(map(len, self._rows.values()))

    def any(self, rng: Random) -> Row:
        """Return a row of some table; each table is as likely as another."""
        return rng.choice(rng.choice([rows for rows in self._rows.values() if rows]))

    def edit(self, row: Row, rng: Random) -> str | None:
        """Put another value into a column; say what was done, None where nothing can be."""
        column = self._column(row, rng)
        value = None if column is None else self._other_value(row, column, rng)
        if column is None or value is None:
            return None
        self._connection.execute(row.table.update().where(row.this()).values({column: value}))
        return f"edit of {row}: {column.name} from {row.values[column.name]!r} to {value!r}"

    def delete(self, row: Row, _rng: Random) -> str:
        """Delete it."""
        self._connection.execute(row.table.delete().where(row.this()))
        return f"delete of {row}"

    def swap(self, row: Row, rng: Random) -> str | None:
        """Let it and another row of its table change a value."""
        column = self._column(row, rng)
        others = [
            other
            for other in self._rows[row.table.name]
            if column is not None
            and other.values[column.name] != row.values[column.name]
            and not _twins(row, other, column)
        ]
        if column is None or not others or column.name in _unique(row.table):
            return None
        other = rng.choice(others)
        for one, value in ((row, other.values), (other, row.values)):
            change = row.table.update().where(one.this()).values({column: value[column.name]})
            self._connection.execute(change)
        return f"swap of {row} and {other}: {column.name}"

    def copy(self, row: Row, _rng: Random) -> str | None:
        """Forge another row like it, under a key of its own."""
        if len(row.table.primary_key) > 1 or row.table.name in _ONE_ROW:
            return None
        keys = {
            column.name: self._free(row, column)
            for column in row.table.columns
            if column.name in _unique(row.table)
        }
        self._connection.execute(row.table.insert().values(row.values | keys))
        return f"forged copy of {row}"

    def _free(self, row: Row, column: Column[Any]) -> Any:
        """Return a value for a key that no row has yet."""
        match row.values[column.name]:
            case int():
                values = [other.values[column.name] for other in self._rows[row.table.name]]
                return max(value for value in values if value is not None) + 1_000
            case str() as text:
                return f"{text[:-2]}ZZ"
            case date() as day:
                return day + timedelta(days=1_000)
            case UUID():
                return uuid4()
        return None

    def _column(self, row: Row, rng: Random) -> Column[Any] | None:
        """Return a column that verify speaks for, but the key, by which the row is found."""
        name = row.table.name
        spoken_for = [
            column
            for column in row.table.columns
            if not column.primary_key and (name, column.name) not in self._unproven
        ]
        return rng.choice(spoken_for) if spoken_for else None

    def _other_value(self, row: Row, column: Column[Any], rng: Random) -> Any:
        """Return a value that is not the row's; None where there is none to think of."""
        old = row.values[column.name]
        if column.foreign_keys:
            others = self._keys_of(column) - {old}
            return rng.choice(sorted(others)) if others else None
        if old is None:
            others = {r.values[column.name] for r in self._rows[row.table.name]} - {None}
            return rng.choice(sorted(others, key=str)) if others else None
        return _beside(old)

    def _keys_of(self, column: Column[Any]) -> set[Any]:
        """Return every value that a column may refer to."""
        [key] = column.foreign_keys
        rows = self._connection.execute(select(key.column))
        return {value for (value,) in rows}


def unproven(file: Path) -> set[tuple[str, str]]:
    """Read which columns verify does not speak for: ``(table, column)``, or ``*`` for a table."""
    lines = file.read_text(encoding="utf-8").splitlines()
    names = [line.split()[0].split(".") for line in lines if line and not line.startswith("#")]
    return {(table, column) for table, column in names}


def _twins(one: Row, other: Row, but: Column[Any]) -> bool:
    """Tell whether two rows differ in ``but`` and their keys alone: a swap changes nothing."""
    return all(
        one.values[column.name] == other.values[column.name]
        for column in one.table.columns
        if not column.primary_key and column.name != but.name
    )


def _beside(old: Any) -> Any:
    """Return another value of the same kind."""
    match old:
        case bool():
            return not old
        case int() | Decimal():
            return old + 1
        case UUID():
            return uuid4()
        case datetime() | date():
            return old + timedelta(days=1)
        case str():
            return f"{old[:-1]}{'y' if old.endswith('x') else 'x'}"
    raise TypeError(type(old))


def _unique(table: Table) -> set[str]:
    """Return the columns that are in a key: no two rows may have the same there."""
    constraints = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    return {column.name for constraint in constraints for column in constraint.columns} | {
        column.name for column in table.primary_key
    }
