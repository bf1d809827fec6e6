"""Large books of distributions: one of every state done for real, then copied into the tables.

Like the loader of sales, it writes past the services and ends with every law proved.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import batched, cycle, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import select

from bench import books, loader, report
from bench.company import OPENING, SIZE, Seller, found, known
from bench.plan import Plan
from hsh.cli.demo.company import SUPERVISOR
from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.words import Condition, Direction
from hsh.db import db
from hsh.models.people import User
from hsh.models.registry import Place, Vehicle
from hsh.queries.registry import people
from hsh.services.books.audit import chain
from hsh.services.books.numbering import number
from hsh.services.logistics.distributions import (
    ConfirmDistribution,
    ReverseDistribution,
    confirm_distribution,
    reverse_distribution,
)
from hsh.services.logistics.drafts import (
    DropDistribution,
    PlanDistribution,
    PlannedLine,
    drop_distribution,
    plan_distribution,
)

DAYS = 20
"""The distributions are planned for so many days until yesterday: each fills a page of the list."""
TRUCKS = 12
ROUNDS_AT_A_TIME = 1_000
_FIRST = datetime.combine(OPENING, time(9), clock.SINGAPORE).astimezone(UTC)
_TABLES = {
    "distributions": "id > ?",
    "distribution_lines": "distribution_id > ?",
    "stock_moves": "source_type = 'distribution' AND source_id > ?",
}

type Row = dict[str, Any]
type Rows = dict[str, list[Row]]


@contextlib.contextmanager
def opened(plan: Plan, distributions: int) -> Iterator[list[Seller]]:
    """Open books of so many distributions, made now if need be; yield their drivers."""
    file = (plan.keep or plan.home) / f"runs-{distributions}.sqlite3"
    with books.opened(books.sqlite_url(file), plan.home):
        if not known():
            _make(file, distributions)
            report.line(f"  made books of {distributions} distributions")
            books.prove(plan.home)
        yield known()


def _make(file: Path, distributions: int) -> None:
    with clock.running(lambda: _FIRST):
        drivers = found(TRUCKS)
    with contextlib.closing(sqlite.connect(file, isolation_level=None)) as bare:
        rounds = [
            _round(bare, driver, _FIRST + timedelta(hours=turn))
            for turn, driver in enumerate(drivers, 1)
        ]
        db.session.remove()
        db.engine.dispose()
        for pragma in loader.FAST:
            bare.execute(f"PRAGMA {pragma}")
        bare.execute("BEGIN")
        _fill(bare, rounds, distributions)
        bare.execute("COMMIT")


def _round(bare: sqlite.Connection, driver: Seller, at: datetime) -> Rows:
    """Do a distribution of every state at the instant ``at``; return the rows that they left.

    What is unloaded is loaded again: a copy begins with the levels that the first began with.
    """
    bare.row_factory = sqlite.Row
    [run] = bare.execute("SELECT coalesce(max(id), 0) FROM distributions").fetchone()
    [entry] = bare.execute("SELECT max(sequence) FROM audit_entries").fetchone()
    with clock.running(lambda: at):
        _Acts.of(driver).all()
    found_ = {
        table: bare.execute(f"SELECT * FROM {table} WHERE {where}", [run])  # noqa: S608
        for table, where in _TABLES.items()
    }
    stored = at.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    found_["submissions"] = bare.execute("SELECT * FROM submissions WHERE applied_at = ?", [stored])
    found_["audit_entries"] = bare.execute(
        "SELECT * FROM audit_entries WHERE sequence > ? ORDER BY sequence", [entry]
    )
    return {table: [dict(row) for row in rows] for table, rows in found_.items()}


@dataclass(frozen=True)
class _Acts:
    """A driver's distributions of one day, and the supervisor who takes one of them back."""

    driver: Actor
    supervisor: Actor
    truck: Any
    depot: Any

    @classmethod
    def of(cls, seller: Seller) -> _Acts:
        """Return the acts of ``seller`` at the depot of their truck."""
        home = select(Vehicle.home_depot_id).join(Place, Place.id == Vehicle.place_id)
        depot = db.session.scalars(
            select(Place.ref).where(
                Place.id == home.where(Place.ref == seller.truck).scalar_subquery()
            )
        ).one()
        supervisor = people.credentials(SUPERVISOR)
        assert supervisor is not None  # noqa: S101 - the demo company has one
        return cls(seller.actor, supervisor.actor, seller.truck, depot)

    def all(self) -> None:
        """Leave one pending, one dropped, two confirmed, one reversed, and its reversal."""
        self._plan(Direction.OUT)
        drop_distribution(DropDistribution(**self._about(self._plan(Direction.OUT))))
        self._confirm(Direction.IN)
        wrong = self._confirm(Direction.OUT)
        reverse_distribution(
            ReverseDistribution(
                actor=self.supervisor, submission=uuid4(), distribution=wrong, reason="bench"
            )
        )
        self._confirm(Direction.OUT)

    def _plan(self, way: Direction) -> Any:
        lines = (PlannedLine(direction=way, equipment=SIZE, condition=Condition.FULL, quantity=5),)
        ref = uuid4()
        plan_distribution(
            PlanDistribution(
                actor=self.driver, submission=ref, depot=self.depot, truck=self.truck,
                driver=db.session.get_one(User, self.driver.id).ref, planned_on=clock.today(),
                lines=lines,
            )
        )  # fmt: skip
        return ref

    def _confirm(self, way: Direction) -> Any:
        about = self._about(self._plan(way))
        confirm_distribution(ConfirmDistribution(**about))
        return about["distribution"]

    def _about(self, ref: Any) -> dict[str, Any]:
        return {"actor": self.driver, "submission": uuid4(), "distribution": ref}


@dataclass
class _Standing:
    """Where the books stand: the last id of each table, the chain and the counter."""

    ids: dict[str, int]
    link: str
    issued: dict[int, int]

    @classmethod
    def of(cls, bare: sqlite.Connection) -> _Standing:
        """Read where the books stand."""
        keys = dict.fromkeys(_TABLES, "id") | {"audit_entries": "sequence"}
        counters = bare.execute("SELECT year, issued FROM counters WHERE series = 'DIST'")
        return cls(
            ids={
                table: bare.execute(f"SELECT max({key}) FROM {table}").fetchone()[0]  # noqa: S608
                for table, key in keys.items()
            },
            link=bare.execute("SELECT hash FROM audit_head").fetchone()[0],
            issued=dict(map(tuple, counters.fetchall())),
        )

    def next(self, table: str) -> int:
        """Return the next id of ``table``."""
        self.ids[table] += 1
        return self.ids[table]

    def number(self, year: int) -> str:
        """Return the next number of ``year``."""
        self.issued[year] = self.issued.get(year, 0) + 1
        return number("DIST", year, self.issued[year])


def _fill(bare: sqlite.Connection, rounds: list[Rows], distributions: int) -> None:
    standing = _Standing.of(bare)
    each = len(rounds[0]["distributions"])
    count = (distributions - standing.ids["distributions"]) // each + 1
    moulds = cycle([_Mould.of(rows) for rows in rounds])
    for some in batched(
        islice(zip(moulds, _instants(count), strict=False), count), ROUNDS_AT_A_TIME
    ):
        rows: Rows = {}
        for mould, at in some:
            for table, copies in mould.copy(standing, at).items():
                rows.setdefault(table, []).extend(copies)
        for table, of_it in rows.items():
            loader.insert(bare, table, of_it)
    bare.executemany(
        "REPLACE INTO counters (series, year, issued) VALUES ('DIST', ?, ?)",
        list(standing.issued.items()),
    )
    bare.execute(
        "UPDATE audit_head SET sequence = ?, hash = ?",
        (standing.ids["audit_entries"], standing.link),
    )


def _instants(count: int) -> Iterator[datetime]:
    step = timedelta(days=DAYS) / count
    first = clock.now() - timedelta(days=DAYS + 1)
    return (first + step * number_ for number_ in range(count))


@dataclass(frozen=True)
class _Mould:
    """A round as the rows that it left, and the words in them that are others in a copy."""

    rows: Rows
    words: re.Pattern[str]
    at: datetime
    uuids: list[str]
    numbers: list[str]

    @classmethod
    def of(cls, rows: Rows) -> _Mould:
        """Find the words of the round: its forms, its numbers, its time."""
        first = rows["audit_entries"][0]
        at = datetime.fromisoformat(json.loads(first["body"])["at"])
        uuids = [row["client_temp_id"] for row in rows["submissions"]]
        numbers = sorted(row["number"] for row in rows["distributions"] if row["number"])
        words = [*uuids, *numbers, *_times(at)]
        return cls(rows, re.compile("|".join(map(re.escape, words))), at, uuids, numbers)

    def copy(self, books_: _Standing, at: datetime) -> Rows:
        """Return the rows of one more such round at the instant ``at``; move ``books_`` on."""
        year = clock.business_date(at).year
        others = {old: str(uuid4()) for old in self.uuids}
        others |= {old: books_.number(year) for old in self.numbers}
        others |= dict(zip(_times(self.at), _times(at), strict=True))

        def worded(row: Row) -> Row:
            return {
                name: self.words.sub(lambda found_: others[found_[0]], cell)
                if isinstance(cell, str)
                else cell
                for name, cell in row.items()
            }

        rows = {table: [worded(row) for row in some] for table, some in self.rows.items()}
        _number(rows, books_)
        return rows


def _times(at: datetime) -> list[str]:
    """Return how an instant is written: in JSON, in a column, as a day; the longest first."""
    stored = at.astimezone(UTC).replace(tzinfo=None)
    return [
        at.isoformat(),
        stored.isoformat(sep=" ", timespec="microseconds"),
        clock.business_date(at).isoformat(),
    ]


def _number(rows: Rows, books_: _Standing) -> None:
    """Give copied ``rows`` ids of their own, and chain their audit entries."""
    runs: dict[int | None, int | None] = {None: None}
    for row in rows["distributions"]:
        runs[row["id"]] = row["id"] = books_.next("distributions")
        row["reverses_id"] = runs[row["reverses_id"]]
    for table, column in (("distribution_lines", "distribution_id"), ("stock_moves", "source_id")):
        for row in rows[table]:
            row |= {"id": books_.next(table), column: runs[row[column]]}
    for row in rows["audit_entries"]:
        _chain(row, runs, books_)


def _chain(row: Row, runs: Mapping[int | None, int | None], books_: _Standing) -> None:
    sequence = books_.next("audit_entries")
    body = row["body"].replace(f'"sequence":{row["sequence"]},', f'"sequence":{sequence},')
    body = re.sub(r'"reverses":(\d+)', lambda old: f'"reverses":{runs[int(old[1])]}', body)
    previous, books_.link = books_.link, chain(books_.link, body)
    row |= {"sequence": sequence, "body": body, "previous_hash": previous, "hash": books_.link}
