"""A law that data can prove (design part 2), and the books that it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute

type Query = Select[*tuple[Any, ...]]
type Found = Row[*tuple[Any, ...]]
type Column = InstrumentedAttribute[Any] | ColumnElement[Any]

FIRST = 5
"""How many wrong places a check names; the rest are counted."""

BATCH = 5_000
"""How many rows are held at a time."""

_UNFINISHED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, DBAPIError)
"""What a value of the wrong shape, or a database that went away, raises in a search."""


@dataclass(frozen=True, kw_only=True)
class PaperAnchor:
    """An anchor as it stands on paper: an entry's sequence and the beginning of its hash."""

    sequence: int
    prefix: str


@dataclass(frozen=True, kw_only=True)
class Books:
    """One unmoving picture of the database, and what was brought from outside of it."""

    connection: Connection
    data_dir: Path
    """Where stored documents live."""
    anchors: tuple[PaperAnchor, ...] = ()
    _memory: dict[Any, Any] = field(default_factory=dict)

    def batches(self, query: Query, key: Column) -> Iterator[list[Found]]:
        """Yield the rows of ``query`` in the order of its first column, the unique ``key``."""
        page = query.order_by(key).limit(BATCH)
        found = self.rows(page)
        while found:
            yield found
            found = self.rows(page.where(key > found[-1][0])) if len(found) == BATCH else []

    def stream(self, query: Query, key: Column) -> Iterator[Found]:
        """Yield the rows of ``query`` one by one, with a batch of them in memory."""
        for batch in self.batches(query, key):
            yield from batch

    def rows(self, query: Query) -> list[Found]:
        """Return all rows of ``query``."""
        return list(self.connection.execute(query))

    def remembered[T](self, read: Callable[[Books], T]) -> T:
        """Return what ``read`` finds, read once for all laws."""
        if read not in self._memory:
            self._memory[read] = read(self)
        found: T = self._memory[read]
        return found


class Fault:
    """A place where the books are wrong, and the values that show it."""

    def __init__(self, where: str, **shows: object) -> None:
        """Keep what an operator needs to find the place."""
        self.where = where
        self.shows: Mapping[str, object] = shows

    def __str__(self) -> str:
        """Write the place and its values, without a sentence that would need translating."""
        values = " ".join(f"{name}={value}" for name, value in self.shows.items())
        return f"{self.where}: {values}" if values else self.where


@dataclass(frozen=True, kw_only=True)
class Check:
    """What became of one law."""

    name: str
    ok: bool
    detail: str
    """The first places that are wrong and how many more there are; empty when none is."""
    seconds: float


@dataclass(frozen=True)
class Law:
    """A named promise and the search for places that break it."""

    name: str
    faults: Callable[[Books], Iterator[Fault]]

    def check(self, books: Books) -> Check:
        """Search the whole of ``books``. A search that cannot be finished proves nothing."""
        began = perf_counter()
        try:
            detail = _first(self.faults(books))
        except _UNFINISHED as error:
            detail = _why(error)
        seconds = round(perf_counter() - began, 3)
        return Check(name=self.name, ok=not detail, detail=detail, seconds=seconds)


def law(name: str) -> Callable[[Callable[[Books], Iterator[Fault]]], Law]:
    """Make a law of a function that yields every place where the books break it."""
    return lambda faults: Law(name, faults)


def _why(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"{type(cause).__name__}: {cause}"


def _first(faults: Iterator[Fault]) -> str:
    named = "; ".join(map(str, islice(faults, FIRST)))
    more = sum(1 for _ in faults)
    return f"{named}; +{more}" if more else named
