"""Large exports: asked for in the browser, made by the worker, kept some days for their owner."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, ClassVar
from uuid import uuid4

from sqlalchemy import delete, select, update

from hsh.core import clock
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import Refusal
from hsh.core.roles import require
from hsh.core.words import ExportKind
from hsh.db import append, atomic, db
from hsh.models.books import Export
from hsh.queries.registry import people
from hsh.services.books import audit, outbox
from hsh.services.books.outbox import Message
from hsh.services.books.submissions import once
from hsh.services.books.work import FAILED, Work

RECORD = "export"
TOPIC = "export.make"
KEPT = timedelta(days=3)
"""A file is thrown away so long after it was asked for."""
_EACH = 500
"""Rows after which it is written down how many are done."""


@dataclass(frozen=True, kw_only=True)
class RequestExport(Command):
    """A list is to be made into a file."""

    op: ClassVar[str] = "export.request"
    listing: str
    kind: ExportKind
    asked: str
    """JSON of filters, order and chosen rows."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What the worker makes: for whom, of which list, narrowed to what."""

    actor: Actor
    listing: str
    kind: ExportKind
    asked: str


type Make = Callable[[Job, IO[bytes], Callable[[int], None]], str]
"""Writes the file and tells how many rows are done; returns what the next part is to be ``asked``,
empty when this was all. A ``Refusal``: the owner may not have it.
"""


@atomic
@once
def request_export(command: RequestExport) -> Outcome:
    """Leave it to the worker."""
    require(command.actor.roles, command.op)
    at = clock.now()
    key = append(
        Export,
        ref=command.submission,
        owner_id=command.actor.id,
        listing=command.listing,
        kind=command.kind,
        asked=command.asked,
        asked_at=at,
        rows=0,
    )
    outbox.put(TOPIC, key, at=at)
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=command.submission,
        after={"list": command.listing, "kind": command.kind, "asked": command.asked},
        at=at,
    )
    return Outcome(record=RECORD, ref=command.submission)


def path_of(directory: Path, export: Export) -> Path:
    """Return where the file of ``export`` is kept."""
    return directory / "exports" / f"{export.ref}.{export.kind}"


def work(make: Make, directory: Path) -> Work:
    """Return how the worker makes exports; it throws old ones away as it does."""

    def do(message: Message) -> None:
        sweep(directory)
        export = db.session.get(Export, message.record_id)
        if export is not None and not export.made_at:
            _make(export, make, directory, message)

    return Work(topic=TOPIC, do=do, give_up=_give_up)


def sweep(directory: Path) -> None:
    """Throw away what was asked for too long ago, with its file."""
    old = db.session.scalars(select(Export).where(Export.asked_at < clock.now() - KEPT)).all()
    for export in old:
        path_of(directory, export).unlink(missing_ok=True)
        _forget(export.id)


def _make(export: Export, make: Make, directory: Path, message: Message) -> None:
    """Write the file whole or not at all, and then say that it is there."""
    key, path = export.id, path_of(directory, export)
    job = Job(
        actor=people.acting(export.owner_id),
        listing=export.listing,
        kind=ExportKind(export.kind),
        asked=export.asked,
    )
    done = 0

    def tell(rows: int) -> None:
        nonlocal done
        done = rows
        if rows % _EACH == 0:
            _set(key, rows=rows)
            outbox.renew(message)

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        try:
            rest = make(job, draft, tell)
        except BaseException:
            Path(draft.name).unlink()
            raise
    Path(draft.name).replace(path)
    _finish(export, rest, rows=done, size=path.stat().st_size)


@atomic
def _finish(export: Export, rest: str, **values: object) -> None:
    """Say that the file is there, and put the next part behind what waits."""
    at = clock.now()
    _update(export.id, made_at=at, **values)
    if rest:
        key = append(
            Export,
            ref=uuid4(),
            owner_id=export.owner_id,
            listing=export.listing,
            kind=export.kind,
            asked=rest,
            asked_at=at,
            rows=0,
        )
        outbox.put(TOPIC, key, at=at)


def _give_up(message: Message, why: Refusal | None) -> None:
    _set(message.record_id, problem=why.code if why else FAILED)


@atomic
def _set(key: int, **values: object) -> None:
    _update(key, **values)


def _update(key: int, **values: object) -> None:
    db.session.execute(
        update(Export)
        .where(Export.id == key)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


@atomic
def _forget(key: int) -> None:
    db.session.execute(delete(Export).where(Export.id == key))
