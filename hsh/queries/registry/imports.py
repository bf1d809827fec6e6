"""Files on their way in, as their pages show them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from hsh.core.refusals import NotFound
from hsh.db import db
from hsh.models.imports import Import, ImportRow, RowState
from hsh.models.people import User
from hsh.queries.days import between
from hsh.queries.keyset import Order
from hsh.queries.lists import Long
from hsh.queries.registry.finding import MOST_WORDS

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


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which files the list shows: one kind, words of the file's name, days."""

    kind: str = ""
    name: str = ""
    since: date | None = None
    until: date | None = None


def brought(kinds: Collection[str], wanted: Filter) -> Long:
    """Return the files of these kinds, newest first."""
    words = wanted.name.split()[:MOST_WORDS]
    return Long(
        query=select(Import, User.name).join(User, User.id == Import.brought_by),
        ref=Import.ref,
        orders={"at": Order(Import.id)},
        where=(
            Import.kind.in_(kinds),
            *([Import.kind == wanted.kind] if wanted.kind else ()),
            *(Import.file_name.icontains(word, autoescape=True) for word in words),
            *between(Import.brought_at, wanted.since, wanted.until),
        ),
        dress=_files,
    )


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
    file: File = _files([found])[0]
    return file


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


def _files(rows: Sequence[Any]) -> list[Any]:
    counted: dict[int, dict[RowState, int]] = {
        row.Import.id: dict.fromkeys(RowState, 0) for row in rows
    }
    for key, state, count in db.session.execute(
        select(ImportRow.import_id, ImportRow.state, func.count())
        .where(ImportRow.import_id.in_(counted))
        .group_by(ImportRow.import_id, ImportRow.state)
    ):
        counted[key][RowState(state)] = count
    return [_file(row.Import, row.name, counted[row.Import.id]) for row in rows]


def _file(row: Import, person: str, counted: dict[RowState, int]) -> File:
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
