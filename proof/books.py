"""An empty database after the migrations, with a small company in it, for one goal alone."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import URL, Engine, create_engine, make_url, select, text

from hsh import config, create_app
from hsh.db import Base, db, engine_options, prepare
from hsh.models.grants import grants
from hsh.queries.law import Books as Snapshot
from hsh.queries.law import Check, Law
from hsh.queries.verify import verify
from proof.world import World, found_company


@dataclass(kw_only=True)
class Books:
    """The app on a database of its own, and the world that every run begins with."""

    home: Path
    app: Flask
    owner: Engine
    """Sees triggers too; on SQLite it is the app's own."""
    world: World
    _kept: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def broken(self) -> list[str]:
        """Return every law that the database breaks, with the places that break it."""
        return _told(verify(self.owner, data_dir=self.home))

    def breaks(self, laws: Iterable[Law]) -> list[str]:
        """Return which of these laws are broken, while nobody writes."""
        with self.owner.connect() as connection:
            books = Snapshot(connection=connection, data_dir=self.home)
            return _told(one.check(books) for one in laws)

    def version(self) -> str:
        """Return the database's name and version."""
        with self.owner.connect() as connection:
            dialect = connection.dialect
            name = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
            return f"{name} {'.'.join(map(str, dialect.server_version_info or ()))}"

    def let_go(self) -> None:
        """Close every connection: nothing of this process stands in the way of a child."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.owner.dispose()

    def again(self) -> None:
        """Put the database back to how the run began."""
        self.let_go()
        if self.owner.dialect.name == "sqlite":
            _put_back(self.home)
        else:
            self._empty()

    def keep(self) -> None:
        """Remember the database as it is now, for ``again``."""
        self.let_go()
        if self.owner.dialect.name == "sqlite":
            shutil.copy(file_of(self.home), _template(self.home))
        else:
            with self.owner.connect() as connection:
                for table in Base.metadata.sorted_tables:
                    rows = connection.execute(select(table)).mappings()
                    self._kept[table.name] = [dict(row) for row in rows]

    def _empty(self) -> None:
        with self.owner.begin() as connection:
            connection.execute(text("SET FOREIGN_KEY_CHECKS = 0"))
            for table in Base.metadata.sorted_tables:
                if connection.execute(select(table).limit(1)).first():
                    connection.execute(text(f"TRUNCATE TABLE {table.name}"))
                if self._kept[table.name]:
                    connection.execute(table.insert(), self._kept[table.name])
            connection.execute(text("SET FOREIGN_KEY_CHECKS = 1"))


def _told(checks: Iterable[Check]) -> list[str]:
    return [f"{check.name}: {check.detail}" for check in checks if not check.ok]


def file_of(home: Path) -> Path:
    """Return the file of the embedded database that lives in ``home``."""
    return home / "hsh.sqlite3"


def url_of(home: Path) -> str:
    """Return the address of the embedded database that lives in ``home``."""
    return f"sqlite:///{file_of(home)}"


@contextmanager
def embedded() -> Iterator[Books]:
    """Open books on SQLite, in a folder that goes with them."""
    with tempfile.TemporaryDirectory(prefix="hsh-proof-") as folder:
        home = Path(folder)
        with _open(home, owner=url_of(home), app=url_of(home)) as books:
            yield books


@contextmanager
def on_server(owner: str, app: str) -> Iterator[Books]:
    """Open books in a database of their own on a MySQL or MariaDB server; drop it afterwards.

    ``owner`` and ``app`` are the addresses of the two accounts, as in production.
    """
    name = f"{make_url(owner).database}_proof_{os.getpid()}"
    urls = [make_url(url).set(database=name) for url in (owner, app)]
    server = create_engine(owner, **engine_options(owner))
    _run(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    with tempfile.TemporaryDirectory(prefix="hsh-proof-") as folder:
        spelt = [url.render_as_string(hide_password=False) for url in urls]
        try:
            with _open(Path(folder), owner=spelt[0], app=spelt[1]) as books:
                yield books
        finally:
            _run(server, f"DROP DATABASE {name}")
            server.dispose()


@contextmanager
def _open(home: Path, *, owner: str, app: str) -> Iterator[Books]:
    environ = {"DATABASE_URL": app, "HSH_MIGRATE_URL": owner, "HSH_DATA_DIR": str(home)}
    made = create_app(config.load(environ))
    engine = create_engine(owner, **engine_options(owner))
    prepare(engine)
    with made.app_context():
        flask_migrate.upgrade()
        _grant(engine, make_url(app))
        world = found_company()
    books = Books(home=home, app=made, owner=engine, world=world)
    books.keep()
    try:
        yield books
    finally:
        books.let_go()


def _grant(owner: Engine, app: URL) -> None:
    if app.username and app.username != owner.url.username and owner.url.database:
        _run(owner, *grants(app.username, owner.url.database))


def _run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _template(home: Path) -> Path:
    return home / "template.sqlite3"


def _put_back(home: Path) -> None:
    for path in home.glob("hsh.sqlite3-*"):
        path.unlink()
    shutil.copy(_template(home), file_of(home))


def unsound(engine: Engine) -> list[str]:
    """Return what SQLite itself finds wrong with its pages."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    return [f"integrity_check: {fault}" for fault in found if fault != "ok"]
