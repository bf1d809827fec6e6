"""What stands in every table, to compare; and which tables were written to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnClause,
    Connection,
    Engine,
    Select,
    Table,
    event,
    inspect,
    select,
    table,
)
from sqlalchemy import column as sql_column

from hsh.db import Base

type Rows = list[tuple[object, ...]]

_WRITES = re.compile(r"\s*(?:INSERT( OR)?( IGNORE)? INTO|UPDATE|DELETE FROM) [`\"]?(?P<table>\w+)")


def dump(connection: Connection) -> dict[str, Rows]:
    """Return every row of every table, in the order of its key."""
    return {found.name: _rows(connection, found) for found in Base.metadata.sorted_tables}


def column_sums(connection: Connection) -> dict[tuple[str, str], str]:
    """Return a checksum of each column that the database has now, whatever the models say."""
    sums: dict[tuple[str, str], str] = {}
    for name, columns in _there(connection).items():
        key = inspect(connection).get_pk_constraint(name)["constrained_columns"]
        query = _query(name, columns).order_by(*map(_column, key or columns))
        hashes = {each: sha256() for each in columns}
        for row in connection.execute(query):
            for each, value in zip(columns, row, strict=True):
                hashes[each].update(f"{value!r}\n".encode())
        sums |= {(name, each): found.hexdigest() for each, found in hashes.items()}
    return sums


class Watch:
    """Knows which tables an engine's transactions have changed, and committed, since asked last."""

    def __init__(self, engine: Engine) -> None:
        """Begin to listen to ``engine``."""
        self._engine = engine
        self._committed: set[str] = set()
        self._open: dict[object, set[str]] = {}
        for name, listener in self._listeners():
            event.listen(engine, name, listener)

    def changed(self) -> set[str]:
        """Return the names of the tables that were changed since the last call."""
        committed, self._committed = self._committed, set()
        return committed

    def stop(self) -> None:
        """Listen no more."""
        for name, listener in self._listeners():
            event.remove(self._engine, name, listener)

    def _listeners(self) -> tuple[tuple[str, Callable[..., None]], ...]:
        return (
            ("after_cursor_execute", self._executed),
            ("commit", self._committing),
            ("rollback", self._rolled_back),
        )

    def _executed(
        self, connection: Connection, cursor: Any, statement: str, *_more: object
    ) -> None:
        found = _WRITES.match(statement)
        if found and cursor.rowcount != 0:
            self._open.setdefault(connection.connection, set()).add(found["table"])

    def _committing(self, connection: Connection) -> None:
        self._committed |= self._open.pop(connection.connection, set())

    def _rolled_back(self, connection: Connection) -> None:
        self._open.pop(connection.connection, None)


def _rows(connection: Connection, found: Table) -> Rows:
    query = _query(found.name, [each.name for each in found.columns])
    ordered = query.order_by(*(_column(key.name) for key in found.primary_key))
    return [tuple(row) for row in connection.execute(ordered)]


def _query(name: str, columns: Iterable[str]) -> Select[*tuple[Any, ...]]:
    return select(*map(_column, columns)).select_from(table(name))


def _column(name: str) -> ColumnClause[Any]:
    return sql_column(name)


def _there(connection: Connection) -> Mapping[str, Iterable[str]]:
    """Return the tables and columns of the database, without Alembic's own."""
    looked = inspect(connection)
    return {
        name: [each["name"] for each in looked.get_columns(name)]
        for name in looked.get_table_names()
        if name != "alembic_version"
    }
