"""The same form from 8 threads of 2 processes at once: one act, and all hear the same (law 5)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import func, select

from hsh.core.command import Command, Outcome
from hsh.core.refusals import SubmissionReused
from hsh.db import db
from hsh.models.books import AuditEntry, Submission
from proof.acts import Seller, do, other
from proof.crew import Member, gather
from proof.goal import Found, Goal, Task
from proof.world import stock_up

PROCESSES, THREADS = 2, 8
KINDS = ("sale", "credit", "adjustment", "transfer", "plan", "confirm", "void")


def run(task: Task) -> Found:
    """Send each of ``task.size`` forms from every thread of every process at the same moment."""
    with task.books() as books:
        with books.app.app_context():
            for place in (*books.world.depots, *books.world.trucks):
                stock_up(books.world, place)
        seller = Seller(world=books.world, number=0, seed=task.seed)

        def work(member: Member) -> list[Outcome]:
            return [_send(member, seller, turn) for turn in range(task.size)]

        answers = gather(books, work, processes=PROCESSES, threads=THREADS)
        with books.app.app_context():
            found = _look(seller, list(zip(*answers, strict=True)))
        found.faults += books.broken()
        return found


def _send(member: Member, seller: Seller, turn: int) -> Outcome:
    """Send the form of this turn; whom it speaks of was written before by one alone."""
    if member.number == 0:
        _prepare(seller, turn)
    member.wait()
    command = _command(seller, turn)
    member.wait()
    return do(command)


def _kind(seller: Seller, turn: int) -> str:
    return seller.rng(turn).choice(KINDS)


def _prepare(seller: Seller, turn: int) -> None:
    match _kind(seller, turn):
        case "confirm":
            do(seller.plan(turn))
        case "void":
            do(seller.visit(turn))


def _command(seller: Seller, turn: int) -> Command:
    match _kind(seller, turn):
        case "confirm":
            return seller.confirm(turn, seller.plan(turn).submission)
        case "void":
            return seller.void(turn, seller.visit(turn).submission)
        case "sale":
            return seller.visit(turn)
        case kind:
            make: Callable[[int], Command] = getattr(seller, kind)
            return make(turn)


def _look(seller: Seller, turns: list[tuple[Outcome, ...]]) -> Found:
    found = Found(count=len(turns))
    for turn, answers in enumerate(turns):
        command = _command(seller, turn)
        found.expect(len(set(answers)) == 1, f"turn {turn}: answers differ: {set(answers)}")
        acts = _acts(command.submission)
        found.lost += acts == 0
        found.expect(acts == 1, f"turn {turn}: {command.op} was done {acts} times")
        found.expect(_other_is_refused(command), f"turn {turn}: other content was not refused")
    found.more = {"senders": PROCESSES * THREADS}
    return found


def _acts(submission: UUID) -> int:
    """Return how often the books say that a form was done: kept once, audited once."""
    kept = db.session.scalar(
        select(func.count()).select_from(Submission).where(Submission.client_temp_id == submission)
    )
    audited = db.session.scalar(
        select(func.count())
        .select_from(AuditEntry)
        .where(AuditEntry.body.contains(f'"submission":"{submission}"', autoescape=True))
    )
    return int(kept or 0) if kept == audited else -1


def _other_is_refused(command: Command) -> bool:
    """Tell whether the same UUID with other content is refused."""
    try:
        do(other(command))
    except SubmissionReused:
        return True
    return False


GOAL = Goal(
    name="same-ref",
    promise="the same form from 8 threads and 2 processes: one act, equal answers",
    run=run,
    quick=50,
    full=1_000,
)
