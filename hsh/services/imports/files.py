"""A file is brought, its columns are named, and the worker takes its rows in, a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from typing import Any, ClassVar, override
from uuid import UUID, uuid5

from sqlalchemy import func, select

from hsh.core import clock
from hsh.core.canonical import canonical
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import ImportUnderWay, Invalid, NotFound, Refusal
from hsh.core.roles import may, require
from hsh.db import append, append_all, atomic, db
from hsh.models.imports import Import, ImportRow, RowState
from hsh.queries.registry import people
from hsh.services.books import audit, outbox
from hsh.services.books.outbox import Message
from hsh.services.books.submissions import once
from hsh.services.books.work import FAILED, Work
from hsh.services.imports.cells import Cells, Known
from hsh.services.imports.kinds import KINDS, Batch, Kind
from hsh.services.imports.sheet import Sheet

RECORD = "import"
BATCH_RECORD = "import_batch"
TOPIC = "import.take"
"""Asks the worker for the next batch of a file; a batch that leaves rows asks for the next."""
BATCH = 250
"""How many rows one act takes in: some tenths of a second."""
_LEASE = timedelta(seconds=30)
"""A batch takes less; so long after a worker's death another one goes on."""
_AT_ONCE = 1_000


@dataclass(frozen=True, kw_only=True)
class BringFile(Command):
    """A file to keep, as it was read; nothing is taken in yet."""

    op: ClassVar[str] = "import.bring"
    kind: str
    file_name: str
    sheet: Sheet

    @override
    def content(self) -> dict[str, object]:
        """Return what tells this file from others: its hash stands for its rows."""
        return {"kind": self.kind, "file_name": self.file_name, "sha256": self.sheet.sha256}


@dataclass(frozen=True, kw_only=True)
class NameColumns(Command):
    """Which column of the file each of ours is, from 0; its rows are looked at by it."""

    op: ClassVar[str] = "import.map"
    file: UUID
    columns: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class TakeIn(Command):
    """All rows of the file that will do."""

    op: ClassVar[str] = "import.commit"
    file: UUID


@atomic
@once
def bring_file(command: BringFile) -> Outcome:
    """Keep a file's rows, with its columns as far as the header tells them.

    Raises:
        NotAllowed: such a file is not theirs to bring.
        Invalid: it was brought before and would count twice.

    """
    kind = _kind(command.kind, command)
    if kind.once and _taken_before(command.sheet.sha256, kind):
        raise Invalid(field="file", reason="file_done_before")
    number = append(
        Import,
        ref=command.submission,
        kind=kind.name,
        file_name=command.file_name,
        sha256=command.sheet.sha256,
        header=canonical(list(command.sheet.header)),
        columns=None,
        brought_by=command.actor.id,
        brought_at=clock.now(),
    )
    for some in batched(command.sheet.rows, _AT_ONCE):
        append_all(
            ImportRow,
            [
                {
                    "import_id": number,
                    "line": row.line,
                    "cells": json.dumps(row.cells),  # a broken character stays one
                    "state": RowState.UNREAD,
                }
                for row in some
            ],
        )
    _tell(command, command.submission, {"file": command.file_name, "sha256": command.sheet.sha256})
    return Outcome(record=RECORD, ref=command.submission)


@atomic
@once
def name_columns(command: NameColumns) -> Outcome:
    """Look at every row that was not taken in yet, by these columns: a dry run.

    Raises:
        NotFound: there is no such file, or it is not theirs.
        ImportUnderWay: its rows are being taken in.
        Invalid: a column that is needed is not named, or is not in the file.

    """
    require(command.actor.roles, command.op)
    file, kind = opened(command.file, command.actor)
    if _is_under_way(file):
        raise ImportUnderWay
    _check_columns(kind, command.columns, width=len(json.loads(file.header)))
    file.columns = canonical(command.columns)
    file.taken_by = file.moved_at = file.problem = None
    rows = _rows(file.id, *(state for state in RowState if state != RowState.DONE))
    read = kind.read([cells_of(row, command.columns) for row in rows], command.actor)
    _note(rows, read)
    _tell(command, file.ref, {"columns": command.columns})
    return Outcome(record=RECORD, ref=file.ref)


@atomic
@once
def take_in(command: TakeIn) -> Outcome:
    """Leave the rows to the worker, who takes them in under this person's name and roles.

    Raises:
        NotFound: there is no such file, or it is not theirs.

    """
    require(command.actor.roles, command.op)
    file, _kind = opened(command.file, command.actor)
    left = _left(file)
    if left and not _is_under_way(file):
        file.taken_by, file.moved_at, file.problem = command.actor.id, clock.now(), None
        db.session.flush()
        outbox.put(TOPIC, file.id, at=file.moved_at)
    _tell(command, file.ref, {"file": file.file_name, "left": left})
    return Outcome(record=RECORD, ref=file.ref)


def work() -> Work:
    """Return how the worker takes in batches."""
    return Work(topic=TOPIC, do=_take_batch, give_up=_stop, lease=_LEASE)


@atomic
def _take_batch(message: Message) -> None:
    """Take in the next rows; each is marked in the same act, so that none is taken in twice.

    Raises:
        Overtaken: another worker does it.
        Refusal: the rows cannot be taken in; nothing of the batch was.

    """
    outbox.done(message)
    file = db.session.get_one(Import, message.record_id, with_for_update=True)
    if file.taken_by is None or not _is_under_way(file):
        return
    by, kind = people.acting(file.taken_by), KINDS[file.kind]
    require(by.roles, TakeIn.op)
    require(by.roles, kind.action)
    rows = _rows(file.id, RowState.GOOD, most=BATCH)
    columns: dict[str, int] = json.loads(file.columns or "{}")
    read = kind.read([cells_of(row, columns) for row in rows], by)
    _note(rows, read)
    good = [one for one in read if not isinstance(one, Known | Refusal)]
    number = _batches(file) + 1
    batch = Batch(ref=uuid5(file.ref, f"batch {number}"), file=file.file_name, by=by)
    pictures = kind.take(good, batch) if good else {}
    for row in rows:
        if row.state == RowState.GOOD:
            row.state, row.batch = RowState.DONE, number
    file.moved_at = clock.now()
    db.session.flush()
    if _left(file):
        outbox.put(TOPIC, file.id, at=file.moved_at)
    if good:
        audit.record(
            TOPIC,
            by,
            record_type=BATCH_RECORD,
            ref=file.ref,
            after={"file": file.file_name, "batch": number, "rows": len(good), **pictures},
        )


def _stop(message: Message, why: Refusal | None) -> None:
    """Say why the file goes no further; who puts that right has it taken up again."""
    file = db.session.get_one(Import, message.record_id, with_for_update=True)
    said = {"code": why.code, "params": why.params} if why else {"code": FAILED, "params": {}}
    file.problem = canonical(said)
    db.session.flush()


def opened(ref: UUID, by: Actor) -> tuple[Import, Kind]:
    """Return the file ``ref``, that nobody else changes until this act ends.

    Raises:
        NotFound: there is none, or such files are not theirs.

    """
    file = db.session.scalar(select(Import).where(Import.ref == ref).with_for_update())
    if file is None:
        raise NotFound(what="file")
    kind = KINDS[file.kind]
    if not may(by.roles, kind.action):
        raise NotFound(what="file")
    return file, kind


def cells_of(row: ImportRow, columns: Mapping[str, int]) -> Cells:
    """Return a row's cells by the names of our columns."""
    cells: list[str] = json.loads(row.cells)
    return {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}


def _kind(name: str, command: Command) -> Kind:
    require(command.actor.roles, command.op)
    kind = KINDS.get(name)
    if kind is None:
        raise Invalid(field="kind", reason="unknown_kind")
    require(command.actor.roles, kind.action)
    return kind


def _is_under_way(file: Import) -> bool:
    return file.taken_by is not None and file.problem is None and _left(file) > 0


def _left(file: Import) -> int:
    """Return how many rows are still to be taken in."""
    good = select(func.count()).where(
        ImportRow.import_id == file.id, ImportRow.state == RowState.GOOD
    )
    return db.session.scalar(good) or 0


def _batches(file: Import) -> int:
    newest = select(func.max(ImportRow.batch)).where(ImportRow.import_id == file.id)
    return db.session.scalar(newest) or 0


def _taken_before(sha256: str, kind: Kind) -> bool:
    done = (
        select(ImportRow.line)
        .join(Import, Import.id == ImportRow.import_id)
        .where(Import.sha256 == sha256, Import.kind == kind.name, ImportRow.state == RowState.DONE)
    )
    return db.session.scalar(done.limit(1)) is not None


def _check_columns(kind: Kind, columns: Mapping[str, int], *, width: int) -> None:
    names = {column.name for column in kind.columns}
    for name, at in columns.items():
        if name not in names or not 0 <= at < width:
            raise Invalid(field=name, reason="no_such_column")
    for column in kind.columns:
        if column.needed and column.name not in columns:
            raise Invalid(field=column.name, reason="column_missing")


def _rows(file: int, *states: RowState, most: int | None = None) -> list[ImportRow]:
    query = (
        select(ImportRow)
        .where(ImportRow.import_id == file, ImportRow.state.in_(states))
        .order_by(ImportRow.line)
    )
    return list(db.session.scalars(query.limit(most) if most else query))


def _note(rows: Sequence[ImportRow], read: Sequence[object]) -> None:
    """Write beside each row what it is."""
    for row, one in zip(rows, read, strict=True):
        match one:
            case Known():
                row.state, row.problem = RowState.KNOWN, None
            case Refusal():
                row.state = RowState.BAD
                row.problem = canonical({"field": one.field, "params": one.params})
            case _:
                row.state, row.problem = RowState.GOOD, None
    db.session.flush()


def _tell(command: Command, ref: UUID, after: dict[str, Any]) -> None:
    audit.record(command.op, command, record_type=RECORD, ref=ref, after=after)
