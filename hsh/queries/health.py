"""What the laws need from the database, checked one by one: for ``flask doctor`` and the start.

A check says what it found; the words for it belong to whoever shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from hsh.db import db
from hsh.models import guards
from hsh.models.registry import Company
from hsh.queries import schema

SQLITE_WANTED = (3, 51, 3)
"""Older libraries can lose commits when the WAL is reset (fixed in 3.51.3)."""

_SQLITE_WANTED = {
    "journal_mode": "wal",
    "synchronous": "2",  # FULL: a commit survives a power cut
    "foreign_keys": "1",
    "recursive_triggers": "1",  # or REPLACE walks past a refusing trigger
    "busy_timeout": "5000",
}
_MYSQL_WANTED: Mapping[str, frozenset[str]] = {
    "transaction_isolation": frozenset({"READ-COMMITTED"}),
    "time_zone": frozenset({"+00:00"}),
    "character_set_database": frozenset({"utf8mb4"}),
    "character_set_connection": frozenset({"utf8mb4"}),
    "innodb_flush_log_at_trx_commit": frozenset({"1"}),
    "innodb_doublewrite": frozenset({"ON", "DETECT_AND_RECOVER"}),
}
_DENIED = 1142
"""The server's code for: this account may not do that to this table."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool | None
    """None: this account cannot see it."""
    found: str
    wanted: str


def checks() -> list[Check]:
    """Return everything that was looked at, good and bad.

    Raises:
        DBAPIError: the database cannot be reached.

    """
    server = _sqlite if db.engine.dialect.name == "sqlite" else _mysql
    found = [*server(), _migrations()]
    if found[-1].ok:
        found.append(_triggers())
    return found


def company_is_there() -> bool:
    """Tell whether the books belong to a company already."""
    return db.session.scalar(select(Company.id)) is not None


def holds_demo_data() -> bool:
    """Tell whether these are the demo company's books, which never serve in production."""
    return bool(db.session.scalar(select(Company.is_demo)))


def server_version() -> str:
    """Return the database's own name and version."""
    if db.engine.dialect.name == "sqlite":
        return f"SQLite {_sqlite_version()}"
    return f"{db.engine.dialect.name} {db.session.scalar(text('SELECT VERSION()'))}"


def _sqlite() -> Iterator[Check]:
    version = _sqlite_version()
    wanted = ".".join(map(str, SQLITE_WANTED))
    ok = tuple(map(int, version.split("."))) >= SQLITE_WANTED
    yield Check(name="sqlite_library", ok=ok, found=version, wanted=f">= {wanted}")
    for name, value in _SQLITE_WANTED.items():
        found = str(db.session.scalar(text(f"PRAGMA {name}")))
        yield Check(name=name, ok=found == value, found=found, wanted=value)


def _sqlite_version() -> str:
    return str(db.session.scalar(text("SELECT sqlite_version()")))


def _mysql() -> Iterator[Check]:
    there = _variables()
    for name, values in _MYSQL_WANTED.items():
        found = there.get(name, "")
        wanted = " / ".join(sorted(values))
        yield Check(name=name, ok=found in values, found=found, wanted=wanted)
    yield _strict(there)
    yield _binary_log(there)
    yield _rights()


def _variables() -> dict[str, str]:
    """Return this session's settings; MariaDB calls the isolation by its older name."""
    rows: dict[str, str] = dict(db.session.execute(text("SHOW VARIABLES")).all())
    return rows | {
        "transaction_isolation": rows.get("transaction_isolation", rows.get("tx_isolation", ""))
    }


def _strict(there: Mapping[str, str]) -> Check:
    """Check the mode: unless strict, a value that is too long is cut in silence."""
    modes = there.get("sql_mode", "")
    wanted = "STRICT_ALL_TABLES"
    return Check(name="sql_mode", ok=wanted in modes.split(","), found=modes, wanted=wanted)


def _binary_log(there: Mapping[str, str]) -> Check:
    """Check the binary log: one that lags behind the commit tells a replica another story."""
    is_on = there.get("log_bin") == "ON"
    found = there.get("sync_binlog", "") if is_on else "OFF"
    return Check(name="sync_binlog", ok=found in {"1", "OFF"}, found=found, wanted="1")


def _rights() -> Check:
    """Check that the account may add facts and not rewrite them (law 7)."""
    excess = [table for table in guards.FACTS for may in (_may_update, _may_delete) if may(table)]
    found = ", ".join(sorted(set(excess)))
    return Check(name="rights", ok=not excess, found=found, wanted="SELECT, INSERT")


def _may_update(table: str) -> bool:
    column = db.metadata.tables[table].primary_key.columns.values()[0].name
    return _may(f"EXPLAIN UPDATE {table} SET {column} = {column} WHERE 1 = 0")  # noqa: S608


def _may_delete(table: str) -> bool:
    return _may(f"EXPLAIN DELETE FROM {table} WHERE 1 = 0")  # noqa: S608 - our own names


def _may(statement: str) -> bool:
    """Ask the server, who checks the rights of an explained statement as if it ran."""
    try:
        db.session.execute(text(statement))
    except (OperationalError, ProgrammingError) as error:
        if error.orig and error.orig.args[0] == _DENIED:
            return False
        raise
    return True


def _migrations() -> Check:
    version, newest = schema.version() or "", schema.newest() or ""
    return Check(name="migrations", ok=version == newest, found=version, wanted=newest)


def _triggers() -> Check:
    missing = schema.missing_triggers()
    all_missing = missing == guards.trigger_names()
    unseen = all_missing and db.engine.dialect.name != "sqlite" and _rights().ok
    return Check(
        name="triggers",
        ok=None if unseen else not missing,
        found="" if unseen else ", ".join(sorted(missing)),
        wanted=str(len(guards.trigger_names())),
    )
