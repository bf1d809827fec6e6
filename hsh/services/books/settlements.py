"""A supervisor settles a parked form: it is done after all, or is not to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from hsh.core import clock
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import Replaced
from hsh.core.roles import require
from hsh.core.words import Verdict
from hsh.db import append, atomic
from hsh.models.books import Settlement
from hsh.queries.books import refusals
from hsh.services.books import audit
from hsh.services.books.submissions import close, once

RECORD = "refusal"


@dataclass(frozen=True, kw_only=True)
class RefuseForGood(Command):
    """The parked form ``refused`` is not to be done; its driver reads the ``reason``."""

    op: ClassVar[str] = "refusal.refuse"
    refused: UUID
    reason: str


@atomic
def accept(by: Actor, form: UUID, reason: str, carry_out: Callable[[], Outcome]) -> Outcome:
    """Have the parked ``form`` done, and write down who decided so and why.

    ``carry_out`` does it in its sender's name, under its own UUID: what waits for it finds it, and
    the slip that the customer has names it.

    Raises:
        NotFound: there is no such form for ``by``.
        Replaced: it was done meanwhile, or is not to be done.
        Refusal: it still cannot be done.

    """
    require(by.roles, "refusal.accept")
    found = refusals.one(by, form)
    if found.is_done and found.verdict != Verdict.ACCEPTED:
        raise Replaced
    outcome = carry_out()
    if found.verdict is None:
        _settle(form, Verdict.ACCEPTED, reason, by)
        audit.record(
            "refusal.accept",
            by,
            record_type=RECORD,
            ref=form,
            number=outcome.number,
            after={"reason": reason, "sender": found.person, "op": found.op},
        )
    return outcome


@atomic
@once
def refuse_for_good(command: RefuseForGood) -> Outcome:
    """Close the parked form: it is never done, and its driver is told why."""
    require(command.actor.roles, command.op)
    found = refusals.one(command.actor, command.refused)
    outcome = Outcome(record=RECORD, ref=command.refused)
    close(command.refused, command, outcome, owner=found.person_id)
    _settle(command.refused, Verdict.REFUSED, command.reason, command.actor)
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=command.refused,
        after={"reason": command.reason, "sender": found.person, "op": found.op},
    )
    return outcome


def _settle(form: UUID, verdict: Verdict, reason: str, by: Actor) -> None:
    append(
        Settlement,
        client_temp_id=form,
        verdict=verdict,
        reason=reason,
        settled_by=by.id,
        settled_at=clock.now(),
    )
