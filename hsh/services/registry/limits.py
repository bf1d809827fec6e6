"""The quantities above which a second person approves a change of stock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid, StaleVersion
from hsh.core.roles import require
from hsh.core.words import CORRECTIONS
from hsh.db import atomic, db
from hsh.models.registry import ApprovalLimits
from hsh.queries.registry.limits import ONLY
from hsh.services.books.submissions import once
from hsh.services.registry import records

MOST = 9_999


@dataclass(frozen=True, kw_only=True)
class SetLimits(Command):
    """The limit of each kind, as an admin saw them at ``version``; None: nobody else is asked."""

    op: ClassVar[str] = "limits.set"
    version: int
    adjust: int | None
    transfer: int | None
    dump: int | None
    write_off: int | None


@atomic
@once
def set_limits(command: SetLimits) -> Outcome:
    """Set the limit of each kind of change.

    Raises:
        StaleVersion: someone changed them meanwhile.
        Invalid: a limit is below zero or beyond reason.

    """
    require(command.actor.roles, command.op)
    row = db.session.get(ApprovalLimits, ONLY, with_for_update=True)
    if command.version != (row.version if row else 0):
        raise StaleVersion(what="limits")
    before = records.picture(row) if row else None
    if row is None:
        row = ApprovalLimits(id=ONLY, version=0)
        db.session.add(row)
    for kind in CORRECTIONS:
        limit = getattr(command, kind.value)
        if limit is not None and not 0 <= limit <= MOST:
            raise Invalid(field=kind.value, reason="too_many", most=MOST)
        setattr(row, kind.value, limit)
    row.version += 1
    ref = records.ref_of(ApprovalLimits.__tablename__)
    records.changed(row, command.op, command, ref=ref, before=before)
    return Outcome(record=ApprovalLimits.__tablename__, ref=ref)
