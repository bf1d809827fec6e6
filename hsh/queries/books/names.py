"""Names for ids: in messages that point at a row, and in audit entries, which keep ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hsh.db import db
from hsh.models.people import User
from hsh.models.registry import Customer, Equipment, Place, PriceList, Service
from hsh.queries.law import Books

type Named = Place | Equipment | User | Customer | PriceList | Service

_ID_OF: dict[str, type[Named]] = {
    **dict.fromkeys(("place", "depot", "truck", "place_id", "home_depot_id", "site_id"), Place),
    **dict.fromkeys(("truck_id", "depot_id", "cash_sale_site_id"), Place),
    **dict.fromkeys(("equipment", "equipment_id"), Equipment),
    **dict.fromkeys(("driver", "driver_id"), User),
    "customer_id": Customer,
    "price_list_id": PriceList,
    "service_id": Service,
}
"""What the ids in an audit entry stand for, by the name of their field."""
_CODE_OF = frozenset({"from", "to", "site", "source", "home_depot", "depots"})
"""Fields that name a place by its code."""
_PAIRS = {"scope_id": "scope", "subject_id": "subject"}
"""Ids whose table another field tells."""


def spelled(picture: Any) -> Any:
    """Return what an audit entry tells with every id under a name that says what it is of."""
    match picture:
        case list():
            return [spelled(one) for one in picture]
        case dict():
            gone = {name for name, kind in _PAIRS.items() if f"{picture.get(kind)}_id" in _ID_OF}
            kinds = {_PAIRS[name] for name in gone}
            return {
                f"{picture[_PAIRS[name]]}_id" if name in gone else name: spelled(value)
                for name, value in picture.items()
                if name not in kinds
            }
    return picture


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names of what an audit entry tells by id."""

    known: dict[tuple[type, int | str], str]

    def of(self, field: str, key: int | str) -> str | None:
        """Return the name that ``field`` stands for, None when it is no id and no code."""
        table = Place if isinstance(key, str) and field in _CODE_OF else _ID_OF.get(field)
        return self.known.get((table, key)) if table else None


def names_in(body: object) -> Names:
    """Return the names of everything that an audit entry tells by id: a query for each table."""
    found: dict[type[Named], set[int]] = {}
    codes: set[str] = set()
    for field, value in _ids(body):
        if isinstance(value, str):
            codes.add(value)
        else:
            found.setdefault(_ID_OF[field], set()).add(value)
    known: dict[tuple[type, int | str], str] = {
        (table, key): name
        for table, keys in found.items()
        for key, name in db.session.execute(select(table.id, table.name).where(table.id.in_(keys)))
    }
    if codes:
        named = select(Place.code, Place.name).where(Place.code.in_(codes))
        known |= {(Place, code): name for code, name in db.session.execute(named)}
    return Names(known=known)


def _ids(value: object) -> Iterator[tuple[str, Any]]:
    match value:
        case dict():
            for name, inner in value.items():
                if (name in _ID_OF and isinstance(inner, int)) or (
                    name in _CODE_OF and isinstance(inner, str)
                ):
                    yield name, inner
                elif name in _CODE_OF and isinstance(inner, list):
                    yield from ((name, one) for one in inner if isinstance(one, str))
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
