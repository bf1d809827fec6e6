"""The database itself refuses to rewrite facts (laws 6 and 7)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKeyConstraint, func, select, text

from hsh.db import Base
from hsh.models import guards
from hsh.queries.law import Books, Fault, law

_PROVEN_ELSEWHERE = {"stock_moves"}
"""Millions of rows, whose places and equipment stock.known_moves looks at."""

_SQLITE = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
_MYSQL = text(
    "SELECT trigger_name, CONCAT('CREATE TRIGGER ', trigger_name, ' ', action_timing, ' ',"
    " event_manipulation, ' ON ', event_object_table, ' FOR EACH ROW ', action_statement)"
    " FROM information_schema.triggers WHERE trigger_schema = DATABASE()"
)


@law("guards.in_place")
def guards_are_in_place(books: Books) -> Iterator[Fault]:
    """Prove that every trigger that refuses UPDATE and DELETE exists and says what it should.

    On MySQL an account without the TRIGGER right sees no triggers, on MariaDB their names alone:
    what cannot be seen is not proven.
    """
    there = _triggers(books.connection)
    if not there:
        yield Fault("triggers", seen=0)
        return
    for statement in guards.create_triggers(books.connection.dialect.name):
        name = statement.split()[2]
        if name not in there:
            yield Fault(name, missing=True)
        elif there[name] != statement:
            yield Fault(name, says=there[name])


@law("guards.references")
def references_exist(books: Books) -> Iterator[Fault]:
    """Prove that no row names a record that is not there."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if table.name not in _PROVEN_ELSEWHERE and (lost := _lost(books, key)):
                yield Fault(f"{table.name}.{key.column_keys[0]}", lost=lost)


def _lost(books: Books, key: ForeignKeyConstraint) -> int:
    [element] = key.elements
    parent = element.column.table.alias()
    there = select(parent.c[element.column.name])
    named = element.parent
    missing = ~there.where(parent.c[element.column.name] == named).correlate(key.table).exists()
    query = select(func.count()).select_from(key.table).where(named.is_not(None), missing)
    return int(books.rows(query)[0][0])


def _triggers(connection: Connection) -> dict[str, str]:
    query = _SQLITE if connection.dialect.name == "sqlite" else _MYSQL
    return {name: told for name, told in connection.execute(query) if told is not None}


LAWS = (guards_are_in_place, references_exist)
