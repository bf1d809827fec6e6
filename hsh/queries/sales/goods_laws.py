"""A sale moved what its lines say, and a void moved it back (laws 2 and 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from hsh.core.pricing import DEPOSITS
from hsh.core.words import Condition, LineKind, MoveKind, Outside
from hsh.models.registry import Place
from hsh.models.sales import DepositBalance, Discrepancy, Transaction, TransactionLine
from hsh.queries.books import moves
from hsh.queries.books.names import place_codes
from hsh.queries.law import Books, Fault, Found, law
from hsh.queries.sales.lines import Lines, lines_of

_FROM_TRUCK = {LineKind.DELIVERY, LineKind.ACCESSORY}
_TO_TRUCK = {
    LineKind.COLLECTION: (MoveKind.COLLECTION, Condition.EMPTY),
    LineKind.RETURN_FULL: (MoveKind.RETURN, Condition.FULL),
    LineKind.RETURN_PART: (MoveKind.RETURN, Condition.PART),
}
_first = aliased(Transaction)
_TRANSACTIONS = select(
    Transaction.id,
    Transaction.source_id,
    Transaction.site_id,
    Transaction.voids_id,
    _first.source_id.label("first_source"),
).outerjoin(_first, _first.id == Transaction.voids_id)


@law("sales.moves_are_lines")
def moves_are_lines(books: Books) -> Iterator[Fault]:
    """Prove that a transaction moved what its lines say, or undid what its sale moved."""
    count = books.connection.scalar(select(Place.id).where(Place.code == Outside.COUNT)) or 0
    for some in books.batches(_TRANSACTIONS, Transaction.id):
        ends = some[0].id, some[-1].id
        made = moves.made_by(books, "transaction", *ends)
        lines, lacking = lines_of(books, *ends), _lacking(books, *ends)
        for row in some:
            goods = _undone(books, row) if row.voids_id else _sold(row, lines)
            covered = [_cover(row, count, *lack) for lack in lacking[row.id]]
            meant, there = sorted([*goods, *covered]), made.get(row.id, [])
            if meant != there:
                where = f"transaction {row.id}"
                yield Fault(where, lines=moves.shown(meant), moves=moves.shown(there))


@law("sales.deposits_are_lines")
def deposits_are_lines(books: Books) -> Iterator[Fault]:
    """Prove that a site holds the deposits that its lines add up to, in count and cents."""
    keys = (Transaction.site_id, TransactionLine.service_id)
    lines = (
        select(*keys, func.sum(TransactionLine.quantity), func.sum(TransactionLine.amount))
        .join(Transaction, Transaction.id == TransactionLine.transaction_id)
        .where(TransactionLine.kind.in_(DEPOSITS))
        .group_by(*keys)
    )
    kept = select(
        DepositBalance.site_id,
        DepositBalance.service_id,
        DepositBalance.quantity,
        DepositBalance.amount,
    )
    paid = {(site, service): (int(n), int(cents)) for site, service, n, cents in books.rows(lines)}
    held = {(site, service): (n, cents) for site, service, n, cents in books.rows(kept)}
    for key in sorted(paid.keys() | held.keys()):
        if held.get(key, (0, 0)) != paid.get(key, (0, 0)):
            site = books.remembered(place_codes).get(key[0], f"place {key[0]}")
            yield Fault(f"{site} service {key[1]}", balance=held.get(key), lines=paid.get(key))


@law("discrepancies.of_their_sale")
def discrepancies_are_of_their_sale(books: Books) -> Iterator[Fault]:
    """Prove that a discrepancy is at the site and of the time of the sale that found it."""
    query = (
        select(Discrepancy.id, Discrepancy.transaction_id)
        .join(Transaction, Transaction.id == Discrepancy.transaction_id)
        .where(
            or_(
                Discrepancy.site_id != Transaction.site_id,
                Discrepancy.created_at != Transaction.confirmed_at,
            )
        )
    )
    for row in books.rows(query):
        yield Fault(f"discrepancy {row.id}", transaction=row.transaction_id)


def _sold(row: Found, lines: Lines) -> Iterator[moves.Moved]:
    """Yield the moves of a sale's lines, between its source and its site."""
    there = row.site_id, Condition.HELD
    for line in lines[row.id]:
        item, quantity = line.equipment_id, abs(int(line.quantity))
        if line.kind in _FROM_TRUCK:
            here = row.source_id, Condition.FULL
            yield moves.Moved(MoveKind.DELIVERY, item, *here, *there, quantity)
        elif line.kind in _TO_TRUCK:
            kind, condition = _TO_TRUCK[line.kind]
            yield moves.Moved(kind, item, *there, row.source_id, condition, quantity)


def _undone(books: Books, void: Found) -> Iterator[moves.Moved]:
    """Yield the first sale's moves undone, with the goods where the void says that they are."""
    for move in moves.made_by(books, "transaction", void.voids_id, void.voids_id).get(
        void.voids_id, []
    ):
        back = move.back()
        yield back._replace(
            source=void.source_id if back.source == void.first_source else back.source,
            target=void.source_id if back.target == void.first_source else back.target,
        )


def _cover(row: Found, count: int, equipment: int, quantity: int) -> moves.Moved:
    """Return the adjustment that a discrepancy stands for."""
    held = Condition.HELD
    return moves.Moved(MoveKind.ADJUSTMENT, equipment, count, held, row.site_id, held, quantity)


def _lacking(books: Books, first: int, last: int) -> Mapping[int, list[tuple[int, int]]]:
    lacking: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    query = select(
        Discrepancy.transaction_id, Discrepancy.equipment_id, Discrepancy.quantity
    ).where(Discrepancy.transaction_id.between(first, last))
    for transaction, equipment, quantity in books.rows(query):
        lacking[transaction].append((equipment, quantity))
    return lacking


LAWS = (moves_are_lines, deposits_are_lines, discrepancies_are_of_their_sale)
