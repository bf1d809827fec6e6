"""The one database handle and the one place where a transaction is begun and committed."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache, wraps
from pathlib import Path
from random import uniform
from time import sleep
from types import ModuleType
from typing import Any, cast, overload

import pysqlite3.dbapi2 as sqlite
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Executable,
    Insert,
    MetaData,
    Result,
    Table,
    event,
    insert,
    make_url,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.selectable import TypedReturnsRows

from hsh.core.notes import Notes, Row

ATTEMPTS = 8
"""How often an act is tried when other acts stand in its way."""
_PAUSE = 0.02
"""Seconds, more with each attempt and drawn by lot: acts that met do not meet again at once."""

_PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "recursive_triggers": "ON",  # without it REPLACE walks past a refusing trigger
    "busy_timeout": "5000",
}
_RETRY_SQLITE = ("locked", "busy", "UNIQUE constraint failed")
_RETRY_MYSQL = {1213, 1205, 1020, 1062, 2006, 2013}
_sqlite_writers = threading.Lock()


class Base(DeclarativeBase):
    """Parent of every table. Every constraint has a name, so that migrations can find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


def engine_options(url: str) -> dict[str, Any]:
    """Return the options that the laws need from an engine for ``url``."""
    if make_url(url).get_backend_name() == "sqlite":
        module: ModuleType = sqlite
        return {"module": module}
    return {
        "isolation_level": "READ COMMITTED",
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "pool_size": 16,
        "max_overflow": 16,
        "connect_args": {
            "connect_timeout": 10,
            "init_command": "SET SESSION sql_mode = 'TRADITIONAL', SESSION time_zone = '+00:00',"
            " SESSION innodb_lock_wait_timeout = 10",
        },
    }


def prepare(engine: Engine) -> None:
    """Give every connection of ``engine`` the settings and the BEGIN that the laws need."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_sqlite)


def atomic[**P, R](work: Callable[P, R]) -> Callable[P, R]:
    """Run ``work`` all or nothing (law 3); a nested call joins the outer transaction.

    The whole act is tried again on a deadlock, a lock wait, a lost race for a unique key, or
    a lost connection. A commit of unknown outcome is thereby settled: the repeat finds its
    own submission and gives the same answer (law 5).
    """

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if "notes" in db.session.info:
            return work(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with _transaction():
                    return work(*args, **kwargs)
            except DBAPIError as error:
                if attempt == ATTEMPTS or not _worth_another_try(error):
                    raise
            sleep(uniform(0, attempt * _PAUSE))  # noqa: S311 - no secret
        raise AssertionError

    return run


@contextmanager
def _transaction() -> Iterator[None]:
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise AssertionError("rows were changed outside a service")
    session.rollback()  # ends the read snapshot that loading the user opened
    with _writer_turn(db.engine):
        session.info["notes"] = Notes()
        try:
            session.connection(execution_options={"hsh_write": True})
            yield
            _write_the_last()
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("notes")


def notes() -> Notes:
    """Return what the act that is under way keeps in mind."""
    kept: Notes = db.session.info["notes"]
    return kept


def _write_the_last() -> None:
    """Write what the act left for its end."""
    db.session.flush()
    write_left()
    for write in notes().last:
        write()


def write_left() -> None:
    """Write now the rows that were left for the end of the act: what follows reads them."""
    if "notes" not in db.session.info:
        return  # no act is under way
    for statement, rows in notes().rows.items():
        if rows:
            execute(cast("Executable", statement), rows if len(rows) > 1 else rows[0])
    notes().rows.clear()


@contextmanager
def remembering() -> Iterator[None]:
    """Have ``remembered`` read once what many acts of one transaction ask for."""
    db.session.info["memory"] = {}
    try:
        yield
    finally:
        db.session.info.pop("memory")


def remembered[T](key: object, read: Callable[[], T]) -> T:
    """Return what ``read`` finds; read once for a ``key`` inside ``remembering``.

    Only for what no act changes that is carried out there: the registry but for its meters.
    """
    memory: dict[object, T] | None = db.session.info.get("memory")
    if memory is None:
        return read()
    if key not in memory:
        memory[key] = read()
    return memory[key]


@contextmanager
def apart() -> Iterator[None]:
    """Let a part of an act fail for itself: what it did is undone, and the act may go on."""
    savepoint, undo = db.session.connection().begin_nested(), notes().marked()
    try:
        yield
        db.session.flush()
    except DBAPIError:
        raise  # no savepoint outlives a deadlock: the whole act is undone
    except BaseException:
        db.session.expunge_all()
        db.session.info.get("memory", {}).clear()
        savepoint.rollback()
        undo()
        raise
    savepoint.commit()


@contextmanager
def _writer_turn(engine: Engine) -> Iterator[None]:
    """Queue SQLite's writers: first this process's threads, then all processes.

    The lock file is opened afresh each time: a descriptor inherited over a fork excludes nobody.
    """
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        with nullcontext():
            yield
        return
    with _sqlite_writers:
        descriptor = os.open(f"{Path(path)}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


type Values = Mapping[str, object] | Sequence[Mapping[str, object]]
"""The values of a statement's parameters; for an INSERT, those of many rows."""


@overload
def execute[*Ts](
    statement: TypedReturnsRows[*Ts], values: Values | None = None
) -> CursorResult[*Ts]: ...
@overload
def execute(
    statement: Executable, values: Values | None = None
) -> CursorResult[*tuple[Any, ...]]: ...
def execute(statement: Executable, values: Values | None = None) -> CursorResult[*tuple[Any, ...]]:
    """Execute ``statement`` in the session's transaction, past the ORM.

    What a sale runs is built once, with parameters, and comes through here: building a
    statement anew and handing it to the session costs eight times as much.
    """
    return db.session.connection().execute(statement, values)


def append(model: type[Base], **row: object) -> int:
    """Insert one row without the ORM's unit of work; return its id, 0 where the key is no id."""
    key = execute(_insert(model), row).inserted_primary_key
    return key[0] if key and isinstance(key[0], int) else 0


def append_all(model: type[Base], rows: Sequence[Row]) -> None:
    """Insert ``rows``, however many, as one statement."""
    if rows:
        execute(_insert(model), rows)


def append_last(model: type[Base], *rows: Row) -> None:
    """Insert ``rows`` when the act ends, with those of its other commands."""
    notes().leave(_insert(model), rows)


@cache
def insert_or_ignore(model: type[Base]) -> Insert:
    """Return an INSERT that leaves a row of the same key as it is."""
    return (
        _insert(model)
        .prefix_with("OR IGNORE", dialect="sqlite")
        .prefix_with("IGNORE", dialect="mysql")
        .prefix_with("IGNORE", dialect="mariadb")
    )


@cache
def _insert(model: type[Base]) -> Insert:
    return insert(cast("Table", model.__table__))


def rows_changed(result: Result[Any]) -> int:
    """Return how many rows a guarded UPDATE matched, on every database."""
    return cast("CursorResult[Any]", result).rowcount


def _worth_another_try(error: DBAPIError) -> bool:
    cause = error.orig
    if isinstance(cause, sqlite.Error):
        return any(word in str(cause) for word in _RETRY_SQLITE)
    return bool(cause and cause.args and cause.args[0] in _RETRY_MYSQL)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours, not the driver's
    for name, value in _PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("hsh_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
