"""The floor: the rows that a sale left behind, written again by the bare driver.

Every value is known beforehand. The connection has the product's settings, and the tables its
constraints, indexes and triggers. One transaction and one durable commit for each sale, as few
statements as leave the same rows, and no work in Python but handing them to the driver.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import pymysql
import pysqlite3.dbapi2 as sqlite
from sqlalchemy import make_url

from bench.figure import NotCountedError
from hsh.db import Base, _set_pragmas

Row = Sequence[Any]


@dataclass(frozen=True)
class Step:
    """One statement and its rows: several go to the driver's ``executemany``."""

    sql: str
    rows: Sequence[Row]


Sale = Sequence[Step]


class Driver(Protocol):
    """What the two drivers have in common."""

    def cursor(self) -> Any:
        """Return a cursor."""

    def commit(self) -> None:
        """Make it durable."""

    def close(self) -> None:
        """Let go."""


class Bare:
    """Books reached by the driver alone, on SQLite or MariaDB."""

    def __init__(self, url: str) -> None:
        """Connect with the settings that the product uses."""
        parts = make_url(url)
        self.is_sqlite = parts.get_backend_name() == "sqlite"
        self.begin = "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN"
        self.driver: Driver
        if self.is_sqlite:
            self.driver = sqlite.connect(parts.database)
            _set_pragmas(self.driver, None)
        else:
            self.driver = cast("Driver", _mysql(parts))
        self.cursor = self.driver.cursor()

    def write(self, sales: Iterable[Sale]) -> None:
        """Write ``sales``, each in one transaction."""
        for sale in sales:
            self.cursor.execute(self.begin)
            for step in sale:
                if len(step.rows) == 1:
                    self.cursor.execute(step.sql, step.rows[0])
                else:
                    self.cursor.executemany(step.sql, step.rows)
            self.cursor.execute("COMMIT")

    def rows(self, sql: str, values: Row = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query whose places are marked ``?``."""
        self.cursor.execute(self.marked(sql), values)
        return list(self.cursor.fetchall())

    def marked(self, sql: str) -> str:
        """Return ``sql`` with the driver's own marks for places."""
        return sql if self.is_sqlite else sql.replace("?", "%s")

    def columns(self) -> list[str]:
        """Return the names of the columns last read."""
        return [column[0] for column in self.cursor.description]

    def let_go(self) -> None:
        """End the transaction that reading opened."""
        self.driver.commit()

    def close(self) -> None:
        """Close the connection."""
        self.driver.close()


def sales_since(books: Bare, last: int) -> list[Sale]:
    """Return every sale after the transaction ``last`` as the statements that write it."""
    found = [_sale(books, *row) for row in books.rows(_SALES, [last])]
    books.let_go()
    return found


def newest(books: Bare) -> int:
    """Return the id of the newest transaction."""
    [(last,)] = books.rows("SELECT max(id) FROM transactions")
    books.let_go()
    return int(last)


def rows_of(books: Bare, key: int, ref: str) -> dict[str, tuple[list[str], list[Row]]]:
    """Return what the transaction ``key`` added to each table: the columns' names, the rows."""
    found: dict[str, tuple[list[str], list[Row]]] = {}
    for table, own in _OWN.items():
        value = ref if ":ref" in own else key
        where = own.replace(":ref", "?").replace(":id", "?")
        rows = books.rows(f"SELECT * FROM {table} WHERE {where}", [value])  # noqa: S608
        if rows:
            found[table] = books.columns(), list(rows)
    return found


def require_equal(ours: Bare, floor: Bare) -> None:
    """Require that both sides left exactly the same rows in every table.

    Raises:
        NotCountedError: names the first table that differs.

    """
    for table in Base.metadata.tables.values():
        keys = ", ".join(f"`{column.name}`" for column in table.primary_key)
        query = f"SELECT * FROM {table.name} ORDER BY {keys}"  # noqa: S608 - our own table
        if ours.rows(query) != floor.rows(query):
            raise NotCountedError(f"the floor's {table.name} are not ours")


def copy_rows(source: Bare, target: Bare) -> None:
    """Give ``target``, freshly migrated, every row of ``source``."""
    target.cursor.execute("SET FOREIGN_KEY_CHECKS = 0")
    for table in Base.metadata.tables:
        rows = source.rows(f"SELECT * FROM {table}")  # noqa: S608 - our own table
        names = ", ".join(f"`{column}`" for column in source.columns())
        marks = ", ".join(["%s"] * len(source.columns()))
        sql = f"REPLACE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        if rows:
            target.cursor.executemany(sql, rows)
    target.let_go()
    target.cursor.execute("SET FOREIGN_KEY_CHECKS = 1")


_SALES = "SELECT id, ref FROM transactions WHERE id > ? ORDER BY id"
_OWN = {
    "submissions": "client_temp_id = :ref",
    "transactions": "id = :id",
    "transaction_lines": "transaction_id = :id",
    "payments": "transaction_id = :id",
    "stock_moves": "source_type = 'transaction' AND source_id = :id",
    "meter_readings": "transaction_id = :id",
    "documents": "transaction_id = :id",
    "outbox": "record_id = (SELECT id FROM documents WHERE transaction_id = :id)",
    "audit_entries": "record_ref = :ref",
}
"""Where the rows are that a sale adds."""


def _sale(books: Bare, key: int, ref: str) -> Sale:
    return [
        *_added(books, key, ref),
        *_levels(books, ref),
        *_meters(books, key),
        *_numbers(books, key),
    ]


def _added(books: Bare, key: int, ref: str) -> Iterator[Step]:
    for table, (columns, rows) in rows_of(books, key, ref).items():
        names = ", ".join(f"`{column}`" for column in columns)
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        yield Step(books.marked(sql), rows)


def _levels(books: Bare, ref: str) -> Iterator[Step]:
    """Set every level that the sale changed, as its audit entry tells them."""
    [(body,)] = books.rows("SELECT body FROM audit_entries WHERE record_ref = ?", [ref])
    levels = json.loads(body)["after"]["levels"]
    this = "(place_id = ? AND equipment_id = ? AND `condition` = ?)"
    cases = " ".join(f"WHEN {this} THEN ?" for _ in levels)
    where = " OR ".join(this for _ in levels)
    sql = f"UPDATE stock_levels SET quantity = CASE {cases} END WHERE {where}"  # noqa: S608
    keys = [(level["place"], level["equipment"], level["condition"]) for level in levels]
    values = [(*key, level["quantity"]) for key, level in zip(keys, levels, strict=True)]
    yield Step(books.marked(sql), [[cell for row in (*values, *keys) for cell in row]])


def _meters(books: Bare, key: int) -> Iterator[Step]:
    """Move each meter on to its reading: a normal one, as all that are measured."""
    rows = books.rows(
        "SELECT current, read_on, version, meter_id FROM meter_readings WHERE transaction_id = ?",
        [key],
    )
    sql = "UPDATE meters SET last_reading = ?, last_read_on = ?, estimated = 0, version = ?"
    if rows:
        yield Step(books.marked(f"{sql} WHERE id = ?"), rows)


def _numbers(books: Bare, key: int) -> Iterator[Step]:
    """Move the counters and the head of the audit chain on."""
    [(transaction, document, sequence, link)] = books.rows(
        "SELECT transaction_number, number, anchor_sequence, anchor_hash FROM documents"
        " WHERE transaction_id = ?",
        [key],
    )
    counters = []
    for number in (transaction, document):
        series, year, issued = number.split("-")
        counters.append((int(issued), series, int(year)))
    if len({issued for issued, _, _ in counters}) == 1:  # both series stand at the same number
        issued, _, year = counters[0]
        names = [series for _, series, _ in counters]
        sql = "UPDATE counters SET issued = ? WHERE series IN (?, ?) AND year = ?"
        yield Step(books.marked(sql), [(issued, *names, year)])
    else:
        sql = "UPDATE counters SET issued = ? WHERE series = ? AND year = ?"
        yield Step(books.marked(sql), counters)
    sql = "UPDATE audit_head SET sequence = ?, hash = ? WHERE id = 1"
    yield Step(books.marked(sql), [(sequence, link)])


def _mysql(parts: Any) -> Any:
    connection = pymysql.connect(
        host=parts.host,
        port=parts.port,
        user=parts.username,
        password=parts.password,
        database=parts.database,
        charset="utf8mb4",
        init_command="SET SESSION sql_mode = 'TRADITIONAL', SESSION time_zone = '+00:00'",
    )
    connection.cursor().execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    return connection
