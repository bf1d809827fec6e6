"""Large books in minutes: real sales, then copies of them straight into the tables.

Only here does anything write past the services, and it ends with every law proved.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import batched, cycle, islice
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from bench import books, floor, mould, report
from bench.company import OPENING, SIZE, Seller, found, known
from bench.plan import Plan
from hsh.core import clock
from hsh.core.words import PaymentMethod
from hsh.db import db
from hsh.services.sales.orders import CylinderEntry
from hsh.services.sales.transactions import confirm_sale

SELLERS = 24
"""Trucks and sites that the sales of large books spread over."""
SALES_AT_A_TIME = 5_000
_FIRST_DAY = datetime.combine(OPENING, time(9), clock.SINGAPORE).astimezone(UTC)
FAST = ("journal_mode = OFF", "foreign_keys = OFF", "synchronous = OFF", "cache_size = -500000")
"""No constraint is checked twice, nothing is made durable: the laws are proved at the end."""


@contextlib.contextmanager
def opened(plan: Plan, transactions: int) -> Iterator[list[Seller]]:
    """Open books that hold so many transactions, made now if need be; yield who sells in them."""
    file = file_of(plan, transactions)
    with books.opened(books.sqlite_url(file), plan.home):
        if not known():
            _make(file, transactions)
            report.line(f"  made books of {transactions} transactions")
            books.prove(plan.home)
        yield known()


def file_of(plan: Plan, transactions: int) -> Path:
    """Return the file of the books that hold so many transactions."""
    return (plan.keep or plan.home) / f"books-{transactions}.sqlite3"


def _make(file: Path, transactions: int) -> None:
    """Open the company on its first day, sell once at every site, and copy those sales."""
    with clock.running(lambda: _FIRST_DAY):
        for number, seller in enumerate(found(SELLERS)):
            method = PaymentMethod.CASH if number % 2 else PaymentMethod.ON_ACCOUNT
            goods = (CylinderEntry(equipment=SIZE, delivered=1, collected=1),)
            confirm_sale(seller.sale(cylinders=goods, payment_method=method))
    db.session.remove()
    db.engine.dispose()
    with contextlib.closing(sqlite.connect(file, isolation_level=None)) as bare:
        for pragma in FAST:
            bare.execute(f"PRAGMA {pragma}")
        bare.execute("BEGIN")
        _fill(bare, _moulds(books.sqlite_url(file)), transactions)
        bare.execute("COMMIT")


def _moulds(url: str) -> list[mould.Mould]:
    """Return a mould of the newest sale of every seller."""
    bare = floor.Bare(url)
    newest = bare.rows("SELECT id, ref FROM transactions ORDER BY id DESC LIMIT ?", [SELLERS])
    moulds = []
    for key, ref in newest:
        rows = floor.rows_of(bare, key, ref)
        moulds.append(
            mould.Mould(
                {
                    table: [dict(zip(columns, row, strict=True)) for row in some]
                    for table, (columns, some) in rows.items()
                }
            )
        )
    bare.close()
    return moulds


def _fill(bare: sqlite.Connection, moulds: list[mould.Mould], transactions: int) -> None:
    """Copy until there are so many transactions, and carry what they add up to."""
    standing = _standing(bare)
    copies = transactions - standing.transaction
    turns = zip(cycle(moulds), _instants(copies), strict=False)
    for some in batched(islice(turns, copies), SALES_AT_A_TIME):
        rows: defaultdict[str, list[mould.Row]] = defaultdict(list)
        for one, at in some:
            for table, row in one.copy(standing, at):
                rows[table].append(row)
        for table, of_it in rows.items():
            insert(bare, table, of_it)
    _carry(bare, standing)


def _instants(count: int) -> Iterator[datetime]:
    """Yield so many instants, evenly from the second day to yesterday."""
    first = _FIRST_DAY + timedelta(days=1)
    step = (clock.now() - timedelta(days=1) - first) / count
    return (first + step * number for number in range(count))


def insert(bare: sqlite.Connection, table: str, rows: list[mould.Row]) -> None:
    """Insert ``rows``, of which some have other columns than others: paid or on account."""
    names = ", ".join(f"`{name}`" for name in rows[0])
    marks = ", ".join(f":{name}" for name in rows[0])
    bare.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608


def _standing(bare: sqlite.Connection) -> mould.Books:
    def newest(table: str, column: str = "id") -> int:
        [(last,)] = bare.execute(f"SELECT coalesce(max({column}), 0) FROM {table}")  # noqa: S608
        return int(last)

    [(link,)] = bare.execute("SELECT hash FROM audit_head")
    levels = bare.execute("SELECT place_id, equipment_id, `condition`, quantity FROM stock_levels")
    counters = bare.execute("SELECT series, year, issued FROM counters")
    return mould.Books(
        transaction=newest("transactions"),
        document_id=newest("documents"),
        ids={table: newest(table, column) for table, column in mould.STEPS.items()},
        sequence=newest("audit_entries", "sequence"),
        link=link,
        levels={(place, item, state): count for place, item, state, count in levels},
        issued={(series, year): issued for series, year, issued in counters},
    )


def _carry(bare: sqlite.Connection, books_: mould.Books) -> None:
    """Bring levels, counters and the head of the chain to where the copies left them."""
    bare.executemany(
        "UPDATE stock_levels SET quantity = ?"
        " WHERE place_id = ? AND equipment_id = ? AND `condition` = ?",
        [(count, *level) for level, count in books_.levels.items()],
    )
    bare.executemany(
        "REPLACE INTO counters (issued, series, year) VALUES (?, ?, ?)",
        [(issued, *shelf) for shelf, issued in books_.issued.items()],
    )
    bare.execute("UPDATE audit_head SET sequence = ?, hash = ?", (books_.sequence, books_.link))
