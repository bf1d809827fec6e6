"""Tampering: with anchors from paper, verify names the place, whoever rewrote the books.

Somebody with every right on the database edits, deletes, swaps or forges a row, cuts the audit
chain's tail off, edits an entry and chains everything anew, or wipes the book. What verify does
not prove is written down in ``proof/unproven.txt``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from hsh.models.books import AuditEntry, AuditHead
from hsh.queries.books.audit_laws import GENESIS
from hsh.queries.law import Books as Snapshot
from hsh.queries.law import PaperAnchor
from hsh.queries.verify import check
from hsh.services.books.audit import chain
from proof import day
from proof.books import Books
from proof.goal import Found, Goal, Task
from proof.rows import Rows
from proof.tamper import anchors_on_paper, rechain, reseal, without_guards

DOWN = "guards.in_place"
"""The guards are put aside while somebody cheats; on its own that law would tell."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """The books as a cheat sees them, and what paper outside of them says."""

    books: Books
    connection: Connection
    anchors: tuple[PaperAnchor, ...]
    last: int
    """The sequence of the newest audit entry."""

    def told(self) -> str:
        """Return everything that verify finds wrong, paper in hand."""
        books = Snapshot(connection=self.connection, data_dir=self.books.home, anchors=self.anchors)
        faults = [f"{c.name}: {c.detail}" for c in check(books) if not c.ok and c.name != DOWN]
        return "; ".join(faults)

    def anchor_from(self, sequence: int) -> str:
        """Return how verify names the first anchor at ``sequence`` or behind it."""
        return f"anchor {next(a.sequence for a in self.anchors if a.sequence >= sequence)}:"


def run(task: Task) -> Found:
    """Cheat ``task.size`` times: with an audit entry, and with a row of any table, in turn."""
    rng, found = Random(task.seed), Found(count=task.size)  # noqa: S311 - no secret
    with task.books() as books:
        day.work(books, task.seed)
        books.let_go()
        honest = books.broken()
        with without_guards(books.owner) as connection:
            rows = Rows(connection)
            anchors = anchors_on_paper(connection)
            last = connection.scalar(select(AuditHead.sequence)) or 0
            case = Case(books=books, connection=connection, anchors=anchors, last=last)
            connection.rollback()
            for turn in range(task.size):
                kind = KINDS[turn // 2 % len(KINDS)]
                found.faults += _cheat_the_chain(case, kind, rng) if turn % 2 else []
                found.faults += [] if turn % 2 else _cheat_a_row(case, rows, rng)
        found.expect(not honest, f"honest books: {honest}")
        found.faults += books.broken()
        found.more = {"kinds": len(KINDS), "rows": rows.count, "anchors": len(anchors)}
        return found


def _cheat_the_chain(
    case: Case, kind: Callable[[Case, int, Random], str], rng: Random
) -> list[str]:
    """Cheat with one entry, before the last anchor; say if verify does not name the place."""
    victim = rng.randint(2, case.anchors[-1].sequence - 1)
    try:
        place = kind(case, victim, rng)
        told = case.told()
    finally:
        case.connection.rollback()
    if place in told:
        return []
    return [f"{kind.__name__.strip('_')} of entry {victim}: {place!r} is not in {told[:300]!r}"]


def _cheat_a_row(case: Case, rows: Rows, rng: Random) -> list[str]:
    row = rows.any(rng)
    kind = rng.choice([rows.edit, rows.edit, rows.delete, rows.swap, rows.copy])
    try:
        what = kind(row, rng)
        told = case.told() if what else ""
    except IntegrityError:  # another row has that key: not even an insider can
        return []
    finally:
        case.connection.rollback()
    if not what or told:
        return []
    return [f"{what}: verify says nothing"]


def _edited(case: Case, victim: int, rng: Random) -> str:
    _say(case.connection, victim, _changed(case.connection, victim, rng))
    return f"entry {victim}: hash=body"


def _deleted(case: Case, victim: int, _rng: Random) -> str:
    case.connection.execute(delete(AuditEntry).where(AuditEntry.sequence == victim))
    return f"entry {victim + 1}: after={victim - 1}"


def _swapped(case: Case, victim: int, rng: Random) -> str:
    other = rng.choice([n for n in range(1, case.last + 1) if n != victim])
    bodies = [_body(case.connection, sequence) for sequence in (victim, other)]
    _say(case.connection, victim, bodies[1])
    _say(case.connection, other, bodies[0])
    return f"entry {min(victim, other)}: hash=body"


def _forged(case: Case, victim: int, rng: Random) -> str:
    """Put another entry in its place that is sealed as it should be."""
    body = _changed(case.connection, victim, rng)
    previous = _link(case.connection, victim - 1)
    _say(case.connection, victim, body, hash=chain(previous, body))
    return f"entry {victim + 1}: previous_hash="


def _tail_cut(case: Case, victim: int, _rng: Random) -> str:
    case.connection.execute(delete(AuditEntry).where(AuditEntry.sequence >= victim))
    link = _link(case.connection, victim - 1)
    case.connection.execute(update(AuditHead).values(sequence=victim - 1, hash=link))
    return case.anchor_from(victim)


def _chained_again(case: Case, victim: int, rng: Random) -> str:
    """Edit, chain everything behind it anew, and let the documents bear the new anchors."""
    said = _changed(case.connection, victim, rng)
    rechain(case.connection, lambda sequence, body: said if sequence == victim else body)
    reseal(case.connection)
    return case.anchor_from(victim)


def _wiped(case: Case, _victim: int, _rng: Random) -> str:
    case.connection.execute(delete(AuditEntry))
    case.connection.execute(update(AuditHead).values(sequence=0, hash=GENESIS))
    return case.anchor_from(0)


KINDS = (_edited, _deleted, _swapped, _forged, _tail_cut, _chained_again, _wiped)


def _say(connection: Connection, sequence: int, body: str, **more: str) -> None:
    this = update(AuditEntry).where(AuditEntry.sequence == sequence)
    connection.execute(this.values(body=body, **more))


def _changed(connection: Connection, sequence: int, rng: Random) -> str:
    """Return what an entry says, with one character another."""
    body = _body(connection, sequence)
    place = rng.randrange(len(body))
    return f"{body[:place]}{chr(ord(body[place]) ^ 1)}{body[place + 1 :]}"


def _body(connection: Connection, sequence: int) -> str:
    query = select(AuditEntry.body).where(AuditEntry.sequence == sequence)
    return str(connection.scalars(query).one())


def _link(connection: Connection, sequence: int) -> str:
    query = select(AuditEntry.hash).where(AuditEntry.sequence == sequence)
    return connection.scalar(query) or GENESIS


GOAL = Goal(
    name="tampering",
    promise="edit, delete, swap, forge, cut, re-chain, wipe: verify with anchors names the place",
    run=run,
    quick=56,
    full=400,
)
