"""What an act changed, told from the pictures before and after it that the audit book keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

type Picture = Mapping[str, Any]

KEYS = {
    "levels": ("place", "equipment", "condition"),
    "lines": ("direction", "equipment", "condition"),
}
"""What tells one row of a nested list from the others; rows of other lists go by their place."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A value before and after. None: there was none, or there is none any more."""

    field: str
    before: Any
    after: Any

    @property
    def is_one(self) -> bool:
        """Whether something changed at all."""
        return bool(self.before != self.after)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A nested list: its columns, and for each row a change in every column."""

    field: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Change, ...], ...]

    @property
    def is_new(self) -> bool:
        """Whether no row was there before."""
        return all(change.before is None for row in self.rows for change in row)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Everything that an entry tells of its record."""

    changed: tuple[Change, ...]
    kept: tuple[Change, ...]
    lists: tuple[Rows, ...]


def difference(before: Picture | None, after: Picture | None) -> Difference:
    """Compare two pictures, field by field and row by row."""
    old, new = before or {}, after or {}
    names = list(dict.fromkeys((*new, *old)))
    lists = {name for name in names if _is_list(old.get(name)) or _is_list(new.get(name))}
    plain = [
        Change(field=name, before=old.get(name), after=new.get(name))
        for name in names
        if name not in lists
    ]
    return Difference(
        changed=tuple(change for change in plain if change.is_one),
        kept=tuple(
            change for change in plain if not change.is_one and change.after not in (None, "")
        ),
        lists=tuple(
            _rows(name, old.get(name) or [], new.get(name) or []) for name in names if name in lists
        ),
    )


def _is_list(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _rows(name: str, before: list[Picture], after: list[Picture]) -> Rows:
    old, new = _by_key(name, before), _by_key(name, after)
    columns = tuple(dict.fromkeys(column for row in (*after, *before) for column in row))
    keys = dict.fromkeys((*new, *old))
    return Rows(
        field=name,
        columns=_keys_first(name, columns),
        rows=tuple(
            _row(_keys_first(name, columns), old.get(key, {}), new.get(key, {})) for key in keys
        ),
    )


def _row(columns: Iterable[str], old: Picture, new: Picture) -> tuple[Change, ...]:
    return tuple(
        Change(field=column, before=old.get(column), after=new.get(column)) for column in columns
    )


def _by_key(name: str, rows: list[Picture]) -> dict[tuple[Any, ...], Picture]:
    names = KEYS.get(name, ())
    if names and all(key in row for row in rows for key in names):
        return {tuple(row[key] for key in names): row for row in rows}
    return {(place,): row for place, row in enumerate(rows)}


def _keys_first(name: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    keys = [key for key in KEYS.get(name, ()) if key in columns]
    return (*keys, *(column for column in columns if column not in keys))
