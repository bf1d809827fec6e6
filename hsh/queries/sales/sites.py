"""Finding a customer's site, and what stands on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.db import db
from hsh.models.registry import Customer, Depot, Meter, Place, Service, Site
from hsh.models.sales import DepositBalance, Document, Transaction
from hsh.queries import scope
from hsh.queries.registry import finding
from hsh.queries.sales import agreements, holdings
from hsh.queries.sales.agreements import Agreed

PAGE = 25
"""How many sites stand on one page of a search."""

_MOST_MATCHES = 50
_LAST_ORDERS = 5

type SiteRow = tuple[Place, Site, Customer]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of a search. ``next`` is the site behind which the next page begins."""

    rows: list[SiteRow]
    next: UUID | None


@dataclass(frozen=True, kw_only=True)
class HeldDeposit:
    """Deposits of one kind that we hold for a site; ``amount`` in cents."""

    name: str
    quantity: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a site's page says. ``orders`` are those that the actor may see, newest first."""

    place: Place
    site: Site
    customer: Customer
    held: list[holdings.Held]
    deposits: list[HeldDeposit]
    meters: list[Meter]
    orders: Sequence[tuple[Transaction, Document]]
    agreed: list[Agreed]
    """Prices for the next sale alone."""


def search(text: str, *, after: UUID | None = None) -> Found:
    """Return the sites that ``text`` finds, by name: 25 of them, behind the site ``after``."""
    query = _matching(text)
    start = db.session.scalar(select(Place).where(Place.ref == after)) if after else None
    if start is not None:
        query = query.where(
            or_(Place.name > start.name, and_(Place.name == start.name, Place.id > start.id))
        )
    rows: list[SiteRow] = list(db.session.execute(query.limit(PAGE + 1)))
    more = len(rows) > PAGE
    return Found(rows=rows[:PAGE], next=rows[PAGE - 1][0].ref if more else None)


def matching_ids(text: str) -> list[int]:
    """Return the ids of the first 50 sites that ``text`` finds; a code finds its site alone."""
    code = text.strip().upper()
    named = select(Site.place_id).join(Place, Place.id == Site.place_id).where(Place.code == code)
    exact = db.session.scalar(named) if code.isascii() else None
    if exact is not None:
        return [exact]
    query = _matching(text).with_only_columns(Place.id).limit(_MOST_MATCHES)
    return list(db.session.scalars(query))


def counters(actor: Actor) -> list[tuple[Place, Place]]:
    """Return the depots at whose counter ``actor`` sells, each with its walk-in site."""
    depot, walk_in = aliased(Place), aliased(Place)
    rows = db.session.execute(
        select(depot, walk_in)
        .join(Depot, Depot.place_id == depot.id)
        .join(walk_in, walk_in.id == Depot.cash_sale_site_id)
        .where(depot.id.in_(scope.counters(actor)))
        .order_by(depot.name)
    )
    return list(rows)


def card(actor: Actor, ref: UUID) -> Card:
    """Return what the page of the site ``ref`` says.

    Raises:
        NotFound: there is no such site.

    """
    row = db.session.execute(_sites().where(Place.ref == ref)).one_or_none()
    if row is None:
        raise NotFound(what="site")
    place, site, customer = row
    return Card(
        place=place,
        site=site,
        customer=customer,
        held=holdings.held(place.id),
        deposits=_deposits(place.id),
        meters=_meters(place.id),
        orders=_orders(actor, place.id),
        agreed=list(agreements.waiting(place.id, clock.today()).values()),
    )


def _sites() -> Select[Place, Site, Customer]:
    """Return the sites that can be sold to, by name."""
    return (
        select(Place, Site, Customer)
        .join(Site, Site.place_id == Place.id)
        .join(Customer, Customer.id == Site.customer_id)
        .where(Place.active, Customer.active)
        .order_by(Place.name, Place.id)
    )


def _matching(text: str) -> Select[Place, Site, Customer]:
    """Return the sites in which every word of ``text`` occurs, or that have this number."""
    return _sites().where(finding.matches(text))


def _deposits(site: int) -> list[HeldDeposit]:
    rows = db.session.execute(
        select(Service.name, DepositBalance.quantity, DepositBalance.amount)
        .join(Service, Service.id == DepositBalance.service_id)
        .where(DepositBalance.site_id == site, DepositBalance.quantity > 0)
        .order_by(Service.id)
    )
    return [HeldDeposit(name=name, quantity=n, amount=cents) for name, n, cents in rows]


def _meters(site: int) -> list[Meter]:
    query = select(Meter).where(Meter.site_id == site, Meter.active).order_by(Meter.serial)
    return list(db.session.scalars(query))


def _orders(actor: Actor, site: int) -> list[tuple[Transaction, Document]]:
    rows = db.session.execute(
        select(Transaction, Document)
        .join(Document, Document.transaction_id == Transaction.id)
        .where(Transaction.site_id == site, scope.transactions(actor))
        .order_by(Transaction.confirmed_on.desc(), Transaction.id.desc())
        .limit(_LAST_ORDERS)
    )
    return list(rows)
