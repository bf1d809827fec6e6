"""Proving the audit chain, against hashing it and nothing else."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from bench import loader
from bench.figure import Bars, Figure, NotCountedError, in_turn
from bench.plan import Plan
from hsh.db import db
from hsh.queries.books import audit_laws
from hsh.queries.law import Books

BARS = Bars(must=5, aim=3)


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield what ``flask verify`` takes for the chain, in seconds of one core."""
    with loader.opened(plan, plan.large):
        file = Path(str(db.engine.url.database))
        pairs = in_turn(plan.pairs, lambda: _ours(plan.home), lambda: _bare(file))
    entries = f"{plan.large:,} entries and more; both read them from the database"
    yield pairs.figure("audit chain, verify / bare SHA-256", BARS, unit="s", note=entries)


def _ours(home: Path) -> float:
    """Prove the chain and its head as ``flask verify`` does."""
    with db.engine.connect() as connection:
        books = Books(connection=connection, data_dir=home)
        began = time.process_time()
        checks = [law.check(books) for law in audit_laws.LAWS]
        took = time.process_time() - began
    if not all(check.ok for check in checks):
        raise NotCountedError("; ".join(check.detail for check in checks))
    return took


def _bare(file: Path) -> float:
    """Read the bodies with the driver and hash each with the link before it."""
    with contextlib.closing(sqlite.connect(file)) as bare:
        began = time.process_time()
        link = "0" * 64
        for (body,) in bare.execute("SELECT body FROM audit_entries ORDER BY sequence"):
            link = sha256((link + body).encode()).hexdigest()
        took = time.process_time() - began
        [(head,)] = bare.execute("SELECT hash FROM audit_head")
    if link != head:
        raise NotCountedError("the bare chain ends elsewhere")
    return took
