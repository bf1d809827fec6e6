"""The quantities above which a second person approves a change of stock."""

from __future__ import annotations

from collections.abc import Mapping

from hsh.core.command import Actor
from hsh.core.refusals import Invalid, StaleVersion
from hsh.core.roles import require
from hsh.core.words import CORRECTIONS, CorrectionKind
from hsh.db import atomic, db
from hsh.models.registry import ApprovalLimits
from hsh.queries.registry.limits import ONLY
from hsh.services.registry import records

MOST = 9_999


@atomic
def set_limits(wanted: Mapping[CorrectionKind, int | None], *, version: int, by: Actor) -> None:
    """Set the limit of each kind; None: nobody else is asked. ``version``: as they were shown.

    Raises:
        StaleVersion: someone changed them meanwhile.
        Invalid: a limit is below zero or beyond reason.

    """
    require(by.roles, "limits.edit")
    row = db.session.get(ApprovalLimits, ONLY, with_for_update=True)
    if version != (row.version if row else 0):
        raise StaleVersion(what="limits")
    before = records.picture(row) if row else None
    if row is None:
        row = ApprovalLimits(id=ONLY, version=0)
        db.session.add(row)
    for kind in CORRECTIONS:
        limit = wanted.get(kind)
        if limit is not None and not 0 <= limit <= MOST:
            raise Invalid(field=kind.value, reason="too_many", most=MOST)
        setattr(row, kind.value, limit)
    row.version += 1
    ref = records.ref_of(ApprovalLimits.__tablename__)
    records.changed(row, "limits.set", by, ref=ref, before=before)
