"""The books that both worlds write to, through services.books alone."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hsh.core.words import Condition, Decision, ExportKind, MoveKind, PlaceKind, Verdict
from hsh.db import Base
from hsh.models.types import (
    Code,
    Count,
    Hash,
    Id,
    IdType,
    Instant,
    Long,
    Name,
    Note,
    Number,
    OnlyRow,
    Ref,
    RefType,
    UniqueRef,
    Word,
    one_of,
)


class StockMove(Base):
    """So many of one equipment from a place and condition to another; never changed (law 1)."""

    __tablename__ = "stock_moves"
    __table_args__ = (
        one_of("kind", MoveKind),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_stock_moves_source", "source_type", "source_id"),
        Index(
            "ix_stock_moves_left",
            *("from_place_id", "moved_at", "id", "equipment_id", "from_condition", "quantity"),
        ),
        Index(
            "ix_stock_moves_came",
            *("to_place_id", "moved_at", "id", "equipment_id", "to_condition", "quantity"),
        ),
        Index(
            "ix_stock_moves_flow",
            *("kind", "equipment_id", "from_place_id", "from_condition"),
            *("to_place_id", "to_condition", "quantity"),
        ),
    )
    id: Mapped[Id]
    kind: Mapped[Word]
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"))
    from_place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    from_condition: Mapped[Word]
    to_place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    to_condition: Mapped[Word]
    quantity: Mapped[Count]
    source_type: Mapped[Word]
    """The kind of record that moved it: distribution, transaction or correction."""
    source_id: Mapped[int] = mapped_column(IdType)
    moved_at: Mapped[Instant]


class StockLevel(Base):
    """What the moves add up to: a projection, changed in the same commit (law 1)."""

    __tablename__ = "stock_levels"
    __table_args__ = (
        one_of("condition", Condition),
        one_of("place_kind", PlaceKind),
        CheckConstraint("place_kind = 'outside' OR quantity >= 0", name="not_below_zero"),
    )
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"), primary_key=True)
    condition: Mapped[Word] = mapped_column("condition", primary_key=True)
    place_kind: Mapped[Word]
    quantity: Mapped[Count]


class Counter(Base):
    """The last number given out in a series and year (law 4)."""

    __tablename__ = "counters"
    series: Mapped[Word] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issued: Mapped[Count]


class AuditEntry(Base):
    """Who did what to which record, before and after, chained by hash (law 7).

    ``body`` is the canonical JSON that is hashed; the other columns repeat parts of it for
    searching, and verify compares them.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_actor", "actor_id", "sequence"),
        Index("ix_audit_entries_action", "action", "sequence"),
        Index("ix_audit_entries_record", "record_ref", "sequence"),
        Index("ix_audit_entries_number", "number", "sequence"),
        Index("ix_audit_entries_at", "at", "sequence"),
    )
    sequence: Mapped[int] = mapped_column(IdType, primary_key=True, autoincrement=False)
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """None: the system itself, from the command line."""
    action: Mapped[Code]
    record_type: Mapped[Word]
    record_ref: Mapped[Ref]
    number: Mapped[Number | None]
    body: Mapped[Long]
    previous_hash: Mapped[Hash]
    hash: Mapped[Hash]


class AuditHead(Base):
    """The newest audit entry: the one row that every act locks, last of all."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    id: Mapped[OnlyRow]
    sequence: Mapped[int] = mapped_column(IdType)
    hash: Mapped[Hash]


class Submission(Base):
    """A form that was applied, remembered for ever by its UUID (law 5)."""

    __tablename__ = "submissions"
    client_temp_id: Mapped[Ref] = mapped_column(RefType(), primary_key=True)
    op: Mapped[Code]
    content_hash: Mapped[Hash]
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    device: Mapped[Code | None]
    captured_at: Mapped[Instant | None]
    applied_at: Mapped[Instant]
    outcome: Mapped[Long | None]
    """Canonical JSON of the answer; None only inside the act itself."""
    replaced_by: Mapped[Ref | None] = mapped_column(RefType())
    """The form that was done in this one's place: a refused form is closed so, and never done."""


class RefusedSubmission(Base):
    """A no that was given, with what was asked; it does not occupy the UUID (law 5)."""

    __tablename__ = "refused_submissions"
    id: Mapped[Id]
    client_temp_id: Mapped[Ref] = mapped_column(RefType(), index=True)
    op: Mapped[Code]
    actor_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code: Mapped[Code]
    params: Mapped[Long]
    content: Mapped[Long]
    refused_at: Mapped[Instant]
    sent: Mapped[Long | None]
    """JSON of the item in a tablet's queue; None for a form that was refused on its page."""


class Settlement(Base):
    """What a supervisor decided about a parked form: done after all, or not to be done."""

    __tablename__ = "settlements"
    __table_args__ = (one_of("verdict", Verdict),)
    id: Mapped[Id]
    client_temp_id: Mapped[UniqueRef]
    verdict: Mapped[Word]
    reason: Mapped[Note]
    settled_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[Instant]


class ApprovalRequest(Base):
    """An act that someone else has to approve: the op and its content, and who asks why."""

    __tablename__ = "approval_requests"
    __table_args__ = (
        Index("ix_approval_requests_about", "about", "op"),
        Index("ix_approval_requests_listed", "requested_at", "id"),
    )
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    op: Mapped[Code]
    content: Mapped[Long]
    """Canonical JSON of the command's content: what is to be done."""
    about: Mapped[Ref]
    """The record that it changes: a place, a sale, a correction, a count."""
    depot_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    """Whose supervisors decide; None: any supervisor."""
    reason: Mapped[Note]
    requested_by: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    requested_at: Mapped[Instant]


class Approval(Base):
    """What another person decided about a request, or that it was withdrawn."""

    __tablename__ = "approvals"
    __table_args__ = (one_of("verdict", Decision),)
    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_requests.id"), unique=True)
    verdict: Mapped[Word]
    reason: Mapped[Note]
    decided_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[Instant]
    number: Mapped[Number | None]
    """Of the record that came of it."""


class OutboxMessage(Base):
    """Something to be done after the commit: a PDF to store. The worker takes it (law 12)."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "done_at", "next_try_at"),)
    id: Mapped[Id]
    topic: Mapped[Code]
    record_id: Mapped[int] = mapped_column(IdType)
    created_at: Mapped[Instant]
    next_try_at: Mapped[Instant]
    attempts: Mapped[Count]
    done_at: Mapped[Instant | None]
    last_error: Mapped[Name | None]


class Export(Base):
    """A large list, or the PDFs of one, that the worker makes into a file for its owner alone."""

    __tablename__ = "exports"
    __table_args__ = (one_of("kind", ExportKind), Index("ix_exports_owner", "owner_id", "id"))
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    listing: Mapped[Code]
    """The name of the list (blueprints.lists)."""
    kind: Mapped[Word]
    asked: Mapped[Long]
    """JSON of what the list was narrowed to, and of the rows that were chosen."""
    asked_at: Mapped[Instant]
    rows: Mapped[Count]
    """So many are done."""
    made_at: Mapped[Instant | None]
    size: Mapped[int | None] = mapped_column(BigInteger())
    """Bytes of the file."""
    problem: Mapped[str | None] = mapped_column(String(200))
    """Why it could not be made; the worker tries no more."""


class Verification(Base):
    """What ``flask verify`` found when it ran: the books' health, as the office sees it."""

    __tablename__ = "verifications"
    id: Mapped[Id]
    verified_at: Mapped[Instant]
    seconds: Mapped[Count]
    laws: Mapped[Count]
    broken: Mapped[Count]
    detail: Mapped[Note]
    """The first broken laws, by name; empty when all hold."""
