"""The submissions book: a form sent twice is done once (law 5)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from hsh.core import clock
from hsh.core.canonical import canonical
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import NotFound, Refusal, RefusedForGood, Replaced, SubmissionReused
from hsh.core.words import Verdict
from hsh.db import append, atomic, execute, notes, write_left
from hsh.models.books import RefusedSubmission, Settlement, Submission

_THIS = Submission.client_temp_id == bindparam("this")
_KEEP = update(Submission).where(_THIS).values(outcome=bindparam("answer"))
_FIRST = select(Submission.content_hash, Submission.outcome, Submission.replaced_by).where(_THIS)
_SETTLED = select(Settlement.verdict, Settlement.reason).where(
    Settlement.client_temp_id == bindparam("this")
)
_OTHERS_REFUSAL = (
    select(RefusedSubmission.id)
    .where(
        RefusedSubmission.client_temp_id == bindparam("this"),
        RefusedSubmission.actor_id != bindparam("actor"),
    )
    .limit(1)
)


def once[C: Command](work: Callable[[C], Outcome]) -> Callable[[C], Outcome]:
    """Answer a repeated command with the outcome of the first.

    The submission is inserted first, in the act's own transaction: a second sender waits here
    until the first has committed. Stands inside ``@atomic``.

    Raises:
        SubmissionReused: the same UUID came before with other content.
        RefusedForGood: a supervisor decided that it is not to be done.
        Replaced: the refused form that this one puts right was done meanwhile.

    """

    @wraps(work)
    def run(command: C) -> Outcome:
        try:
            _enter(command)
        except IntegrityError:
            return first_answer(command.submission, command.content_hash())
        outcome = work(command)
        _keep(command, outcome)
        if command.replaces:
            _check_own(command.replaces, command)
            close(command.replaces, command, outcome, owner=command.actor.id)
        return outcome

    return run


def log_refusal(command: Command, refusal: Refusal, *, sent: str | None = None) -> None:
    """Write down a no to ``command``; see ``write_refusal``."""
    write_refusal(
        command.submission,
        refusal,
        op=command.op,
        actor=command.actor,
        content=command.content(),
        sent=sent,
    )


@atomic
def write_refusal(
    form: UUID,
    refusal: Refusal,
    *,
    op: str,
    actor: Actor,
    content: dict[str, object] | None = None,
    sent: str | None = None,
) -> None:
    """Write down a no, in a transaction of its own; the UUID stays free for another try.

    ``content`` is None when the form could not be read. ``sent`` is the item as a tablet's queue
    sent it, so that a supervisor can settle it.
    """
    append(
        RefusedSubmission,
        client_temp_id=form,
        op=op,
        actor_id=actor.id,
        code=refusal.code,
        params=canonical(refusal.params),
        content=canonical(content),
        refused_at=clock.now(),
        sent=sent,
    )


def close(form: UUID, by: Command, outcome: Outcome, *, owner: int) -> None:
    """Occupy the UUID of a refused ``form`` of the user ``owner``: ``by`` was done in its place.

    Raises:
        Replaced: it was done, or closed, meanwhile.

    """
    try:
        append(
            Submission,
            client_temp_id=form,
            op=by.op,
            content_hash=by.content_hash(),
            actor_id=owner,
            device=by.device,
            captured_at=None,
            applied_at=clock.now(),
            outcome=canonical(outcome),
            replaced_by=by.submission,
        )
    except IntegrityError:
        raise Replaced from None


def first_answer(form: UUID, content_hash: str) -> Outcome:
    """Return what was answered to ``form`` when it was done with this content.

    Raises:
        SubmissionReused: its content was another.
        RefusedForGood: it is not to be done.

    """
    write_left()
    first = execute(_FIRST, {"this": form}).one_or_none()
    if first is None:
        raise AssertionError(f"submission {form} could not be entered")
    if first.replaced_by is None and first.content_hash == content_hash:
        return read_outcome(first.outcome)
    settled = execute(_SETTLED, {"this": form}).one_or_none()
    if settled and settled.verdict == Verdict.REFUSED:
        raise RefusedForGood(reason=settled.reason)
    if settled or first.replaced_by:
        return read_outcome(first.outcome)
    raise SubmissionReused


def read_outcome(kept: str) -> Outcome:
    """Return the outcome that the book keeps as JSON."""
    answer: dict[str, Any] = json.loads(kept)
    return Outcome(**(answer | {"ref": UUID(answer["ref"])}))


def _enter(command: Command) -> None:
    append(
        Submission,
        client_temp_id=command.submission,
        op=command.op,
        content_hash=command.content_hash(),
        actor_id=command.actor.id,
        device=command.device,
        captured_at=command.captured_at,
        applied_at=clock.now(),
    )


def _keep(command: Command, outcome: Outcome) -> None:
    notes().leave(_KEEP, [{"this": command.submission, "answer": canonical(outcome)}])


def _check_own(form: UUID, command: Command) -> None:
    """Let nobody close a form that someone else was refused."""
    if execute(_OTHERS_REFUSAL, {"this": form, "actor": command.actor.id}).first():
        raise NotFound(what="submission")
