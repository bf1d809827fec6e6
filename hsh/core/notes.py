"""What an act keeps in mind until it commits: what it knows, and what it writes last of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

type Row = Mapping[str, object]


@dataclass
class Notes:
    """The notes of one database transaction, for one command or for many.

    What many commands would each read, lock or write is so read, locked and written once.
    """

    known: dict[Any, Any] = field(default_factory=dict)
    """What rows say that the act has locked: nobody else can change them before it commits."""
    rows: dict[object, list[Row]] = field(default_factory=dict)
    """Rows to write when the act ends, by the statement that writes them: nobody reads them yet."""
    last: dict[Callable[[], None], None] = field(default_factory=dict)
    """What carries ``known`` into the database when the act ends, each once."""

    def know[T](self, key: object, read: Callable[[], T]) -> T:
        """Return what is known by ``key``; read it the first time."""
        if key not in self.known:
            self.known[key] = read()
        return cast("T", self.known[key])

    def leave(self, statement: object, rows: Sequence[Row]) -> None:
        """Leave ``rows`` for the end of the act; those of a ``statement`` name the same columns."""
        self.rows.setdefault(statement, []).extend(rows)

    def marked(self) -> Callable[[], None]:
        """Return what brings the notes back to what they are now."""
        known, last = dict(self.known), dict(self.last)
        lengths = {statement: len(rows) for statement, rows in self.rows.items()}

        def back() -> None:
            self.known, self.last = known, last
            for statement, rows in self.rows.items():
                del rows[lengths.get(statement, 0) :]

        return back
