"""What a second person has to approve: kept as a request until someone else decides.

A request keeps the op and the content of the command that is wished for. Approved, the command is
carried out in the approver's name, with the requester's beside it; refused, nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import exists, select

from hsh.core import clock
from hsh.core.canonical import canonical
from hsh.core.command import Command, Outcome
from hsh.core.refusals import AlreadyAsked, AlreadyDecided, Invalid, NotFound, OwnRequest
from hsh.core.roles import require
from hsh.core.words import Decision
from hsh.db import append, atomic, db
from hsh.models.books import Approval, ApprovalRequest
from hsh.queries.books import approvals
from hsh.queries.books.approvals import Request
from hsh.services.books import audit
from hsh.services.books.submissions import once

RECORD = "request"


@dataclass(frozen=True, kw_only=True)
class AskApproval(Command):
    """Someone else is to approve ``wish``: the canonical JSON of what the op ``act`` is to do.

    ``about``: the record that it changes. ``depot``: id of the depot whose supervisors decide, or
    any supervisor.
    """

    op: ClassVar[str] = "request.ask"
    act: str
    wish: str
    about: UUID
    depot: int | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ApproveRequest(Command):
    """The request is granted: what it wishes for is done now."""

    op: ClassVar[str] = "request.approve"
    request: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class RefuseRequest(Command):
    """What the request wishes for is not to be done; whoever asked reads the reason."""

    op: ClassVar[str] = "request.refuse"
    request: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class WithdrawRequest(Command):
    """Whoever asked does not wish for it any more."""

    op: ClassVar[str] = "request.withdraw"
    request: UUID
    reason: ClassVar[str] = ""


type CarryOut = Callable[[Request, ApproveRequest], Outcome]


def ask(wish: Command, *, about: UUID, depot: int | None, reason: str) -> Outcome:
    """Keep ``wish`` as a request, in place of carrying it out; the outcome names the request.

    Raises:
        AlreadyAsked: the same act is asked for already, about the same record.
        Invalid: the reason is missing.

    """
    return _ask(
        AskApproval(
            actor=wish.actor,
            submission=wish.submission,
            captured_at=wish.captured_at,
            device=wish.device,
            act=wish.op,
            wish=canonical(wish.content()),
            about=about,
            depot=depot,
            reason=reason,
        )
    )


@atomic
@once
def _ask(command: AskApproval) -> Outcome:
    require(command.actor.roles, command.op)
    if not command.reason.strip():
        raise Invalid(field="reason", reason="missing")
    _check_not_asked(command)
    at = clock.now()
    append(
        ApprovalRequest,
        ref=command.submission,
        op=command.act,
        content=command.wish,
        about=command.about,
        depot_id=command.depot,
        reason=command.reason,
        requested_by=command.actor.id,
        requested_at=at,
    )
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=command.submission,
        after=command.content(),
        at=at,
    )
    return Outcome(record=RECORD, ref=command.submission)


def _check_not_asked(command: AskApproval) -> None:
    """Refuse a second request for the very same thing while the first one waits."""
    decided = exists().where(Approval.request_id == ApprovalRequest.id)
    same = select(ApprovalRequest.id).where(
        ApprovalRequest.about == command.about,
        ApprovalRequest.op == command.act,
        ApprovalRequest.content == command.wish,
        ~decided,
    )
    if db.session.scalar(same) is not None:
        raise AlreadyAsked


def approving(carry_out: CarryOut) -> Callable[[ApproveRequest], Outcome]:
    """Return the service that approves; ``carry_out`` does what a request wishes for."""

    @atomic
    @once
    def approve(command: ApproveRequest) -> Outcome:
        """Do what the request wishes for, now; where it cannot be done the request stays.

        Raises:
            NotFound: there is no such request for them.
            OwnRequest: nobody approves what they asked for.
            AlreadyDecided: someone decided before.
            Refusal: the act says no.

        """
        found = _undecided(command, command.request)
        outcome = carry_out(found, command)
        return _decide(command, found, Decision.ACCEPTED, outcome.number)

    return approve


@atomic
@once
def refuse_request(command: RefuseRequest) -> Outcome:
    """Decide that nothing is done; whoever asked reads why.

    Raises:
        NotFound: there is no such request for them.
        OwnRequest: nobody decides what they asked for.
        AlreadyDecided: someone decided before.
        Invalid: the reason is missing.

    """
    if not command.reason.strip():
        raise Invalid(field="reason", reason="missing")
    found = _undecided(command, command.request)
    return _decide(command, found, Decision.REFUSED, None)


@atomic
@once
def withdraw_request(command: WithdrawRequest) -> Outcome:
    """Take back what one asked for, while nobody has decided.

    Raises:
        NotFound: there is no such request of theirs.
        AlreadyDecided: someone decided before.

    """
    found = _undecided(command, command.request, own=True)
    return _decide(command, found, Decision.WITHDRAWN, None)


def _undecided(command: Command, request: UUID, *, own: bool = False) -> Request:
    """Lock a request that waits: one's own, or of somebody else."""
    require(command.actor.roles, command.op)
    found = approvals.one(command.actor, request, lock=True)
    is_own = found.requester.id == command.actor.id
    if own and not is_own:
        raise NotFound(what="request")
    if is_own and not own:
        raise OwnRequest
    if found.verdict is not None:
        raise AlreadyDecided
    return found


def _decide(
    command: ApproveRequest | RefuseRequest | WithdrawRequest,
    found: Request,
    verdict: Decision,
    number: str | None,
) -> Outcome:
    at = clock.now()
    append(
        Approval,
        request_id=found.id,
        verdict=verdict,
        reason=command.reason,
        decided_by=command.actor.id,
        decided_at=at,
        number=number,
    )
    audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=found.ref,
        number=number,
        after={"op": found.op, "reason": command.reason, "sender": found.requester.name},
        at=at,
    )
    return Outcome(record=RECORD, ref=found.ref)
