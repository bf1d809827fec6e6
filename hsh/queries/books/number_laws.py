"""Numbers have no gaps and no duplicates per series and year (law 4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import select

from hsh.core import clock
from hsh.core.words import DocumentKind, Series
from hsh.models.books import Counter
from hsh.models.logistics import Correction, Distribution
from hsh.models.sales import Document, Transaction
from hsh.queries.law import FIRST, Books, Fault, Query, law

type Shelf = tuple[str, int]
"""A series and a year."""

_DISTRIBUTIONS = select(Distribution.id, Distribution.number, Distribution.confirmed_at)
_CORRECTIONS = select(Correction.id, Correction.number, Correction.confirmed_at)
_DOCUMENTS = select(Document.id, Document.number, Transaction.confirmed_at).join(
    Transaction, Transaction.id == Document.transaction_id
)
_TRANSACTIONS = select(Document.id, Document.transaction_number, Transaction.confirmed_at).join(
    Transaction, Transaction.id == Document.transaction_id
)
_NUMBERED: dict[Series, Query] = {
    Series.DISTRIBUTION: _DISTRIBUTIONS.where(Distribution.number.is_not(None)),
    Series.TRANSACTION: _TRANSACTIONS,
    Series.INVOICE: _DOCUMENTS.where(Document.kind == DocumentKind.INVOICE),
    Series.CREDIT_NOTE: _DOCUMENTS.where(Document.kind == DocumentKind.CREDIT_NOTE),
    Series.ADJUSTMENT: _CORRECTIONS.where(Correction.kind.in_(("adjust", "open"))),
    Series.TRANSFER: _CORRECTIONS.where(Correction.kind == "transfer"),
    Series.DUMP: _CORRECTIONS.where(Correction.kind == "dump"),
    Series.WRITE_OFF: _CORRECTIONS.where(Correction.kind == "write_off"),
}
"""Where the numbers of each series stand, with the instant that decided their year."""
_COUNTERS = select(Counter.series, Counter.year, Counter.issued)


@law("numbers.gapless")
def numbers_are_gapless(books: Books) -> Iterator[Fault]:
    """Prove that each series and year was given out from 1 to its counter, each number once."""
    issued = {(row.series, row.year): row.issued for row in books.rows(_COUNTERS)}
    given: defaultdict[Shelf, set[int]] = defaultdict(set)
    for series, query in _NUMBERED.items():
        yield from _put_on_shelves(books, series, query, given)
    for shelf in sorted(issued.keys() | given.keys()):
        yield from _compare(shelf, given[shelf], issued.get(shelf, 0))


def _put_on_shelves(
    books: Books,
    series: Series,
    query: Query,
    given: defaultdict[Shelf, set[int]],
) -> Iterator[Fault]:
    written = re.compile(rf"{series}-(\d{{4}})-(\d{{6}}|[1-9]\d{{6,}})", re.ASCII)
    for _, number, confirmed_at in books.stream(query, query.selected_columns[0]):
        found = written.fullmatch(number)
        if not found:
            yield Fault(number, series=series)
            continue
        year, place = int(found[1]), int(found[2])
        if year != clock.business_date(confirmed_at).year:
            yield Fault(number, confirmed=confirmed_at)
        if place in given[series, year]:
            yield Fault(number, given="twice")
        given[series, year].add(place)


def _compare(shelf: Shelf, given: set[int], issued: int) -> Iterator[Fault]:
    series, year = shelf
    if len(given) == issued == max(given, default=0) and 0 not in given:
        return
    missing = (place for place in range(1, issued + 1) if place not in given)
    extra = sorted(place for place in given if not 0 < place <= issued)
    for place in (*islice(missing, FIRST), *extra[:FIRST]):
        yield Fault(f"{series}-{year}-{place:06d}", counter=issued, there=place in given)


LAWS = (numbers_are_gapless,)
