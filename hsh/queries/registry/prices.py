"""Who pays what: the rates of a price list, a customer or a site, and the days that they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, exists, func, select

from hsh.core.refusals import NotFound
from hsh.core.words import RateScope, RateSubject
from hsh.db import db
from hsh.models.registry import Customer, Equipment, Place, PriceList, Rate, Service, Site
from hsh.queries.keyset import Order
from hsh.queries.lists import Long
from hsh.queries.registry.finding import MOST_WORDS
from hsh.queries.registry.rates import Subject

METERED = "usage"
"""The key of a cubic metre of metered gas."""


class State(StrEnum):
    """Where a price stands in time."""

    COMING = "coming"
    NOW = "now"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something that has a price; ``key`` names it in a form: ``equipment-C127``, ``usage``."""

    subject: RateSubject
    id: int
    key: str
    name: str | None
    """None for metered gas."""

    @property
    def what(self) -> Subject:
        """Return what a rate calls it."""
        return self.subject, self.id


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose prices: a list, a customer or a site, by its id; ``of`` names it in an address."""

    scope: RateScope
    id: int
    of: str
    name: str
    inclusive: bool
    """Whether GST is inside these prices."""
    wider: Owner | None = None
    """Whose prices hold where there is none of its own."""


@dataclass(frozen=True, kw_only=True)
class Price:
    """One dated price. ``id`` is the rate's."""

    id: int
    item: Item
    starts_on: date
    amount: Decimal
    state: State


def items() -> list[Item]:
    """Return everything that has a price: sizes and accessories, fees, deposits, metered gas."""
    sizes = db.session.execute(
        select(Equipment.id, Equipment.code, Equipment.name)
        .where(Equipment.active)
        .order_by(Equipment.kind.desc(), Equipment.net_kg, Equipment.code)
    )
    fees = db.session.execute(
        select(Service.id, Service.code, Service.name)
        .where(Service.active)
        .order_by(Service.kind.desc(), Service.id)
    )
    named = ((RateSubject.EQUIPMENT, sizes), (RateSubject.SERVICE, fees))
    return [
        *(
            Item(subject=subject, id=key, key=f"{subject}-{code}", name=name)
            for subject, rows in named
            for key, code, name in rows
        ),
        Item(subject=RateSubject.USAGE, id=0, key=METERED, name=None),
    ]


def owner(scope: RateScope, of: str) -> Owner:
    """Return whose prices ``of`` names: a price list's code, or the ref of a customer or site.

    Raises:
        NotFound: there is none.

    """
    match scope:
        case RateScope.PRICE_LIST:
            named = select(PriceList).where(PriceList.code == of)
            found = db.session.scalar(named) if of.isascii() else None  # MariaDB compares no others
            if found:
                return _list(found)
        case RateScope.CUSTOMER:
            buyer = db.session.scalar(select(Customer).where(Customer.ref == _ref(of)))
            if buyer:
                return _customer(buyer)
        case RateScope.SITE:
            at = _site(_ref(of))
            if at:
                return at
    raise NotFound(what="price list")


def prices(whose: Owner, today: date) -> list[Price]:
    """Return all prices of ``whose``, the newest of each item first."""
    known = {item.what: item for item in items()}
    rows = db.session.scalars(
        select(Rate)
        .where(Rate.scope == whose.scope, Rate.scope_id == whose.id)
        .order_by(Rate.starts_on.desc(), Rate.id.desc())
    ).all()
    begun = current(rows, today)
    found = [
        Price(
            id=row.id,
            item=known[what],
            starts_on=row.starts_on,
            amount=row.amount,
            state=_state(row, today, begun),
        )
        for row in rows
        if (what := (RateSubject(row.subject), row.subject_id)) in known
    ]
    place = {what: at for at, what in enumerate(known)}
    return sorted(found, key=lambda price: place[price.item.what])


def check_is_of(whose: Owner, rate: int) -> None:
    """Raise ``NotFound`` unless ``rate`` is a price of ``whose``."""
    found = db.session.scalar(
        select(Rate.id).where(Rate.id == rate, Rate.scope == whose.scope, Rate.scope_id == whose.id)
    )
    if found is None:
        raise NotFound(what="price")


def current(rows: Iterable[Rate], on: date) -> dict[Subject, Rate]:
    """Return which of the rates of one owner holds for each item on a day."""
    begun = [row for row in rows if not row.withdrawn and row.starts_on <= on]
    return {
        (RateSubject(row.subject), row.subject_id): row
        for row in sorted(begun, key=lambda row: row.starts_on)
    }


def lists() -> list[tuple[PriceList, int]]:
    """Return the price lists, with how many open customers pay by each."""
    rows = db.session.execute(
        select(PriceList, func.count(Customer.id))
        .outerjoin(Customer, (Customer.price_list_id == PriceList.id) & Customer.active)
        .group_by(PriceList.id)
        .order_by(PriceList.id)
    )
    return [(row, count) for row, count in rows]


def own_prices(text: str = "") -> Long:
    """Return the customers with prices of their own, by name; ``text``: words of the name."""
    count = select(func.count(Rate.id)).where(Rate.scope_id == Customer.id, *_OWN)
    words = text.split()[:MOST_WORDS]
    return Long(
        query=select(
            Customer.name, Customer.id, Customer.ref, count.scalar_subquery().label("prices")
        ),
        ref=Customer.ref,
        orders={"name": Order(Customer.name, Customer.id, falling=False)},
        where=(
            exists().where(Rate.scope_id == Customer.id, *_OWN),
            *(Customer.name.icontains(word, autoescape=True) for word in words),
        ),
        is_joined=True,
    )


_OWN = Rate.scope == RateScope.CUSTOMER, Rate.withdrawn == 0


def _state(row: Rate, today: date, begun: dict[Subject, Rate]) -> State:
    if row.withdrawn:
        return State.WITHDRAWN
    if row.starts_on > today:
        return State.COMING
    holds = begun[RateSubject(row.subject), row.subject_id]
    return State.NOW if holds.id == row.id else State.OVER


def _list(row: PriceList) -> Owner:
    return Owner(
        scope=RateScope.PRICE_LIST,
        id=row.id,
        of=row.code,
        name=row.name,
        inclusive=row.tax_inclusive,
    )


def _customer(row: Customer) -> Owner:
    wider = _list(db.session.get_one(PriceList, row.price_list_id))
    return Owner(
        scope=RateScope.CUSTOMER,
        id=row.id,
        of=str(row.ref),
        name=row.name,
        inclusive=wider.inclusive,
        wider=wider,
    )


def _site(ref: UUID) -> Owner | None:
    query: Select[Place, Customer] = (
        select(Place, Customer)
        .join(Site, Site.place_id == Place.id)
        .join(Customer, Customer.id == Site.customer_id)
        .where(Place.ref == ref)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        return None
    place, customer = found
    wider = _customer(customer)
    return Owner(
        scope=RateScope.SITE,
        id=place.id,
        of=str(place.ref),
        name=place.name,
        inclusive=wider.inclusive,
        wider=wider,
    )


def _ref(of: str) -> UUID:
    try:
        return UUID(of)
    except ValueError:
        raise NotFound(what="price list") from None
