"""The exports that somebody asked for: theirs alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import ExportKind
from hsh.db import db
from hsh.models.books import Export
from hsh.queries.keyset import Order
from hsh.queries.lists import Long


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An export: how far it is, and where its file will be below the data directory."""

    ref: UUID
    listing: str
    kind: ExportKind
    asked_at: datetime
    part: int
    """Of the PDFs of one list, from 1."""
    rows: int
    made_at: datetime | None
    size: int | None
    problem: str | None

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has still to make it."""
        return self.made_at is None and self.problem is None

    @property
    def path(self) -> str:
        """Where its file is, below the data directory."""
        return f"exports/{self.ref}.{self.kind}"


def mine(actor: Actor, listing: str = "") -> Long:
    """Return what ``actor`` asked for and is still kept, newest first; of one list or of all."""
    return Long(
        query=select(Export),
        ref=Export.ref,
        orders={"asked_at": Order(Export.id)},
        where=(
            Export.owner_id == actor.id,
            *([Export.listing == listing] if listing else ()),
        ),
        dress=lambda rows: [_asked(row.Export) for row in rows],
    )


def one(actor: Actor, ref: UUID) -> Asked:
    """Return an export of ``actor``.

    Raises:
        NotFound: there is none, or it is another's.

    """
    row = db.session.scalar(select(Export).where(Export.ref == ref, Export.owner_id == actor.id))
    if row is None:
        raise NotFound(what="export")
    return _asked(row)


def _asked(row: Export) -> Asked:
    return Asked(
        ref=row.ref, listing=row.listing, kind=ExportKind(row.kind), asked_at=row.asked_at,
        part=json.loads(row.asked).get("part", 1),
        rows=row.rows, made_at=row.made_at, size=row.size, problem=row.problem,
    )  # fmt: skip
