"""Stock counts are what the audit log last said of them, and their adjustments are theirs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from hsh.core.canonical import canonical
from hsh.models.books import AuditEntry
from hsh.models.logistics import StockCount, StockCountLine
from hsh.queries.law import Books, Fault, law

_LINES = select(
    StockCountLine.count_id,
    StockCountLine.equipment_id.label("equipment"),
    StockCountLine.condition,
    StockCountLine.counted,
    StockCountLine.expected,
)
_ENTRIES = select(AuditEntry.record_ref, AuditEntry.at, AuditEntry.actor_id, AuditEntry.body)


@law("counts.as_audited")
def counts_are_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that each count is what its newest entry pictures, of whom it says so."""
    for some in books.batches(select(*_COUNT), StockCount.id):
        lines = _lines(books, some[0].id, some[-1].id)
        said = defaultdict(list)
        query = _ENTRIES.where(AuditEntry.record_ref.in_([row.ref for row in some]))
        for entry in books.rows(query.order_by(AuditEntry.sequence)):
            said[entry.record_ref].append(entry)
        for row in some:
            entries = said[row.ref]
            if not entries:
                yield Fault(f"count {row.id}", audited=False)
                continue
            told = json.loads(entries[-1].body)["after"]
            now = {
                "place": row.place_id,
                "counted_at": row.counted_at,
                "closed_at": row.closed_at,
                "correction": row.correction_ref,
                "version": row.version,
                "lines": lines[row.id],
            }
            closer = entries[-1].actor_id if row.closed_at else None
            acted = (entries[0].at, entries[0].actor_id, closer)
            kept = (row.opened_at, row.opened_by, row.closed_by)
            if (_plain(now), kept) != (_plain(told), acted):
                yield Fault(f"count {row.id}", told=told)


_COUNT = (
    StockCount.id,
    StockCount.ref,
    StockCount.place_id,
    StockCount.opened_by,
    StockCount.opened_at,
    StockCount.counted_at,
    StockCount.closed_by,
    StockCount.closed_at,
    StockCount.correction_ref,
    StockCount.version,
)


def _plain(told: dict[str, Any]) -> str:
    """Return a picture so that equal ones compare equal: the order of its lines says nothing."""
    lines = sorted(map(canonical, told["lines"]))
    return canonical(told | {"lines": lines})


def _lines(books: Books, first: int, last: int) -> defaultdict[int, list[dict[str, Any]]]:
    lines: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in books.rows(_LINES.where(StockCountLine.count_id.between(first, last))):
        told = row._asdict()
        lines[told.pop("count_id")].append(told)
    return lines


LAWS = (counts_are_as_audited,)
