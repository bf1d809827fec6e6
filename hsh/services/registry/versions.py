"""Registry records that an act changes: found, locked, and still as they were shown (law 6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from hsh.core.command import Command, Outcome
from hsh.core.refusals import NotFound, StaleVersion
from hsh.db import db
from hsh.models.registry import Assignment, Depot, Equipment, Permit, Place, Service, Vehicle
from hsh.services.registry import records

type Record = Assignment | Depot | Equipment | Permit | Service | Vehicle
type Key = UUID | int
"""How a record is addressed: by its ref, or by its id where it has none."""


def locked[R: Record](table: type[R], key: Key, *, seen: int) -> R:
    """Return the record ``key`` of ``table``, which nobody else changes until the act ends.

    Raises:
        NotFound: there is none.
        StaleVersion: it is no more the version that was ``seen``.

    """
    row: R | None = db.session.scalar(_query(table, key).with_for_update())
    if row is None:
        raise NotFound(what=table.__tablename__)
    if head(row).version != seen:
        raise StaleVersion(what=table.__tablename__)
    return row


def head(row: Record) -> Place | Assignment | Equipment | Permit | Service:
    """Return what says whether ``row`` is open, and its version: of a depot or truck, its place."""
    if isinstance(row, Depot | Vehicle):
        return db.session.get_one(Place, row.place_id)
    return row


@contextmanager
def change(row: Record, command: Command) -> Iterator[None]:
    """Let the caller change ``row``: it is the next version then, and audited before and after."""
    before = records.picture(row)
    yield
    head(row).version += 1
    records.changed(row, command.op, command, ref=ref(row), before=before)


def outcome(row: Record) -> Outcome:
    """Return the answer to an act about ``row``."""
    return Outcome(record=row.__tablename__, ref=ref(row))


def ref(row: Record) -> UUID:
    """Return the address of ``row`` in the audit."""
    match row:
        case Depot() | Vehicle():
            return db.session.get_one(Place, row.place_id).ref
        case Permit():
            return row.ref
        case Assignment():
            key = row.driver_id, row.truck_id, row.starts_on
            return records.ref_of(row.__tablename__, *key)
        case Equipment() | Service():
            return records.ref_of(row.__tablename__, row.code)


def _query(table: Any, key: Key) -> Select[Any]:
    if issubclass(table, Depot | Vehicle):
        return select(table).join(Place, Place.id == table.place_id).where(Place.ref == key)
    return select(table).where((table.ref if issubclass(table, Permit) else table.id) == key)
