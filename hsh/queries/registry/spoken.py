"""What the codes and refs that a form sends are called by people."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, union_all

from hsh.db import db
from hsh.models.people import User
from hsh.models.registry import Equipment, Meter, Place, Service


def names(codes: Collection[str]) -> dict[str, str]:
    """Return the names of sizes, accessories and services, by code."""
    rows = db.session.execute(
        union_all(
            *(select(table.code, table.name).where(table.code.in_(codes)) for table in _CODED)
        )
    )
    return {code: name for code, name in rows}  # noqa: C416 - a row is no pair


def refs(wanted: Collection[UUID]) -> dict[str, str]:
    """Return the names of places and people and the serials of meters, by ref as a form says it."""
    rows = db.session.execute(
        union_all(
            select(Place.ref, Place.name).where(Place.ref.in_(wanted)),
            select(User.ref, User.name).where(User.ref.in_(wanted)),
            select(Meter.ref, Meter.serial).where(Meter.ref.in_(wanted)),
        )
    )
    return {str(ref): name for ref, name in rows}


_CODED = (Equipment, Service)
