"""The page of one visit: what may be sold, and how many there are in the truck and at the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from hsh.core.command import Actor
from hsh.core.words import Condition, EquipmentKind, LineKind, PlaceKind, ServiceKind
from hsh.db import db
from hsh.models.registry import Equipment, Meter, Place, Service
from hsh.models.sales import Transaction, TransactionLine
from hsh.queries import scope
from hsh.queries.registry import people
from hsh.queries.sales import cautions, holdings
from hsh.queries.sales.holdings import PricePaid
from hsh.queries.sales.visit import Fee, Item, Visit, visit

type Counts = dict[str, int]
"""Counts by kind of line and code: ``delivery-C127``, as the page names them."""

_OFFERED = (LineKind.DELIVERY, LineKind.COLLECTION, LineKind.ACCESSORY, LineKind.SERVICE)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A size or accessory: how many full ones the truck has, how many the site holds."""

    item: Item
    full: int
    held: int


@dataclass(frozen=True, kw_only=True)
class Till:
    """A deposit, and how many of it we hold for the site, for how many cents."""

    fee: Fee
    held: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class VisitPage:
    """What the page of a visit says besides what is typed into it."""

    visit: Visit
    sizes: list[Shelf]
    accessories: list[Shelf]
    fees: list[Fee]
    deposits: list[Till]
    weights: dict[int, Decimal]
    """Kg of gas in a full cylinder of each size, by its id."""
    paid: dict[int, PricePaid]
    """What the site last paid for each size, by its id: a cylinder that comes back is worth it."""

    @property
    def meters(self) -> list[Meter]:
        """Return the site's meters, by serial."""
        return list(self.visit.meters.values())

    def last_order(self) -> Counts:
        """Return what the site took the last time, to begin with."""
        return last_order(self.visit.site_place.id)

    @property
    def usage_price(self) -> Decimal | None:
        """Return the price of a cubic metre in dollars, if one is set."""
        return self.visit.usage_price


def sources(actor: Actor, on: date) -> list[Place]:
    """Return where ``actor`` may sell from on the day ``on``, the likeliest first.

    A driver's own truck comes first, then the depots at whose counter a supervisor sells, then
    the other trucks that they dispatch.
    """
    places = db.session.scalars(
        select(Place).where(
            or_(Place.id.in_(scope.trucks(actor, on)), Place.id.in_(scope.counters(actor)))
        )
    )
    own = {truck.ref for truck in people.trucks_of(actor, on)}
    return sorted(
        places, key=lambda place: (place.ref not in own, place.kind != PlaceKind.DEPOT, place.name)
    )


def visit_page(actor: Actor, *, site: UUID, source: UUID, on: date) -> VisitPage:
    """Return the page of a visit on the day ``on``.

    Raises:
        NotFound: no such site, or the truck or depot is not theirs.

    """
    known = visit(actor, site=site, source=source, on=on)
    there = holdings.counts(known.source.id)
    held = holdings.counts(known.site_place.id)
    shelves = [
        Shelf(
            item=item,
            full=there.get((item.id, Condition.FULL), 0),
            held=held.get((item.id, Condition.HELD), 0),
        )
        for item in known.items.values()
    ]
    return VisitPage(
        visit=known,
        sizes=[s for s in shelves if s.item.kind == EquipmentKind.CYLINDER],
        accessories=[s for s in shelves if s.item.kind == EquipmentKind.ACCESSORY],
        fees=[fee for fee in known.fees.values() if fee.kind == ServiceKind.FEE],
        deposits=_deposits(known),
        weights=cautions.weights(),
        paid=holdings.prices_paid(known.site_place.id, {item.id for item in known.items.values()}),
    )


def last_order(site: int) -> Counts:
    """Return what the site's latest standing sale delivered, collected and charged for.

    Returns and deposits are left out: they belong to that one visit.
    """
    latest = _latest_sale(site)
    if latest is None:
        return {}
    rows = db.session.execute(
        select(TransactionLine.kind, TransactionLine.quantity, Equipment.code, Service.code)
        .outerjoin(Equipment, Equipment.id == TransactionLine.equipment_id)
        .outerjoin(Service, Service.id == TransactionLine.service_id)
        .where(TransactionLine.transaction_id == latest, TransactionLine.kind.in_(_OFFERED))
        .order_by(TransactionLine.position)
    )
    counts: Counts = {}
    for kind, quantity, item, service in rows:
        name = f"{kind}-{service or item}"
        counts[name] = counts.get(name, 0) + int(quantity)
    return counts


def _latest_sale(site: int) -> int | None:
    void = aliased(Transaction)
    return db.session.scalar(
        select(Transaction.id)
        .where(
            Transaction.site_id == site,
            Transaction.voids_id.is_(None),
            ~select(void.id).where(void.voids_id == Transaction.id).exists(),
        )
        .order_by(Transaction.confirmed_on.desc(), Transaction.id.desc())
        .limit(1)
    )


def _deposits(known: Visit) -> list[Till]:
    held = holdings.deposits(known.site_place.id)
    none = holdings.Deposits(quantity=0, amount=0)
    return [
        Till(
            fee=fee,
            held=held.get(fee.id, none).quantity,
            amount=held.get(fee.id, none).amount,
        )
        for fee in known.fees.values()
        if fee.kind == ServiceKind.DEPOSIT
    ]
