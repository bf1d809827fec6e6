"""What a blueprint hands to a service, and what it gets back."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from hsh.core.canonical import canonical, digest
from hsh.core.roles import Role


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person who acts, as they were when they acted."""

    id: int
    username: str
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True, kw_only=True)
class Command:
    """One intent of one person.

    ``submission`` is the UUID of the form as sent. ``captured_at`` is the device's corrected
    time of the act, None when the act happens now (law 10). ``replaces`` is the refused form that
    this one puts right: of the two only one is ever done. ``approved_by`` is the supervisor who
    had a parked form carried out in its sender's name. ``asked_by`` is who asked for what the
    actor approved.
    """

    op: ClassVar[str]
    """The act's one name, as in roles and audit: ``distribution.confirm``."""

    actor: Actor
    submission: UUID
    captured_at: datetime | None = None
    device: str | None = None
    replaces: UUID | None = None
    approved_by: Actor | None = None
    asked_by: Actor | None = None

    def content(self) -> dict[str, object]:
        """Return what was asked for: without who, when and on which device (law 5)."""
        envelope = {f.name for f in fields(Command)}
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in envelope}

    def content_hash(self) -> str:
        """Return the hash by which a repeat of the same form is recognised."""
        return digest(canonical({"op": self.op, "content": self.content()}))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The record an act left behind, as the world will know it from now on.

    ``payable``: what a sale came to, in cents, which a tablet may have claimed to be another.
    """

    record: str
    ref: UUID
    number: str | None = None
    document: str | None = None
    payable: int | None = field(default=None, compare=False)
