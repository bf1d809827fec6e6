"""Files on their way in: their rows wait here until they are taken in, in batches."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hsh.db import Base
from hsh.models.types import (
    Count,
    Hash,
    Id,
    IdType,
    Instant,
    Long,
    Name,
    UniqueRef,
    Word,
    one_of,
)


class RowState(StrEnum):
    """What became of a row of a file."""

    UNREAD = "unread"
    GOOD = "good"
    KNOWN = "known"
    BAD = "bad"
    DONE = "done"


class Import(Base):
    """A file that was brought to the office."""

    __tablename__ = "imports"
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    kind: Mapped[Word]
    file_name: Mapped[Name]
    sha256: Mapped[Hash] = mapped_column(index=True)
    header: Mapped[Long]
    """JSON: the cells of the first line."""
    columns: Mapped[Long | None]
    """JSON: for each of our columns, which one of the file it is; None until it was said."""
    brought_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    brought_at: Mapped[Instant]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """Who had its rows taken in; None while nobody did."""
    moved_at: Mapped[Instant | None]
    """When it was left to the worker, or the worker last took in rows."""
    problem: Mapped[Long | None]
    """JSON: why the worker stopped, as a refusal says it; the rows that are left wait."""


class ImportRow(Base):
    """A row of a file, and what became of it; ``line`` is where it stands in the file."""

    __tablename__ = "import_rows"
    __table_args__ = (
        one_of("state", RowState),
        Index("ix_import_rows_state", "import_id", "state", "line"),
    )
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    line: Mapped[int] = mapped_column(IdType, primary_key=True, autoincrement=False)
    cells: Mapped[Long]
    state: Mapped[Word]
    problem: Mapped[Long | None]
    """JSON: why it cannot be taken in, as a refusal says it."""
    batch: Mapped[Count | None]
    """With which batch it was taken in."""
