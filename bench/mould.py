"""Copies of a real sale, row by row: other ids, refs, numbers, days and levels, the same law."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from hsh.core import clock
from hsh.core.canonical import canonical, digest
from hsh.core.refs import short_code
from hsh.services.books.audit import chain
from hsh.services.books.numbering import number

type Row = dict[str, Any]
type Level = tuple[int, int, str]
"""A place, an equipment, a condition."""

STEPS = {"transaction_lines": "id", "stock_moves": "id", "payments": "id", "outbox": "id"}
"""Tables whose ids run on by themselves."""
_CHANGES = {
    "submissions": {"client_temp_id": "ref", "applied_at": "stored", "outcome": "outcome"},
    "transactions": {
        "id": "transaction",
        "ref": "ref",
        "confirmed_at": "stored",
        "confirmed_on": "day",
        "supply_on": "day",
    },
    "transaction_lines": {"transaction_id": "transaction"},
    "payments": {"transaction_id": "transaction", "received_at": "stored"},
    "stock_moves": {"source_id": "transaction", "moved_at": "stored"},
    "documents": {
        "id": "document_id",
        "transaction_id": "transaction",
        "transaction_number": "number",
        "number": "document",
        "issued_on": "day",
        "due_on": "due",
        "content": "content",
        "content_hash": "content_hash",
        "anchor_sequence": "sequence",
        "anchor_hash": "link",
    },
    "outbox": {"record_id": "document_id", "created_at": "stored", "next_try_at": "stored"},
    "audit_entries": {
        "sequence": "sequence",
        "at": "stored",
        "record_ref": "ref",
        "number": "number",
        "body": "body",
        "previous_hash": "previous",
        "hash": "link",
    },
}
"""The columns of each table that are other in a copy, and the name of their value."""


@dataclass
class Books:
    """Where the books stand: what the next copy continues."""

    transaction: int
    document_id: int
    ids: dict[str, int]
    """The last id of each table in ``STEPS``."""
    sequence: int
    link: str
    """The newest entry of the audit chain, and its hash."""
    levels: dict[Level, int]
    issued: dict[tuple[str, int], int] = field(default_factory=dict)
    """The last number of each series and year."""


class Mould:
    """A real sale, as the rows that it left, with the places marked that change in a copy."""

    def __init__(self, rows: Mapping[str, list[Row]]) -> None:
        """Mark the places in ``rows``, which one sale left in each table."""
        self.rows = rows
        [document], [entry] = rows["documents"], rows["audit_entries"]
        self.series = (document["number"].split("-")[0], "TRX")
        self.terms = _days_between(document["issued_on"], document["due_on"])
        self.moved = _moved(json.loads(entry["body"]))
        self.content = _marked_content(json.loads(document["content"]))
        self.body = _marked_body(json.loads(entry["body"]))

    def copy(self, books: Books, at: datetime) -> Iterator[tuple[str, Row]]:
        """Yield the rows of one more such sale, confirmed at ``at``, and move ``books`` on."""
        values = self._values(books, at)
        for table, rows in self.rows.items():
            changes = {column: values[name] for column, name in _CHANGES[table].items()}
            for row in rows:
                yield table, row | changes | _next_id(books, table)

    def _values(self, books: Books, at: datetime) -> dict[str, Any]:
        """Return everything in which a copy differs from the sale that it copies."""
        ref, day = uuid4(), clock.business_date(at)
        printed, taken = (_next_number(books, name, day.year) for name in self.series)
        due = (day + timedelta(days=self.terms)).isoformat() if self.terms else None
        content = _filled(
            self.content,
            issued_on=day,
            issued_at=at.astimezone(clock.SINGAPORE).isoformat(timespec="seconds"),
            due_on=due,
            short_code=short_code(ref),
        )
        values = {"ref": str(ref), "day": day.isoformat(), "document": printed, "number": taken}
        values["content_hash"] = digest(content)
        books.transaction += 1
        books.document_id += 1
        books.sequence += 1
        body = self._body(books, at=at.isoformat(), **values)
        previous, books.link = books.link, chain(books.link, body)
        outcome = {"record": "transaction", "ref": ref, "number": taken, "document": printed}
        return values | {
            "stored": at.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds"),
            "transaction": books.transaction,
            "document_id": books.document_id,
            "due": due,
            "content": content,
            "outcome": canonical(outcome),
            "sequence": books.sequence,
            "body": body,
            "previous": previous,
            "link": books.link,
        }

    def _body(self, books: Books, **values: str) -> str:
        """Return the audit entry's body, with the levels before and after."""
        levels: dict[str, object] = {}
        for place, (level, change) in enumerate(self.moved.items()):
            levels[f"before_{place}"] = books.levels[level]
            books.levels[level] += change
            levels[f"after_{place}"] = books.levels[level]
        return _filled(self.body, sequence=books.sequence, **levels, **values)


def _next_number(books: Books, series: str, year: int) -> str:
    books.issued[series, year] = books.issued.get((series, year), 0) + 1
    return number(series, year, books.issued[series, year])


def _next_id(books: Books, table: str) -> Row:
    if table not in STEPS:
        return {}
    books.ids[table] += 1
    return {STEPS[table]: books.ids[table]}


def _moved(body: Any) -> dict[Level, int]:
    """Return by how much the sale changed each level, in the order of its audit entry."""
    before, after = body["before"]["levels"], body["after"]["levels"]
    return {
        (new["place"], new["equipment"], new["condition"]): new["quantity"] - old["quantity"]
        for old, new in zip(before, after, strict=True)
    }


def _marked_content(content: Any) -> str:
    marks = {"issued_on": "issued_on", "supply_on": "issued_on"}
    marks |= {"issued_at": "issued_at", "short_code": "short_code"}
    if content["due_on"]:
        marks["due_on"] = "due_on"
    return canonical(content | {name: f"@{mark}@" for name, mark in marks.items()})


def _marked_body(body: Any) -> str:
    for when in ("before", "after"):
        for place, level in enumerate(body[when]["levels"]):
            level["quantity"] = f"@#{when}_{place}@"
    body |= {"at": "@at@", "sequence": "@#sequence@", "submission": "@ref@"}
    body["record"] |= {"ref": "@ref@", "number": "@number@"}
    body["after"] |= {
        "document": "@document@",
        "content_hash": "@content_hash@",
        "supply_on": "@day@",
    }
    return canonical(body)


def _filled(text: str, **values: object) -> str:
    """Put values in the marked places; a number loses the quotes of its mark."""
    for name, value in values.items():
        if isinstance(value, int):
            text = text.replace(f'"@#{name}@"', str(value))
        else:
            text = text.replace(f"@{name}@", str(value))
    return text


def _days_between(issued: str, due: str | None) -> int:
    if not due:
        return 0
    return (datetime.fromisoformat(due) - datetime.fromisoformat(issued)).days
