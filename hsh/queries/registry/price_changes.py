"""What a change of many prices would do, before it is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import ColumnElement, and_, or_, select

from hsh.core.canonical import canonical, digest
from hsh.core.money import CENT, PLACES
from hsh.core.refusals import Invalid
from hsh.core.words import RateScope, RateSubject
from hsh.db import db
from hsh.models.registry import Customer, Place, Rate, Site
from hsh.queries.registry import customer_lists, prices
from hsh.queries.registry.prices import Item, Owner

MOST = 5_000
"""How many prices one change may set."""
_FINEST = Decimal(1).scaleb(-PLACES)
_PERCENT = (Decimal(-99), Decimal(1000))

type Key = tuple[str, int]
"""A scope and the id of a list, customer or site in it."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to change from a day on.

    Without ``customers`` the list itself changes, and if ``own_too`` the own prices of who pays by
    it; with these words, those of its customers in whom they are found get prices of their own.
    """

    price_list: str
    customers: str
    own_too: bool
    items: frozenset[str]
    percent: Decimal | None
    amount: Decimal | None
    step: Decimal
    """A price in dollars is a multiple of it; metered gas keeps all its places."""
    starts_on: date


@dataclass(frozen=True, kw_only=True)
class Line:
    """One price that would be set."""

    scope: RateScope
    scope_id: int
    whose: str
    item: Item
    old: Decimal | None
    """What they would pay that day otherwise."""
    new: Decimal
    until: date | None
    """When another price that is set already begins."""

    @property
    def difference(self) -> Decimal | None:
        """Return by how much it rises."""
        return None if self.old is None else self.new - self.old


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Who would pay what. ``taken``: already has a price from that very day, which stays."""

    lines: tuple[Line, ...]
    taken: tuple[str, ...]

    def digest(self) -> str:
        """Return the hash by which exactly this preview is known again."""
        return digest(canonical([self.lines, self.taken]))


def preview(wish: Wish, today: date) -> Preview:
    """Return who would pay what from the day of ``wish`` on.

    Raises:
        NotFound: there is no such price list.
        Invalid: the wish will not do, or would change too many prices.

    """
    _check(wish, today)
    chosen = _chosen(wish.items)
    whose = prices.owner(RateScope.PRICE_LIST, wish.price_list)
    lines: list[Line] = []
    taken: list[str] = []
    for one, rates, wider in _owners(wish, whose, chosen):
        for item in chosen:
            line = _line(wish, one, item, rates, wider)
            if isinstance(line, str):
                taken.append(line)
            elif line:
                lines.append(line)
        if len(lines) > MOST:
            raise Invalid(field="price_list", reason="price_change_size", most=MOST)
    return Preview(lines=tuple(lines), taken=tuple(taken))


def _check(wish: Wish, today: date) -> None:
    if (wish.percent is None) == (wish.amount is None):
        raise Invalid(field="percent", reason="percent_or_amount")
    least, most = _PERCENT
    if wish.percent is not None and not least <= wish.percent <= most:
        raise Invalid(field="percent", reason="percent_range")
    if wish.starts_on < today:
        raise Invalid(field="starts_on", reason="price_begins")


def _chosen(keys: frozenset[str]) -> list[Item]:
    chosen = [item for item in prices.items() if item.key in keys]
    if not chosen or len(chosen) != len(keys):
        raise Invalid(field="items", reason="items_missing" if not keys else "unknown_price")
    return chosen


@dataclass(frozen=True, kw_only=True)
class _One:
    scope: RateScope
    id: int
    name: str
    only_own: bool
    """Whether only prices that it has of its own are changed."""


def _owners(
    wish: Wish, whose: Owner, chosen: list[Item]
) -> Iterator[tuple[_One, list[Rate], list[Rate]]]:
    """Yield whose prices change, with their own rates and those that hold where they have none."""
    list_key = (RateScope.PRICE_LIST, whose.id)
    listed = _rates([Rate.scope == list_key[0], Rate.scope_id == list_key[1]], chosen)[list_key]
    if wish.customers:
        found = _customers(wish.customers, whose.id)
        own = _rates(
            [Rate.scope == RateScope.CUSTOMER, Rate.scope_id.in_([row.id for row in found])], chosen
        )
        for row in found:
            one = _One(scope=RateScope.CUSTOMER, id=row.id, name=row.name, only_own=False)
            yield one, own[RateScope.CUSTOMER, row.id], listed
        return
    yield (
        _One(scope=RateScope.PRICE_LIST, id=whose.id, name=whose.name, only_own=True),
        listed,
        [],
    )
    if wish.own_too:
        yield from _own(whose.id, chosen)


def _own(price_list: int, chosen: list[Item]) -> Iterator[tuple[_One, list[Rate], list[Rate]]]:
    """Yield the customers of a list and their sites that have prices of their own."""
    buyers = select(Customer.id, Customer.name).where(Customer.price_list_id == price_list)
    places = (
        select(Place.id, Place.name)
        .join(Site, Site.place_id == Place.id)
        .join(Customer, Customer.id == Site.customer_id)
        .where(Customer.price_list_id == price_list)
    )
    for scope, query in ((RateScope.CUSTOMER, buyers), (RateScope.SITE, places)):
        ids = query.with_only_columns(query.selected_columns[0])
        rates = _rates([Rate.scope == scope, Rate.scope_id.in_(ids)], chosen)
        having = {key for _, key in rates}
        named = db.session.execute(
            query.where(query.selected_columns[0].in_(having)).order_by(
                query.selected_columns[1], query.selected_columns[0]
            )
        )
        for key, name in named:
            yield _One(scope=scope, id=key, name=name, only_own=True), rates[scope, key], []


def _customers(text: str, price_list: int) -> list[Customer]:
    """Return the open customers of a list in whom ``text`` is found, by name."""
    return list(
        db.session.scalars(
            select(Customer)
            .where(
                Customer.id.in_(customer_lists.found(text)),
                Customer.active,
                Customer.price_list_id == price_list,
            )
            .order_by(Customer.name, Customer.id)
            .limit(MOST + 1)
        )
    )


def _rates(which: list[ColumnElement[bool]], chosen: list[Item]) -> defaultdict[Key, list[Rate]]:
    """Return the rates that hold or will, for the ``chosen`` items, by their owner."""
    wanted = or_(
        *(and_(Rate.subject == item.subject, Rate.subject_id == item.id) for item in chosen)
    )
    found: defaultdict[Key, list[Rate]] = defaultdict(list)
    for row in db.session.scalars(select(Rate).where(*which, wanted, Rate.withdrawn == 0)):
        found[row.scope, row.scope_id].append(row)
    return found


def _line(
    wish: Wish, one: _One, item: Item, rates: list[Rate], wider: list[Rate]
) -> Line | str | None:
    """Return the price that would be set; None when it stays, words when its day is taken."""
    own = [row for row in rates if (row.subject, row.subject_id) == item.what]
    if any(row.starts_on == wish.starts_on for row in own):
        return f"{one.name}: {item.name or item.key}"
    if one.only_own and not own and one.scope != RateScope.PRICE_LIST:
        return None
    holds = prices.current(own, wish.starts_on).get(item.what) or prices.current(
        wider, wish.starts_on
    ).get(item.what)
    old = holds.amount if holds else None
    new = _new(wish, item, old)
    if new is None or new == old:
        return None
    later = [row.starts_on for row in own if row.starts_on > wish.starts_on]
    return Line(
        scope=one.scope,
        scope_id=one.id,
        whose=one.name,
        item=item,
        old=old,
        new=new,
        until=min(later, default=None),
    )


def _new(wish: Wish, item: Item, old: Decimal | None) -> Decimal | None:
    if wish.amount is not None:
        return wish.amount
    if old is None or wish.percent is None:
        return None
    step = _FINEST if item.subject == RateSubject.USAGE else max(wish.step, CENT)
    raised = old * (100 + wish.percent) / 100
    return (raised / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
