"""How somebody with every right on the database would cheat: behind every guard's back.

The laws' own tests cheat with these too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import CheckConstraint, Connection, Engine, select, update

from hsh.db import Base
from hsh.models import guards
from hsh.models.books import AuditEntry, AuditHead
from hsh.models.sales import Document
from hsh.queries.books.audit_laws import GENESIS
from hsh.queries.law import PaperAnchor
from hsh.services.books.audit import chain

_ON_SLIP = 16
"""Digits of an anchor's hash on a receipt."""


@contextmanager
def without_guards(owner: Engine) -> Iterator[Connection]:
    """Connect with the triggers, checks and references put aside; all come back at the end."""
    with owner.connect() as connection:
        raw = connection.connection.cursor()
        for statement in (*_aside(owner), *guards.drop_triggers()):
            raw.execute(statement)
        try:
            yield connection
        finally:
            connection.rollback()
            for statement in (*_back(owner), *guards.create_triggers(owner.dialect.name)):
                raw.execute(statement)
            connection.invalidate()


def _aside(owner: Engine) -> Sequence[str]:
    """Return what puts CHECKs and references aside for this connection; on MySQL CHECKs for all."""
    if owner.dialect.name == "sqlite":
        return ("PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON")
    references = "SET FOREIGN_KEY_CHECKS = 0"
    if getattr(owner.dialect, "is_mariadb", False):
        return (references, "SET check_constraint_checks = 0")
    return (references, *_alter_checks("NOT ENFORCED"))


def _back(owner: Engine) -> Sequence[str]:
    """Return what has to be put back: what was not for this connection alone."""
    shared = owner.dialect.name == "mysql" and not getattr(owner.dialect, "is_mariadb", False)
    return _alter_checks("ENFORCED") if shared else ()


def _alter_checks(how: str) -> list[str]:
    """Return a statement for each table with CHECKs."""
    found = []
    for table in Base.metadata.sorted_tables:
        checks = [one.name for one in table.constraints if isinstance(one, CheckConstraint)]
        if checks:
            clauses = ", ".join(f"ALTER CHECK `{name}` {how}" for name in checks)
            found.append(f"ALTER TABLE `{table.name}` {clauses}")
    return found


def rechain(connection: Connection, edited: Callable[[int, str], str]) -> None:
    """Let ``edited`` change what entries say, and chain all of them anew, as if never written."""
    link = GENESIS
    entries = connection.execute(
        select(AuditEntry.sequence, AuditEntry.body).order_by(AuditEntry.sequence)
    ).all()
    for sequence, body in entries:
        said = edited(sequence, body)
        previous, link = link, chain(link, said)
        connection.execute(
            update(AuditEntry)
            .where(AuditEntry.sequence == sequence)
            .values(body=said, previous_hash=previous, hash=link)
        )
    connection.execute(update(AuditHead).values(hash=link))


def reseal(connection: Connection) -> None:
    """Let every document bear the hash that its audit entry has now."""
    now = select(AuditEntry.hash).where(AuditEntry.sequence == Document.anchor_sequence)
    connection.execute(update(Document).values(anchor_hash=now.scalar_subquery()))


def anchors_on_paper(connection: Connection) -> tuple[PaperAnchor, ...]:
    """Return the anchors that the documents' slips bear, oldest first."""
    rows = connection.execute(
        select(Document.anchor_sequence, Document.anchor_hash).order_by(Document.anchor_sequence)
    )
    return tuple(PaperAnchor(sequence=at, prefix=link[:_ON_SLIP]) for at, link in rows)
