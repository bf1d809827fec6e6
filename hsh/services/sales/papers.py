"""The PDF of a document: rendered after the commit, stored once, compared ever after (law 8)."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol
from uuid import UUID

from hsh.core import clock
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import PaperDamaged
from hsh.core.roles import require
from hsh.db import atomic, db, insert_or_ignore, rows_changed
from hsh.documents.content import Anchor, Content, Numbers
from hsh.models.sales import Document, StoredPdf, Transaction
from hsh.queries.sales import documents
from hsh.services.books import audit
from hsh.services.books.outbox import Message
from hsh.services.books.submissions import once
from hsh.services.books.work import Work
from hsh.services.sales import record


class Render(Protocol):
    """Makes the PDF: in this process (the worker) or in a bounded child (a web process)."""

    def __call__(
        self,
        content: Content,
        *,
        numbers: Numbers,
        anchor: Anchor,
        assets: Mapping[str, bytes],
    ) -> bytes:
        """Return the bytes of the PDF."""


@dataclass(frozen=True, kw_only=True)
class Press:
    """How and where PDFs are made: the renderer, and the data directory that keeps them."""

    render: Render
    directory: Path


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A PDF as it was stored."""

    name: str
    body: bytes


@dataclass(frozen=True, kw_only=True)
class RegenerateDocument(Command):
    """Render a document again and compare it with what was stored."""

    op: ClassVar[str] = "document.regenerate"
    transaction: UUID


@dataclass(frozen=True, kw_only=True)
class NoteComparison(RegenerateDocument):
    """What rendering again came to: the hashes of the stored bytes and of the new ones."""

    stored: str
    rendered: str


def fetch(actor: Actor, transaction: UUID, press: Press) -> Paper:
    """Return the PDF of a sale's document; render and store it if the worker has not yet.

    Raises:
        NotFound: there is none, or it is not theirs.
        PaperDamaged: the stored file is not what was stored, and cannot be made again.

    """
    require(actor.roles, "document.download")
    document = documents.load(actor, transaction)
    db.session.commit()  # let go of the read snapshot: rendering is slow
    return Paper(name=documents.file_path(document).name, body=store(document, press))


def store(document: Document, press: Press) -> bytes:
    """Return the document's stored PDF, made now if need be; doing it twice changes nothing.

    The file comes first and the row after it: a crash in between loses nothing, as the next
    try makes the same bytes again.
    """
    kept = documents.stored(document)
    path = press.directory / documents.file_path(document)
    if kept:
        body = _read(path)
        if body is not None and _sha256(body) == kept.sha256:
            return body
    body = _render(document, press)
    if kept and _sha256(body) != kept.sha256:
        raise PaperDamaged(name=path.name)
    _write(path, body)
    if not kept:
        _enter(document, body)
    return body


def work(press: Press) -> Work:
    """Return how the worker stores PDFs; one that fails is tried for ever."""

    def do(message: Message) -> None:
        store(db.session.get_one(Document, message.record_id), press)

    return Work(topic=record.STORE_PDF, do=do)


def regenerate(command: RegenerateDocument, press: Press) -> bool:
    """Render again, compare, audit; tell whether the bytes are the same.

    If a newer renderer differs, the stored PDF stays the one that is served.
    """
    require(command.actor.roles, command.op)
    document = documents.load(command.actor, command.transaction)
    stored = _sha256(store(document, press))
    rendered = _sha256(_render(document, press))
    note_comparison(
        NoteComparison(
            actor=command.actor,
            submission=command.submission,
            captured_at=command.captured_at,
            device=command.device,
            transaction=command.transaction,
            stored=stored,
            rendered=rendered,
        )
    )
    return stored == rendered


@atomic
@once
def note_comparison(command: NoteComparison) -> Outcome:
    """Audit that a document was rendered again, and whether it came out the same."""
    document = documents.load(command.actor, command.transaction)
    _audit(command.op, command, document, {"stored": command.stored, "rendered": command.rendered})
    return Outcome(
        record=record.RECORD,
        ref=command.transaction,
        number=document.transaction_number,
        document=document.number,
    )


def _render(document: Document, press: Press) -> bytes:
    content: Content = json.loads(document.content)
    return press.render(
        content,
        numbers=Numbers(document=document.number, transaction=document.transaction_number),
        anchor=Anchor(sequence=document.anchor_sequence, hash=document.anchor_hash),
        assets=documents.logo(content["company"]["logo"]),
    )


@atomic
def _enter(document: Document, body: bytes) -> None:
    """Write down where the PDF is, unless another process did so first."""
    digest = _sha256(body)
    path = str(documents.file_path(document))
    entered = db.session.execute(
        insert_or_ignore(StoredPdf),
        {
            "document_id": document.id,
            "path": path,
            "sha256": digest,
            "size": len(body),
            "stored_at": clock.now(),
        },
    )
    if rows_changed(entered):
        _audit("document.store", None, document, {"path": path, "sha256": digest})


def _audit(
    action: str, by: Command | None, document: Document, after: Mapping[str, object]
) -> None:
    ref = db.session.get_one(Transaction, document.transaction_id).ref
    audit.record(
        action,
        by,
        record_type=record.RECORD,
        ref=ref,
        number=document.transaction_number,
        after={"document": document.number, **after},
    )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, body: bytes) -> None:
    """Put the file in its place whole or not at all, and on the disk before the row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(body)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(path)


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
