"""Registry rows that an act is about: by what names them, locked where they are to change."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from hsh.core.refusals import Invalid, NotFound
from hsh.core.words import EquipmentKind
from hsh.db import db
from hsh.models.registry import Customer, Equipment, Place, Site


def customer(ref: UUID, *, lock: bool = False) -> Customer:
    """Return the customer ``ref``.

    Raises:
        NotFound: there is none.

    """
    query = select(Customer).where(Customer.ref == ref)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(what="customer")
    return found


def site(ref: UUID, *, lock: bool = False) -> tuple[Site, Place]:
    """Return the site ``ref`` and its place, which bears its version.

    Raises:
        NotFound: there is none.

    """
    query = select(Site, Place).join(Place, Place.id == Site.place_id).where(Place.ref == ref)
    found = db.session.execute(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound(what="site")
    row, place = found
    return row, place


def sizes(codes: Collection[str]) -> list[int]:
    """Return the ids of cylinder sizes.

    Raises:
        Invalid: one of them is none.

    """
    rows = db.session.scalars(
        select(Equipment.id).where(
            Equipment.code.in_(codes), Equipment.kind == EquipmentKind.CYLINDER
        )
    )
    found = sorted(rows)
    if len(found) != len(codes):
        raise Invalid(field="through_meter", reason="unknown_equipment")
    return found
