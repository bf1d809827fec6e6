"""The tablets that people carry, as they last reported themselves."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hsh.db import Base
from hsh.models.types import Code, Count, Id, Instant, Name


class Device(Base):
    """A tablet of one person: how much waits on it, and since when.

    Its id is drawn by the tablet, so it says nothing to anybody but its own user.
    """

    __tablename__ = "devices"
    __table_args__ = (UniqueConstraint("user_id", "device"),)
    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    device: Mapped[Code]
    name: Mapped[Name]
    app_version: Mapped[Code]
    first_seen_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    waiting: Mapped[Count]
    oldest_at: Mapped[Instant | None]
    """When the oldest waiting form was taken down, by the tablet's corrected clock."""
    clock_ahead_ms: Mapped[int] = mapped_column(BigInteger)
    """How far its clock was ahead of ours, in milliseconds; behind, if negative (law 10)."""
    revoked_at: Mapped[Instant | None]
