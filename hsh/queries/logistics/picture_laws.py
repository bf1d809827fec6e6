"""Distributions, drafts too, and corrections are what the audit log last said of them (law 7)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hsh.core.canonical import canonical
from hsh.models.books import AuditEntry
from hsh.models.logistics import Correction, Distribution, DistributionLine
from hsh.queries.books.names import place_codes
from hsh.queries.law import Books, Fault, Found, law

_RUNS = select(
    Distribution.id,
    Distribution.ref,
    Distribution.number,
    Distribution.depot_id.label("depot"),
    Distribution.truck_id.label("truck"),
    Distribution.driver_id.label("driver"),
    Distribution.planned_on,
    Distribution.remarks,
    Distribution.confirmed_at,
    Distribution.dropped_at,
    Distribution.reverses_id.label("reverses"),
    Distribution.reason,
    Distribution.version,
    Distribution.created_by,
    Distribution.confirmed_by,
    Distribution.captured_at,
)
_TOLD = (
    "number", "depot", "truck", "driver", "planned_on", "remarks", "confirmed_at", "dropped_at",
    "reverses", "reason", "version",
)  # fmt: skip
_first = aliased(Correction)
_CORRECTIONS = select(
    Correction.id,
    Correction.ref,
    Correction.number,
    Correction.from_place_id,
    Correction.to_place_id,
    Correction.reason,
    Correction.confirmed_at,
    _first.number.label("reverses"),
).outerjoin(_first, _first.id == Correction.reverses_id)
_ENTRIES = select(AuditEntry.record_ref, AuditEntry.at, AuditEntry.actor_id, AuditEntry.body)

type Entries = defaultdict[UUID, list[Found]]
"""The audit entries of records by their ref, oldest first."""


@law("distributions.as_audited")
def distributions_are_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that a distribution is what its newest entry pictures, and was planned as told."""
    for some in books.batches(_RUNS, Distribution.id):
        entries = _entries(books, "distribution", [run.ref for run in some])
        lines = _lines(books, some[0].id, some[-1].id)
        for run in some:
            said = entries[run.ref]
            where = run.number or f"distribution {run.id}"
            if not said:
                yield Fault(where, audited=False)
            elif wrong := _wrong_run(run, lines[run.id], said):
                yield Fault(where, differs=",".join(wrong))


@law("corrections.as_audited")
def corrections_are_as_audited(books: Books) -> Iterator[Fault]:
    """Prove that a correction has the places, reason, time and first one that its entry tells."""
    codes = books.remembered(place_codes)
    for some in books.batches(_CORRECTIONS, Correction.id):
        entries = _entries(books, "correction", [row.ref for row in some])
        for row in some:
            ends = codes.get(row.from_place_id), codes.get(row.to_place_id)
            now = (*ends, row.reason, row.reverses)
            told = [(entry.at, *_ends(_picture(entry))) for entry in entries[row.ref]]
            if told != [(row.confirmed_at, *now)]:
                yield Fault(row.number, entries=len(told), reason=row.reason)


def _ends(told: dict[str, Any]) -> tuple[object, ...]:
    return told.get("from"), told.get("to"), told.get("reason"), told.get("reverses")


def _wrong_run(run: Found, lines: list[dict[str, Any]], said: Sequence[Found]) -> list[str]:
    """Name what differs from the entries that tell of ``run``."""
    newest = _picture(said[-1])
    now = json.loads(canonical({name: getattr(run, name) for name in _TOLD}))
    captured = json.loads(said[-1].body)["captured_at"] if run.number else None
    agrees = {
        **{name: _same(now[name], newest.get(name)) for name in _TOLD},
        "lines": sorted(lines, key=canonical) == sorted(newest.get("lines", []), key=canonical),
        "created_by": run.created_by == said[0].actor_id,
        "confirmed_by": run.confirmed_by == (said[-1].actor_id if run.number else None),
        "captured_at": _same(json.loads(canonical(run.captured_at)), captured),
    }
    return [name for name, agreed in agrees.items() if not agreed]


def _same(now: object, said: object) -> bool:
    """Compare values as JSON has them; an instant is the same in any zone."""
    if now == said or not (isinstance(now, str) and isinstance(said, str)):
        return now == said
    try:
        return datetime.fromisoformat(now) == datetime.fromisoformat(said)
    except (TypeError, ValueError):  # one has no zone, or is no instant
        return False


def _entries(books: Books, record: str, refs: Sequence[UUID]) -> Entries:
    found: Entries = defaultdict(list)
    query = _ENTRIES.where(AuditEntry.record_ref.in_(refs), AuditEntry.record_type == record)
    for entry in books.rows(query.order_by(AuditEntry.sequence)):
        found[entry.record_ref].append(entry)
    return found


def _picture(entry: Found) -> dict[str, Any]:
    return json.loads(entry.body)["after"] or {}


def _lines(books: Books, first: int, last: int) -> defaultdict[int, list[dict[str, Any]]]:
    lines: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    query = select(
        DistributionLine.distribution_id,
        DistributionLine.direction,
        DistributionLine.equipment_id.label("equipment"),
        DistributionLine.condition,
        DistributionLine.quantity,
    ).where(DistributionLine.distribution_id.between(first, last))
    for row in books.rows(query):
        told = row._asdict()
        lines[told.pop("distribution_id")].append(told)
    return lines


LAWS = (distributions_are_as_audited, corrections_are_as_audited)
