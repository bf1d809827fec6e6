"""What a number or a name may mean: the records that somebody sees, found by it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, String, or_, select, type_coerce

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refs import short_code, short_range
from hsh.db import db
from hsh.models.logistics import Correction, Distribution
from hsh.models.people import User
from hsh.models.registry import Customer, Place, Vehicle
from hsh.models.sales import Document, Transaction
from hsh.queries import scope
from hsh.queries.sales import sites

MOST = 20
"""Hits of a kind."""
_MOST_WORDS = 6


class Kind(StrEnum):
    """What was found."""

    SALE = "sale"
    DISTRIBUTION = "distribution"
    CORRECTION = "correction"
    CUSTOMER = "customer"
    SITE = "site"
    PERSON = "person"
    TRUCK = "truck"


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A record. ``is_exact``: it is called just that, so nothing else was meant."""

    kind: Kind
    ref: UUID
    name: str
    note: str = ""
    is_exact: bool = False


def hits(actor: Actor, text: str, kinds: Collection[Kind]) -> list[Hit]:
    """Return what ``text`` finds of ``kinds``; where something is called just that, only those."""
    found = [hit for kind in Kind if kind in kinds for hit in _FINDERS[kind](actor, text.strip())]
    exact = [hit for hit in found if hit.is_exact]
    return exact or found


def _sales(actor: Actor, text: str) -> Iterator[Hit]:
    papers = [Document.transaction_number == text.upper(), Document.number == text.upper()]
    if code := short_range(text):
        papers.append(type_coerce(Transaction.ref, String).between(*code))
    elif not text.isascii():
        return
    site = select(Place.name).where(Place.id == Transaction.site_id).scalar_subquery()
    for wanted in papers:  # each by an index of its own
        rows = db.session.execute(
            select(Transaction.ref, Document.number, Document.transaction_number, site)
            .join(Document, Document.transaction_id == Transaction.id)
            .where(wanted, scope.transactions(actor))
            .limit(MOST)
        )
        for ref, number, name, where in rows:
            yield Hit(kind=Kind.SALE, ref=ref, name=f"{name} · {number}", note=where, is_exact=True)


def _distributions(actor: Actor, text: str) -> Iterator[Hit]:
    if not text.isascii():
        return
    wanted: ColumnElement[bool] = Distribution.number == text.upper()
    if code := short_range(text):
        wanted = type_coerce(Distribution.ref, String).between(*code)
    rows = db.session.execute(
        select(Distribution.ref, Distribution.number)
        .where(wanted, scope.distributions(actor))
        .limit(MOST)
    )
    for ref, number in rows:
        yield Hit(kind=Kind.DISTRIBUTION, ref=ref, name=number or short_code(ref), is_exact=True)


def _corrections(actor: Actor, text: str) -> Iterator[Hit]:
    if not text.isascii():
        return
    stores = scope.depots(actor), scope.trucks(actor, clock.today())
    ends = Correction.from_place_id, Correction.to_place_id
    theirs = or_(*(end.in_(places) for end in ends for places in stores))
    query = select(Correction.ref, Correction.number, Correction.reason)
    for ref, number, reason in db.session.execute(
        query.where(Correction.number == text.upper(), theirs)
    ):
        yield Hit(kind=Kind.CORRECTION, ref=ref, name=number, note=reason, is_exact=True)


def _customers(_actor: Actor, text: str) -> Iterator[Hit]:
    rows = db.session.execute(
        select(Customer.ref, Customer.name, Customer.uen)
        .where(*_has_words(Customer.name, text))
        .order_by(Customer.name)
        .limit(MOST)
    )
    for ref, name, uen in rows:
        yield Hit(kind=Kind.CUSTOMER, ref=ref, name=name, note=uen or "")


def _sites(_actor: Actor, text: str) -> Iterator[Hit]:
    for place, site, _customer in sites.search(text).rows[:MOST]:
        yield Hit(
            kind=Kind.SITE, ref=place.ref, name=place.name, note=f"{place.code} · {site.street}",
            is_exact=place.code == text.upper(),
        )  # fmt: skip


def _people(actor: Actor, text: str) -> Iterator[Hit]:
    wanted = or_(*_has_words(User.name, text, whole=True), User.username == _ascii(text.lower()))
    rows = db.session.execute(
        select(User.ref, User.name, User.username)
        .where(wanted, scope.people(actor))
        .order_by(User.name)
        .limit(MOST)
    )
    for ref, name, username in rows:
        exact = username == text.lower()
        yield Hit(kind=Kind.PERSON, ref=ref, name=name, note=username, is_exact=exact)


def _trucks(actor: Actor, text: str) -> Iterator[Hit]:
    plate = text.upper().replace(" ", "")
    if not plate.isascii():
        return
    rows = db.session.execute(
        select(Place.ref, Vehicle.plate, Place.name)
        .join(Vehicle, Vehicle.place_id == Place.id)
        .where(
            Vehicle.plate.startswith(plate, autoescape=True),
            Place.id.in_(scope.trucks(actor, clock.today())),
        )
        .order_by(Vehicle.plate)
        .limit(MOST)
    )
    for ref, found, name in rows:
        yield Hit(kind=Kind.TRUCK, ref=ref, name=found, note=name, is_exact=found == plate)


def _has_words(column: object, text: str, *, whole: bool = False) -> list[ColumnElement[bool]]:
    words = [text] if whole else text.split()[:_MOST_WORDS]
    return [column.icontains(word, autoescape=True) for word in words]  # type: ignore[attr-defined]


def _ascii(text: str) -> str:
    """Return what a code can be compared with: MariaDB takes nothing but ASCII there."""
    return text if text.isascii() else ""


_FINDERS = {
    Kind.SALE: _sales,
    Kind.DISTRIBUTION: _distributions,
    Kind.CORRECTION: _corrections,
    Kind.CUSTOMER: _customers,
    Kind.SITE: _sites,
    Kind.PERSON: _people,
    Kind.TRUCK: _trucks,
}
