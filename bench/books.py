"""Databases to measure in: migrated like any other, thrown away afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import create_engine, text

from bench.figure import NotCountedError
from hsh import config, create_app
from hsh.db import db, engine_options
from hsh.queries.verify import verify


@contextlib.contextmanager
def opened(url: str, home: Path) -> Iterator[Flask]:
    """Open the books at ``url``, migrated; files go below ``home``."""
    app = create_app(config.load({"DATABASE_URL": url, "HSH_DATA_DIR": str(home)}))
    with app.app_context():
        try:
            flask_migrate.upgrade()
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def sqlite_url(file: Path) -> str:
    """Return the address of the books in ``file``."""
    return f"sqlite:///{file}"


def copied(file: Path, to: Path) -> Path:
    """Copy the open books in ``file``, whole: nothing may be left beside it in its log."""
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        connection.exec_driver_sql("BEGIN")
    if busy:
        raise NotCountedError(f"{file} could not be copied: it is in use")
    return Path(shutil.copy(file, to))


def prove(home: Path) -> None:
    """Prove every law on the open books (``flask verify``).

    Raises:
        NotCountedError: one of them is broken.

    """
    broken = [check for check in verify(db.engine, data_dir=home) if not check.ok]
    if broken:
        raise NotCountedError("; ".join(f"{check.name}: {check.detail}" for check in broken))


@dataclass(frozen=True)
class Server:
    """A MariaDB server of our own, with durable commits as in production."""

    url: str
    """Of its first database, as owner."""

    def database(self, name: str) -> str:
        """Make one more database and return its address."""
        schema = f"hsh_test_{name}"
        engine = create_engine(self.url, **engine_options(self.url))
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {schema} CHARACTER SET utf8mb4"))
        engine.dispose()
        return self.url.replace("/hsh_test?", f"/{schema}?")


@contextlib.contextmanager
def mariadb(home: Path) -> Iterator[Server]:
    """Start a durable MariaDB server on this machine; stop it and drop its data afterwards."""
    environ = os.environ | {"HSH_MARIADB": str(home / "mariadb")}
    script = str(config.ROOT / "scripts" / "mariadb")
    started = subprocess.run(  # noqa: S603 - our own script
        [script, "start", "--durable"], env=environ, check=True, capture_output=True, text=True
    )
    try:
        urls = dict(line.split("=", 1) for line in started.stdout.splitlines())
        yield Server(urls["HSH_TEST_DATABASE"])
    finally:
        subprocess.run([script, "stop"], env=environ, check=True)  # noqa: S603
