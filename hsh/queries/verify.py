"""Prove every law that data can prove, on one unmoving picture of the books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from hsh.queries.books import audit_laws
from hsh.queries.books import laws as books_laws
from hsh.queries.law import Books, Check, PaperAnchor
from hsh.queries.logistics import laws as logistics_laws
from hsh.queries.registry import laws as registry_laws
from hsh.queries.sales import laws as sales_laws

LAWS = (
    *books_laws.LAWS,
    *logistics_laws.LAWS,
    *sales_laws.LAWS,
    *registry_laws.LAWS,
)


def verify(
    engine: Engine, *, data_dir: Path, anchors: tuple[PaperAnchor, ...] = ()
) -> Iterator[Check]:
    """Check each law in turn; the caller sees each answer as it comes."""
    with _snapshot(engine) as connection:
        yield from check(Books(connection=connection, data_dir=data_dir, anchors=anchors))


def check(books: Books) -> Iterator[Check]:
    """Check each law on ``books``; those of paper when anchors were brought."""
    for law in (*LAWS, *audit_laws.ON_PAPER) if books.anchors else LAWS:
        yield law.check(books)


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Read everything as of one instant, while others go on writing."""
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection
