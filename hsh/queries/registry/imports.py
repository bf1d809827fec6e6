"""Files on their way in, as their pages show them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hsh.core.refusals import NotFound
from hsh.db import db
from hsh.models.imports import Import, ImportRow, RowState
from hsh.models.registry import User

_LATEST = 50
_UNREAD = re.compile("[\udc80-\udcff]")
"""A byte that is no character (services.imports.sheet): no page could be sent with it."""
SHOWN = 50
"""How many bad rows a page shows; the file has all of them."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a file; ``problem``: the field and the parameters of what is wrong with it."""

    line: int
    cells: list[str]
    field: str | None
    params: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class File:
    """A file, and how many of its rows are in each state."""

    ref: UUID
    kind: str
    name: str
    person: str
    by: int
    at: datetime
    header: list[str]
    columns: dict[str, int] | None
    counts: dict[RowState, int]
    moved_at: datetime | None
    """When its rows were left to the worker, or it last took some in."""
    stopped: dict[str, Any] | None
    """Why the worker went no further: code and params of a refusal."""

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has still to take in rows."""
        return self.moved_at is not None and self.stopped is None and self.left > 0

    @property
    def rows(self) -> int:
        """Return how many rows it has."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """Return how many rows are still to be taken in."""
        return self.counts[RowState.GOOD]

    @property
    def done(self) -> int:
        """Return how many rows were taken in."""
        return self.counts[RowState.DONE]


def latest(kinds: Collection[str]) -> list[File]:
    """Return the newest files of these kinds."""
    rows = db.session.execute(
        select(Import, User.name)
        .join(User, User.id == Import.brought_by)
        .where(Import.kind.in_(kinds))
        .order_by(Import.id.desc())
        .limit(_LATEST)
    )
    return [_file(row, name) for row, name in rows]


def one(ref: UUID, kinds: Collection[str]) -> File:
    """Return a file.

    Raises:
        NotFound: there is none of these kinds.

    """
    found = db.session.execute(
        select(Import, User.name)
        .join(User, User.id == Import.brought_by)
        .where(Import.ref == ref, Import.kind.in_(kinds))
    ).one_or_none()
    if found is None:
        raise NotFound(what="file")
    return _file(*found)


def first_rows(ref: UUID, most: int = 5) -> list[Row]:
    """Return the first rows of a file, to see which column is which."""
    return [_row(row) for row in db.session.scalars(_rows(ref).limit(most))]


def bad_rows(ref: UUID, most: int | None = None) -> list[Row]:
    """Return the rows that cannot be taken in, in the file's order."""
    query = _rows(ref).where(ImportRow.state == RowState.BAD)
    return [_row(row) for row in db.session.scalars(query.limit(most) if most else query)]


def _rows(ref: UUID) -> Any:
    return (
        select(ImportRow)
        .join(Import, Import.id == ImportRow.import_id)
        .where(Import.ref == ref)
        .order_by(ImportRow.line)
    )


def _row(row: ImportRow) -> Row:
    problem = json.loads(row.problem) if row.problem else {}
    return Row(
        line=row.line,
        cells=[_UNREAD.sub("\ufffd", cell) for cell in json.loads(row.cells)],
        field=problem.get("field"),
        params=problem.get("params"),
    )


def _file(row: Import, person: str) -> File:
    counted = dict.fromkeys(RowState, 0)
    for state, count in db.session.execute(
        select(ImportRow.state, func.count())
        .where(ImportRow.import_id == row.id)
        .group_by(ImportRow.state)
    ):
        counted[RowState(state)] = count
    return File(
        ref=row.ref,
        kind=row.kind,
        name=row.file_name,
        person=person,
        by=row.brought_by,
        at=row.brought_at,
        header=json.loads(row.header),
        columns=json.loads(row.columns) if row.columns else None,
        counts=counted,
        moved_at=row.moved_at,
        stopped=json.loads(row.problem) if row.problem else None,
    )
