"""Names for ids: in messages that point at a row, and in audit entries, which keep ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hsh.db import db
from hsh.models.registry import Customer, Equipment, Place, User
from hsh.queries.law import Books

_ID_OF: dict[str, type[Place | Equipment | User | Customer]] = {
    **dict.fromkeys(("place", "depot", "truck", "place_id", "home_depot_id", "site_id"), Place),
    **dict.fromkeys(("truck_id", "cash_sale_site_id"), Place),
    **dict.fromkeys(("equipment", "equipment_id"), Equipment),
    **dict.fromkeys(("driver", "driver_id"), User),
    "customer_id": Customer,
}
"""What the ids in an audit entry stand for, by the name of their field."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names of what an audit entry tells by id."""

    known: dict[tuple[type, int], str]

    def of(self, field: str, key: int) -> str | None:
        """Return the name that ``field`` stands for, None when it is no id."""
        table = _ID_OF.get(field)
        return self.known.get((table, key)) if table else None


def names_in(body: object) -> Names:
    """Return the names of everything that an audit entry tells by id: a query for each table."""
    found: dict[type[Place | Equipment | User | Customer], set[int]] = {}
    for field, value in _ids(body):
        found.setdefault(_ID_OF[field], set()).add(value)
    return Names(
        known={
            (table, key): name
            for table, keys in found.items()
            for key, name in db.session.execute(
                select(table.id, table.name).where(table.id.in_(keys))
            )
        }
    )


def _ids(value: object) -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            for name, inner in value.items():
                if name in _ID_OF and isinstance(inner, int):
                    yield name, inner
                else:
                    yield from _ids(inner)
        case list():
            for inner in value:
                yield from _ids(inner)


def place_kinds(books: Books) -> dict[int, str]:
    """Return the kind of every place."""
    return {row.id: row.kind for row in books.rows(select(Place.id, Place.kind))}


def place_codes(books: Books) -> dict[int, str]:
    """Return the code of every place."""
    return {row.id: row.code for row in books.rows(select(Place.id, Place.code))}


def equipment_codes(books: Books) -> dict[int, str]:
    """Return the code of every equipment."""
    return {row.id: row.code for row in books.rows(select(Equipment.id, Equipment.code))}


def spot(books: Books, place: int, equipment: int, condition: str) -> str:
    """Name a level: place, equipment and condition."""
    where = books.remembered(place_codes).get(place, f"place {place}")
    what = books.remembered(equipment_codes).get(equipment, f"equipment {equipment}")
    return f"{where} {what} {condition}"
