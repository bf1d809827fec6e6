"""What the models say that a database has, by name, held against one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Connection, Inspector, Table, UniqueConstraint, inspect

from hsh.db import Base


def lacking(connection: Connection) -> set[str]:
    """Return the tables, columns, keys, indexes and CHECKs of the models that are not there."""
    looked = inspect(connection)
    there = set(looked.get_table_names())
    missing = {table.name for table in Base.metadata.sorted_tables} - there
    for table in Base.metadata.sorted_tables:
        if table.name in there:
            missing |= set(_wanted(table)) - set(_found(looked, table.name))
    return missing


def _wanted(table: Table) -> Iterator[str]:
    for column in table.columns:
        yield f"{table.name}.{column.name}{'' if column.nullable else ' not null'}"
    for index in table.indexes:
        yield f"index {index.name} on {_joined(index.columns)}"
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            yield f"check {constraint.name}"
        elif isinstance(constraint, UniqueConstraint):
            yield f"unique {constraint.name} on {_joined(constraint.columns)}"
    for key in table.foreign_key_constraints:
        yield f"{table.name}.{key.column_keys[0]} refers to {key.referred_table.name}"


def _found(looked: Inspector, table: str) -> Iterator[str]:
    for column in looked.get_columns(table):
        yield f"{table}.{column['name']}{'' if column['nullable'] else ' not null'}"
    for index in looked.get_indexes(table):
        yield f"index {index['name']} on {', '.join(map(str, index['column_names']))}"
    for check in looked.get_check_constraints(table):
        yield f"check {check['name']}"
    for unique in looked.get_unique_constraints(table):
        yield f"unique {unique['name']} on {', '.join(unique['column_names'])}"
    for key in looked.get_foreign_keys(table):
        yield f"{table}.{key['constrained_columns'][0]} refers to {key['referred_table']}"


def _joined(columns: object) -> str:
    return ", ".join(column.name for column in columns)  # type: ignore[attr-defined]
