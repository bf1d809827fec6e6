"""The registry says what the audit log last said of it (law 7)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from hsh.core.canonical import canonical
from hsh.core.words import Outside, PlaceKind
from hsh.db import Base
from hsh.models.books import AuditEntry
from hsh.models.people import LoginRules, SecondFactor, User, UserDepot, UserRole
from hsh.models.registry import (
    ApprovalLimits,
    Assignment,
    Company,
    Customer,
    Depot,
    Equipment,
    Meter,
    MeterEnd,
    Permit,
    Place,
    PriceList,
    Rate,
    Service,
    Site,
    SiteEquipment,
    StockMinimum,
    TaxRate,
    Vehicle,
)
from hsh.queries.law import Books, Fault, Found, Query, law

_TABLES: dict[str, type[Base]] = {
    table.__tablename__: table
    for table in (
        ApprovalLimits,
        Assignment,
        Company,
        Customer,
        Depot,
        Equipment,
        LoginRules,
        Meter,
        Permit,
        MeterEnd,
        PriceList,
        Rate,
        Service,
        Site,
        SiteEquipment,
        StockMinimum,
        TaxRate,
        Vehicle,
    )
}
"""Tables whose audit entries tell all columns, under the table's name."""

MANY = ("price_change", "import_batch", "customer_file", "minimum_change")
"""Entries that tell many rows at once: ``after`` maps the names of tables to lists of them."""

_READ = {"last_reading", "last_read_on", "estimated", "version"}
"""What readings change in a meter: meters.chain proves it."""

type Key = tuple[str, ...]
"""A table and the values of its primary key."""

_SUBTYPES: dict[PlaceKind, type[Depot | Vehicle | Site]] = {
    PlaceKind.DEPOT: Depot,
    PlaceKind.TRUCK: Vehicle,
    PlaceKind.SITE: Site,
}


@law("registry.as_audited")
def registry_is_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that every record is what its newest audit entry says; none came or went unsaid."""
    told = _pictures(books)
    imported = _imported(books)
    for name, table in _TABLES.items():
        for row in books.rows(_rows(table)):
            key = _key(name, table, row)
            picture = told.pop(key, None)
            if picture is None and not _is_imported(name, row, imported):
                yield Fault(" ".join(key), audited=False)
            elif picture is not None:
                yield from _compare(key, row, picture)
    for key in told:
        yield Fault(" ".join(key), gone=True)


@law("registry.people_as_audited")
def people_are_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that everybody has the name, roles, depots and factor that the audit log gave them."""
    told: defaultdict[str, dict[str, Any]] = defaultdict(
        lambda: {"active": True, "second_factor": False}
    )
    for entry in books.stream(_ENTRIES.where(AuditEntry.record_type == "user"), _SEQUENCE):
        told[str(entry.record_ref)] |= json.loads(entry.body)["after"] or {}
    roles = _by_person(books, select(UserRole.user_id, UserRole.role))
    depots = _by_person(
        books,
        select(UserDepot.user_id, Place.code).join(Place, Place.id == UserDepot.depot_id),
    )
    factors = {row.user_id for row in books.rows(select(SecondFactor.user_id))}
    for person in books.rows(select(User.id, User.ref, User.username, User.name, User.active)):
        now = person._asdict() | {
            "roles": roles[person.id],
            "depots": depots[person.id],
            "second_factor": person.id in factors,
        }
        said = told[str(person.ref)]
        wrong = [name for name in _PERSON if said.get(name) != now[name]]
        if wrong:
            yield Fault(f"user {person.username}", differs=",".join(wrong))


@law("registry.places_have_kind")
def places_have_their_kind(books: Books) -> Iterator[Fault]:
    """Prove that a depot, truck or site has its own particulars; outside are four places."""
    for kind, table in _SUBTYPES.items():
        query = (
            select(Place.code, Place.kind, table.place_id)
            .outerjoin(table, table.place_id == Place.id)
            .where((Place.kind == kind) != table.place_id.is_not(None))
        )
        for row in books.rows(query):
            yield Fault(row.code, kind=row.kind, is_a=table.__tablename__ if row.place_id else None)
    there = {
        row.code for row in books.rows(select(Place.code).where(Place.kind == PlaceKind.OUTSIDE))
    }
    if there != set(Outside):
        yield Fault("outside", differs=",".join(sorted(there ^ set(Outside))))


_PERSON = ("username", "name", "active", "roles", "depots", "second_factor")
_SEQUENCE = AuditEntry.sequence
_ENTRIES = select(_SEQUENCE, AuditEntry.record_type, AuditEntry.record_ref, AuditEntry.body)


def _by_person(books: Books, query: Query) -> defaultdict[int, list[str]]:
    """Return what each person holds, sorted as the audit log tells it."""
    held: defaultdict[int, list[str]] = defaultdict(list)
    for person, what in sorted(books.rows(query)):
        held[person].append(what)
    return held


def _pictures(books: Books) -> dict[Key, dict[str, Any]]:
    """Return the newest picture of each record, as the audit log tells it."""
    pictures: dict[Key, dict[str, Any]] = {}
    query = _ENTRIES.where(AuditEntry.record_type.in_([*_TABLES, *MANY]))
    for entry in books.stream(query, _SEQUENCE):
        after = json.loads(entry.body)["after"]
        told = after if entry.record_type in MANY else {entry.record_type: [after]}
        for name in _TABLES.keys() & told.keys():
            for picture in told[name]:
                key = [picture.get(column) for column in _primary(_TABLES[name])]
                if None not in key:  # files were told by refs alone once: see _imported
                    pictures[_named(name, key)] = picture
    return pictures


def _imported(books: Books) -> dict[str, set[str]]:
    """Return the refs of customers and sites that came with a file, under one audit entry."""
    refs: dict[str, set[str]] = {"customers": set(), "sites": set()}
    query = _ENTRIES.where(AuditEntry.record_type == "customer_file")
    for entry in books.stream(query, _SEQUENCE):
        for row in json.loads(entry.body)["after"]["customers"]:
            if "site" in row:
                refs["customers"].add(row["ref"])
                refs["sites"].add(row["site"])
    sites = {str(ref): str(key) for key, ref in books.rows(select(Place.id, Place.ref))}
    refs["sites"] = {sites[ref] for ref in refs["sites"] if ref in sites}
    return refs


def _is_imported(table: str, row: Found, imported: dict[str, set[str]]) -> bool:
    address = {"customers": "ref", "sites": "place_id"}.get(table)
    return address is not None and str(getattr(row, address)) in imported[table]


def _compare(key: Key, row: Found, picture: dict[str, Any]) -> Iterator[Fault]:
    now = json.loads(canonical(row._asdict()))
    skipped = _READ if key[0] == Meter.__tablename__ else set()
    wrong = [name for name in picture if name not in skipped and now.get(name) != picture[name]]
    if wrong:
        yield Fault(" ".join(key), differs=",".join(wrong))


def _rows(table: type[Base]) -> Query:
    """Return the query for all that is told of the rows of ``table``: of a depot, its place too."""
    columns = _columns(table)
    if table not in _SUBTYPES.values():
        return select(*columns)
    of_place = [column for column in _columns(Place) if column.key != "id"]
    return select(*columns, *of_place).join(Place, Place.id == table.place_id)  # type: ignore[attr-defined]


def _columns(table: type[Base]) -> list[Any]:
    return [getattr(table, column.key) for column in table.__mapper__.column_attrs]


def _primary(table: type[Base]) -> list[str]:
    return [column.name for column in table.__mapper__.primary_key]


def _key(name: str, table: type[Base], row: Found) -> Key:
    return _named(name, [getattr(row, column) for column in _primary(table)])


def _named(name: str, values: list[Any]) -> Key:
    return (name, *map(str, values))


LAWS = (registry_is_as_audited, people_are_as_audited, places_have_their_kind)
