"""What logistics promises: every confirmed record has its moves and its audit entry (law 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from hsh.core.words import Direction, MoveKind
from hsh.models.books import AuditEntry
from hsh.models.logistics import Correction, Distribution, DistributionLine
from hsh.queries.books import moves
from hsh.queries.law import Books, Fault, Found, law
from hsh.queries.logistics import count_laws, picture_laws

_CONFIRMED = select(
    Distribution.id,
    Distribution.number,
    Distribution.depot_id,
    Distribution.truck_id,
    Distribution.reverses_id,
).where(Distribution.number.is_not(None))
_CORRECTIONS = select(
    Correction.id,
    Correction.number,
    Correction.kind,
    Correction.from_place_id,
    Correction.to_place_id,
    Correction.reverses_id,
)

_MOVES = {
    "open": MoveKind.ADJUSTMENT,
    "adjust": MoveKind.ADJUSTMENT,
    "transfer": MoveKind.TRANSFER,
    "dump": MoveKind.DUMP,
    "write_off": MoveKind.WRITE_OFF,
}

type Lines = defaultdict[int, list[tuple[str, int, str, int]]]
"""Direction, equipment, condition and quantity of each line, by the distribution's id."""


@law("distributions.moves_are_lines")
def moves_are_lines(books: Books) -> Iterator[Fault]:
    """Prove that a confirmed distribution moved what its lines say; a reversal moved it back."""
    for some in books.batches(_CONFIRMED, Distribution.id):
        ends = some[0].id, some[-1].id
        made = moves.made_by(books, "distribution", *ends)
        lines = _lines(books, *ends)
        for run in some:
            meant = sorted(_meant(run, line) for line in lines[run.id])
            if not meant or made.get(run.id, []) != meant:
                there = moves.shown(made.get(run.id, []))
                yield Fault(run.number, lines=moves.shown(meant), moves=there)


@law("distributions.reversals_mirror")
def reversals_mirror(books: Books) -> Iterator[Fault]:
    """Prove that a reversal repeats the depot, truck and lines of a confirmed distribution."""
    first = aliased(Distribution)
    query = select(Distribution.id, Distribution.number, Distribution.reverses_id).where(
        Distribution.reverses_id.is_not(None)
    )
    wrong = query.join(first, first.id == Distribution.reverses_id).where(
        or_(
            first.number.is_(None),
            first.reverses_id.is_not(None),
            first.depot_id != Distribution.depot_id,
            first.truck_id != Distribution.truck_id,
        )
    )
    for row in books.rows(wrong):
        yield Fault(f"distribution {row.id}", number=row.number, reverses=row.reverses_id)
    for row in books.stream(query, Distribution.id):
        lines = [_lines(books, which, which)[which] for which in (row.id, row.reverses_id)]
        if sorted(lines[0]) != sorted(lines[1]):
            yield Fault(f"distribution {row.id}", number=row.number, reverses=row.reverses_id)


@law("distributions.audited")
def distributions_are_audited(books: Books) -> Iterator[Fault]:
    """Prove that a confirmed distribution has one audit entry, by the person who confirmed it."""
    action = case(
        (Distribution.reverses_id.is_(None), literal("distribution.confirm")),
        else_=literal("distribution.reverse"),
    )
    entry = and_(
        AuditEntry.number == Distribution.number,
        AuditEntry.record_ref == Distribution.ref,
        AuditEntry.actor_id == Distribution.confirmed_by,
        AuditEntry.action == action,
    )
    entries = func.count(AuditEntry.sequence)
    query = (
        select(Distribution.number, entries.label("entries"))
        .outerjoin(AuditEntry, entry)
        .where(Distribution.number.is_not(None))
        .group_by(Distribution.id, Distribution.number)
        .having(entries != 1)
    )
    for row in books.rows(query):
        yield Fault(row.number, entries=row.entries)


@law("corrections.moves")
def corrections_move(books: Books) -> Iterator[Fault]:
    """Prove that a correction moved something, under its own kind, between its two places alone."""
    for some in books.batches(_CORRECTIONS, Correction.id):
        made = moves.made_by(books, "correction", some[0].id, some[-1].id)
        for row in some:
            there = made.get(row.id, [])
            places = {row.from_place_id, row.to_place_id}
            if not there or any(
                move.kind != _MOVES.get(row.kind) or {move.source, move.target} != places
                for move in there
            ):
                yield Fault(row.number, kind=row.kind, moves=moves.shown(there))


@law("corrections.audited")
def corrections_are_audited(books: Books) -> Iterator[Fault]:
    """Prove that a correction has one audit entry, by the person who confirmed it."""
    entry = and_(
        AuditEntry.number == Correction.number,
        AuditEntry.record_ref == Correction.ref,
        AuditEntry.actor_id == Correction.confirmed_by,
        AuditEntry.action
        == case(
            (Correction.reverses_id.is_(None), literal("stock.").concat(Correction.kind)),
            else_=literal("stock.reverse"),
        ),
    )
    entries = func.count(AuditEntry.sequence)
    query = (
        select(Correction.number, entries.label("entries"))
        .outerjoin(AuditEntry, entry)
        .group_by(Correction.id, Correction.number)
        .having(entries != 1)
    )
    for row in books.rows(query):
        yield Fault(row.number, entries=row.entries)


@law("corrections.reversals_mirror")
def corrections_mirror(books: Books) -> Iterator[Fault]:
    """Prove that a reversal moved back what a correction of its kind had moved."""
    for row in books.stream(_CORRECTIONS.where(Correction.reverses_id.is_not(None)), Correction.id):
        made = moves.made_by(books, "correction", row.id, row.id).get(row.id, [])
        first = moves.made_by(books, "correction", row.reverses_id, row.reverses_id)
        back = sorted(move.back() for move in first.get(row.reverses_id, []))
        other = books.rows(_CORRECTIONS.where(Correction.id == row.reverses_id))
        if made != back or [(one.kind, one.reverses_id) for one in other] != [(row.kind, None)]:
            yield Fault(row.number, reverses=row.reverses_id, moves=moves.shown(made))


def _lines(books: Books, first: int, last: int) -> Lines:
    lines: Lines = defaultdict(list)
    query = select(
        DistributionLine.distribution_id,
        DistributionLine.direction,
        DistributionLine.equipment_id,
        DistributionLine.condition,
        DistributionLine.quantity,
    ).where(DistributionLine.distribution_id.between(first, last))
    for run, *line in books.rows(query):
        direction, equipment, condition, quantity = line
        lines[run].append((direction, equipment, condition, quantity))
    return lines


def _meant(run: Found, line: tuple[str, int, str, int]) -> moves.Moved:
    direction, equipment, condition, quantity = line
    depot, truck = run.depot_id, run.truck_id
    out = direction == Direction.OUT
    move = moves.Moved(
        MoveKind.LOAD if out else MoveKind.UNLOAD,
        equipment,
        depot if out else truck,
        condition,
        truck if out else depot,
        condition,
        quantity,
    )
    return move if run.reverses_id is None else move.back()


LAWS = (
    moves_are_lines,
    reversals_mirror,
    distributions_are_audited,
    corrections_move,
    corrections_are_audited,
    corrections_mirror,
    *picture_laws.LAWS,
    *count_laws.LAWS,
)
