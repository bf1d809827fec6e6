"""What happened to a record, told from the audit book: on its own page, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for

from hsh.blueprints.access import may, who
from hsh.blueprints.books import acts, values
from hsh.queries.books import audit
from hsh.queries.books.difference import KEYS, Change, Difference, difference
from hsh.queries.books.names import Names

_MOST_LINES = 40
"""Changes that are told here; the entry's own page has them all."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that changed; empty: there was nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Event:
    """An act: when, who, what, and what it changed. ``more``: changes that are not told here."""

    sequence: int
    at: datetime
    person: str | None
    asked_by: str | None
    """Who asked for what the person approved."""
    act: str
    lines: list[Line]
    more: int
    is_long: bool


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """What happened, newest first. ``address`` leads to all of it in the audit book."""

    events: list[Event]
    address: str
    is_more: bool


def of(ref: UUID, *parts: UUID, action: str = "") -> Timeline | None:
    """Return what happened to the record ``ref`` and to its ``parts``.

    Told is what the audit book would tell this person; None for who does not read it. Of records
    that are one page's together, the book shows the ``action``.
    """
    if not may("audit.view"):
        return None
    found = audit.about(who(), (ref, *parts))
    wanted: dict[str, Any] = {"action": action} if action else {"record": ref}
    return Timeline(
        events=[_event(entry, found.names) for entry in found.briefs],
        address=url_for("audit.index", **wanted),
        is_more=found.is_more,
    )


def _event(entry: audit.Brief, names: Names) -> Event:
    lines = list(_lines(difference(entry.before, entry.after), names))
    return Event(
        sequence=entry.sequence,
        at=entry.at,
        person=entry.person,
        asked_by=entry.asked_by,
        act=acts.action(entry.action),
        lines=lines[:_MOST_LINES],
        more=max(len(lines) - _MOST_LINES, 0),
        is_long=entry.is_long,
    )


def _lines(told: Difference, names: Names) -> Iterator[Line]:
    for change in values.ordered(told.changed):
        line = Line(
            label=values.label(change.field),
            before=_shown(change.field, change.before, names),
            after=_shown(change.field, change.after, names),
        )
        if line.before or line.after:
            yield line
    for rows in values.ordered(told.lists):
        for row in rows.rows:
            if any(change.is_one for change in row):
                yield _row(rows.field, row, names)


def _row(field: str, row: tuple[Change, ...], names: Names) -> Line:
    """Tell a row of a nested list in one line: what it is, and what of it changed."""
    keys = KEYS.get(field, ())
    changed = [change for change in row if change.is_one and change.field not in keys]
    same = [change for change in row if change not in changed]
    said = (_shown(c.field, c.before if c.after is None else c.after, names) for c in same)
    what = ", ".join(filter(None, said))
    return Line(
        label=f"{values.label(field)}: {what}" if what else values.label(field),
        before=_told(changed, "before", names),
        after=_told(changed, "after", names),
    )


def _told(changed: list[Change], which: str, names: Names) -> str:
    """Tell what changed of a row; of more than one value, what each is."""
    said = [(c.field, _shown(c.field, getattr(c, which), names)) for c in changed]
    if len(changed) == 1:
        return said[0][1]
    return ", ".join(f"{values.label(field)} {text}" for field, text in said if text)


def _shown(field: str, value: Any, names: Names) -> str:
    """Write a value as a reader knows it; nothing of what is kept for the books alone."""
    if values.is_inner(field) or values.is_hash(value):
        return ""
    return values.shown(field, value, names)
