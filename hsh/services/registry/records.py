"""Writing a registry record: inserted, and audited with all that it says (law 7)."""

from __future__ import annotations

from uuid import UUID, uuid5

from sqlalchemy import inspect

from hsh.core.words import PlaceKind
from hsh.db import Base, db
from hsh.models.registry import Place
from hsh.services.books import audit
from hsh.services.books.audit import By
from hsh.services.registry import checks

_NAMELESS = UUID("b7c2f0de-3f0c-5f7e-9d0e-6c1d5c1f8a01")
"""Begins the audit addresses of records that have no ref of their own."""


def register[R: Base](row: R, action: str, by: By, *, ref: UUID) -> R:
    """Insert ``row`` and audit it; ``by`` is None when the system itself acts."""
    db.session.add(row)
    db.session.flush()
    audit.record(action, by, record_type=row.__tablename__, ref=ref, after=picture(row))
    return row


def changed(row: Base, action: str, by: By, *, ref: UUID, before: dict[str, object] | None) -> None:
    """Write what an act made of ``row``, and audit it beside the picture from ``before``."""
    db.session.flush()
    audit.record(
        action, by, record_type=row.__tablename__, ref=ref, before=before, after=picture(row)
    )


def picture(row: Base) -> dict[str, object]:
    """Return what the audit log keeps of ``row``: every column by its name.

    A depot, truck or site is told together with the place that it is.
    """
    told = _columns(row)
    if "place_id" in told:
        place = _columns(db.session.get_one(Place, told["place_id"]))
        told |= {name: value for name, value in place.items() if name != "id"}
    return told


def _columns(row: Base) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in inspect(row).mapper.column_attrs}


def new_place(ref: UUID, kind: PlaceKind, code: str, name: str) -> Place:
    """Begin a place inside the caller's act, which audits what it becomes."""
    place = Place(
        ref=ref,
        kind=kind,
        code=checks.free(Place.code, checks.code(code)),
        name=checks.name(name),
        active=True,
        version=1,
    )
    db.session.add(place)
    db.session.flush()
    return place


def ref_of(kind: str, *key: object) -> UUID:
    """Return the address that the audit gives to a record known by a code or a key."""
    return uuid5(_NAMELESS, "/".join((kind, *map(str, key))))
