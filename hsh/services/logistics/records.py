"""What every act on a distribution needs: the draft, its picture for the audit, the answer."""

from __future__ import annotations

from uuid import UUID

from hsh.core.command import Command, Outcome
from hsh.core.refusals import (
    AlreadyConfirmed,
    DraftDropped,
)
from hsh.core.roles import require
from hsh.models.logistics import Distribution
from hsh.queries.logistics import distributions
from hsh.services.books import audit

RECORD = "distribution"


def lock_draft(command: Command, ref: UUID) -> Distribution:
    """Lock a distribution that is still a draft."""
    require(command.actor.roles, command.op)
    draft = distributions.load(command.actor, ref, lock=True)
    if draft.number:
        raise AlreadyConfirmed(number=draft.number)
    if draft.dropped_at:
        raise DraftDropped
    return draft


def picture(run: Distribution) -> dict[str, object]:
    """Return what the audit log keeps of a distribution."""
    return {
        "number": run.number,
        "depot": run.depot_id,
        "truck": run.truck_id,
        "driver": run.driver_id,
        "planned_on": run.planned_on,
        "remarks": run.remarks,
        "confirmed_at": run.confirmed_at,
        "dropped_at": run.dropped_at,
        "reverses": run.reverses_id,
        "reason": run.reason,
        "version": run.version,
        "lines": [
            {
                "direction": line.direction,
                "equipment": line.equipment_id,
                "condition": line.condition,
                "quantity": line.quantity,
            }
            for line in run.lines
        ],
    }


def written(
    run: Distribution,
    command: Command,
    *,
    before: dict[str, object] | None,
    after: dict[str, object] | None = None,
) -> Outcome:
    """Audit what became of ``run`` and answer with it."""
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=run.ref,
        number=run.number,
        before=before,
        after=picture(run) | (after or {}),
    )
    return Outcome(record=RECORD, ref=run.ref, number=run.number)
