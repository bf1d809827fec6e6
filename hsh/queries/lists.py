"""A list as somebody asked for it: a page of it, how much it is, and all of it for a file.

What is shown, counted, added up and exported is the same condition, so nobody gets a file of what
they do not see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import Any, Protocol, Self

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hsh.db import db
from hsh.models.types import ExactType
from hsh.queries import keyset
from hsh.queries.keyset import EVERYWHERE, Order, Page, Query, Shelves

MOST = 10_000
"""So many rows are counted and added up while somebody waits; of more, nobody asks the number."""
MOST_JOINED = 1_000
"""And so many where an index alone cannot count them."""
AT_A_TIME = 1_000
"""Rows of an export that are held at once."""
_KEY = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)
"""What a ref, a number or a sequence is made of; MariaDB compares them with nothing else."""
_COUNTED = re.compile(r"[0-9]{1,7}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much a list is. ``is_more``: than ``count``, and then nothing was added up."""

    count: int
    is_more: bool = False
    sums: Mapping[str, int | Decimal] = field(default_factory=dict)


class Source(Protocol):
    """Where the rows of a list come from."""

    @property
    def sorts(self) -> Mapping[str, bool]:
        """What it can be ordered by, first how it comes unasked; whether the greatest leads."""

    def page(self, cursor: str, sort: str) -> Page:
        """Return the page that ``cursor`` leads to; ``sort`` with a minus turns its order round."""

    def extent(self) -> Extent:
        """Return how much the whole list is, within bounds."""

    def only(self, refs: Sequence[str]) -> Self:
        """Return the list of those rows alone that were chosen; what is no row is passed over."""

    def batches(self, sort: str, cursor: str = "") -> Iterator[Page]:
        """Yield all pages from the one of ``cursor`` on, as long as memory allows."""

    def rows(self, sort: str) -> Iterator[Any]:
        """Yield every row in order, with few of them in memory."""


@dataclass(frozen=True, kw_only=True)
class Long:
    """A list of a table that grows for ever: read by an index, page by page."""

    query: Query
    """What is shown, joined as the rows need it, without conditions."""
    ref: InstrumentedAttribute[Any]
    """What a row is chosen by."""
    orders: Mapping[str, Order]
    where: Sequence[ColumnElement[bool]]
    """On the table of ``ref`` alone, so that it is counted without what is joined."""
    shelves: Shelves = EVERYWHERE
    sums: Mapping[str, InstrumentedAttribute[int] | InstrumentedAttribute[Decimal]] = field(
        default_factory=dict
    )
    dress: Callable[[list[Any]], list[Any]] = list
    """Adds to the rows of a page what is better read for all of them at once."""
    size: int = keyset.PAGE
    is_joined: bool = False
    """Whether it takes a look at other tables to count a row."""

    @property
    def sorts(self) -> Mapping[str, bool]:
        """What an index orders it by."""
        return {name: order.falling for name, order in self.orders.items()}

    def page(self, cursor: str, sort: str) -> Page:
        """Return the page that ``cursor`` leads to, the first for an unknown one."""
        found = keyset.page(
            self.query,
            self._order(sort),
            cursor,
            where=self.where,
            shelves=self.shelves,
            size=self.size,
        )
        return replace(found, rows=self.dress(found.rows))

    def extent(self) -> Extent:
        """Count up to a bound; add up where there are no more."""
        if not self.shelves:
            return Extent(count=0)
        keys = next(iter(self.orders.values())).keys[-1:]
        most = MOST_JOINED if self.is_joined else MOST
        some = select(*keys).where(*self.where, or_(*self.shelves)).limit(most + 1).subquery()
        count = db.session.scalar(select(func.count()).select_from(some)) or 0
        if count > most:
            return Extent(count=most, is_more=True)
        return Extent(count=count, sums=self._sums() if self.sums and count else {})

    def only(self, refs: Sequence[str]) -> Self:
        """Return the list of the chosen rows."""
        kept = [ref for ref in refs if _KEY.fullmatch(ref)]
        if self.ref.type.python_type is int:
            numbers = [int(ref) for ref in kept if ref.isdigit()]
            return replace(self, where=(*self.where, self.ref.in_(numbers)), shelves=EVERYWHERE)
        return replace(self, where=(*self.where, self.ref.in_(kept)), shelves=EVERYWHERE)

    def batches(self, sort: str, cursor: str = "") -> Iterator[Page]:
        """Yield pages of a thousand, each by a statement of its own: no snapshot is held."""
        whole = replace(self, size=AT_A_TIME)
        while True:
            found = whole.page(cursor, sort)
            yield found
            db.session.rollback()
            if found.after is None:
                return
            cursor = found.after

    def rows(self, sort: str) -> Iterator[Any]:
        """Yield all rows."""
        for page in self.batches(sort):
            yield from page.rows

    def _order(self, sort: str) -> Order:
        first = next(iter(self.orders.values()))
        order = self.orders.get(sort.removeprefix("-"), first)
        return order.turned() if sort.startswith("-") else order

    def _sums(self) -> dict[str, int | Decimal]:
        sums = [func.sum(column).label(name) for name, column in self.sums.items()]
        row = db.session.execute(select(*sums).where(*self.where, or_(*self.shelves))).one()
        return {
            name: value if isinstance(self.sums[name].type, ExactType) else int(value)
            for name, value in row._mapping.items()  # noqa: SLF001 - its way
        }


@dataclass(frozen=True, kw_only=True)
class Short:
    """A list of what a company has few of, or that is added up anyway: read whole, in any order."""

    all: Sequence[Any]
    ref: str = "ref"
    """The attribute by which a row is chosen; empty where rows are sums."""
    by: Sequence[str] = ()
    """Attributes of a row that it can be ordered by; unasked it comes as it is."""
    sums: Collection[str] = ()
    summed: Mapping[str, int] = field(default_factory=dict)
    """Sums of what is no attribute of a row."""
    size: int = 200

    @property
    def sorts(self) -> Mapping[str, bool]:
        """What it is ordered by, the least first."""
        return dict.fromkeys(self.by, False)

    def page(self, cursor: str, sort: str) -> Page:
        """Return the page that begins with the row ``cursor``, counted from 0."""
        at = int(cursor) if _COUNTED.fullmatch(cursor) else 0
        after, before = at + self.size, max(at - self.size, 0)
        return Page(
            rows=list(islice(self.rows(sort), at, after)),
            after=str(after) if after < len(self.all) else None,
            before=str(before) if at else None,
        )

    def extent(self) -> Extent:
        """Count and add up."""
        sums = {name: sum(getattr(row, name) or 0 for row in self.all) for name in self.sums}
        return Extent(count=len(self.all), sums={**sums, **self.summed})

    def only(self, refs: Sequence[str]) -> Self:
        """Return the chosen rows."""
        if not self.ref:
            return self
        kept = [row for row in self.all if str(getattr(row, self.ref)) in refs]
        return replace(self, all=kept, summed={})

    def batches(self, sort: str, cursor: str = "") -> Iterator[Page]:
        """Yield what there is from ``cursor`` on."""
        yield replace(self, size=max(len(self.all), 1)).page(cursor, sort)

    def rows(self, sort: str) -> Iterator[Any]:
        """Yield every row; one without a value of ``sort`` stands last."""
        name = sort.removeprefix("-")
        if name not in self.by:
            return iter(self.all)
        known = [row for row in self.all if getattr(row, name) is not None]
        known.sort(key=lambda row: _folded(getattr(row, name)), reverse=sort.startswith("-"))
        return iter([*known, *(row for row in self.all if getattr(row, name) is None)])


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
