"""The logistics world: between depot and truck."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hsh.core.words import Condition, Direction
from hsh.db import Base
from hsh.models.types import (
    Count,
    Day,
    Id,
    Instant,
    Note,
    Number,
    Ref,
    RefType,
    UniqueRef,
    Word,
    one_of,
)


class Distribution(Base):
    """A planned, then confirmed, exchange between a depot and a truck.

    A reversal is a distribution of its own that names the first in ``reverses_id``; its lines
    are the first's, and its moves run the other way.
    """

    __tablename__ = "distributions"
    __table_args__ = (
        Index("ix_distributions_truck", "truck_id", "planned_on", "id"),
        Index("ix_distributions_truck_depot", "truck_id", "depot_id", "planned_on", "id"),
        Index("ix_distributions_depot", "depot_id", "planned_on", "id"),
        Index("ix_distributions_day", "planned_on", "id"),
        Index("ix_distributions_drafts", "confirmed_at", "planned_on", "id"),
        Index("ix_distributions_pending", "confirmed_at", "dropped_at", "planned_on", "id"),
        Index(
            "ix_distributions_depot_pending",
            *("depot_id", "confirmed_at", "dropped_at", "planned_on", "id"),
        ),
        CheckConstraint("(number IS NULL) = (confirmed_at IS NULL)", name="sealed"),
        CheckConstraint("number IS NULL OR dropped_at IS NULL", name="not_dropped"),
    )
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    number: Mapped[Number | None] = mapped_column(unique=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    truck_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    driver_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    planned_on: Mapped[Day]
    remarks: Mapped[Note]
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Instant]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[Instant | None]
    """The server's time."""
    captured_at: Mapped[Instant | None]
    """The device's time of the act, when it was not now (law 10)."""
    dropped_at: Mapped[Instant | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("distributions.id"), unique=True)
    reason: Mapped[Note | None]
    """Why it was reversed."""
    version: Mapped[Count]
    lines: Mapped[list[DistributionLine]] = relationship(
        order_by="DistributionLine.id", cascade="all, delete-orphan"
    )


class DistributionLine(Base):
    """So many of one size in one condition, out of the depot or into it."""

    __tablename__ = "distribution_lines"
    __table_args__ = (
        one_of("direction", Direction),
        one_of("condition", Condition),
        CheckConstraint("quantity > 0", name="quantity"),
        UniqueConstraint(
            "distribution_id", "equipment_id", "direction", "condition",
            name="uq_distribution_lines_key",
        ),
    )  # fmt: skip
    id: Mapped[Id]
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distributions.id"))
    direction: Mapped[Word]
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"))
    condition: Mapped[Word] = mapped_column("condition")
    quantity: Mapped[Count]


class StockCount(Base):
    """What was counted at a depot or truck; closed, what differs is put right by a correction."""

    __tablename__ = "stock_counts"
    __table_args__ = (Index("ix_stock_counts_listed", "opened_at", "id"),)
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    opened_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[Instant]
    counted_at: Mapped[Instant | None]
    """The moment to which the figures belong."""
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[Instant | None]
    correction_ref: Mapped[Ref | None] = mapped_column(RefType())
    """The adjustment that came of it; None where nothing differed."""
    version: Mapped[Count]


class StockCountLine(Base):
    """How many of one size in one condition were counted, and how many the ledger had then."""

    __tablename__ = "stock_count_lines"
    __table_args__ = (
        one_of("condition", Condition),
        CheckConstraint("counted >= 0", name="counted"),
        UniqueConstraint(
            "count_id", "equipment_id", "condition", name="uq_stock_count_lines_key"
        ),
    )  # fmt: skip
    id: Mapped[Id]
    count_id: Mapped[int] = mapped_column(ForeignKey("stock_counts.id"))
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"))
    condition: Mapped[Word] = mapped_column("condition")
    counted: Mapped[Count]
    expected: Mapped[Count]


class Correction(Base):
    """Stock moved without truck or customer (``CorrectionKind``). Its moves are its lines.

    A reversal names the first in ``reverses_id``; its moves run the other way.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        Index("ix_corrections_reverses_id", "reverses_id", unique=True),
        Index("ix_corrections_listed", "confirmed_at", "id"),
        Index("ix_corrections_kind", "kind", "confirmed_at", "id"),
        Index("ix_corrections_left", "from_place_id", "confirmed_at", "id"),
        Index("ix_corrections_came", "to_place_id", "confirmed_at", "id"),
    )
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    number: Mapped[Number] = mapped_column(unique=True)
    kind: Mapped[Word]
    from_place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    to_place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    reason: Mapped[Note]
    confirmed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[Instant]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("corrections.id"))
