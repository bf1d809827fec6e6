"""What a goal is, what it is given, and what it answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from proof.books import Books

MOST_FAULTS = 5
"""How many faults a line of the answer names; the rest are counted."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One run of a goal. The same seed asks the same of the books."""

    size: int
    seed: int
    books: Callable[[], AbstractContextManager[Books]]
    """Opens an empty database with a small company in it."""


@dataclass(kw_only=True)
class Found:
    """What a run showed: how many acts were tried, how many were lost, what was wrong."""

    count: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)
    more: dict[str, object] = field(default_factory=dict)
    """Further figures for the line that is printed."""

    @property
    def ok(self) -> bool:
        """Tell whether everything that was promised was there."""
        return not self.lost and not self.faults

    def expect(self, held: bool, fault: str) -> None:  # noqa: FBT001 - reads like an assertion
        """Note ``fault`` unless ``held``."""
        if not held:
            self.faults.append(fault)

    def add(self, other: Found) -> None:
        """Add what another run of the same goal showed."""
        self.count += other.count
        self.lost += other.lost
        self.faults += other.faults
        self.more = other.more


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A promise and the run that shows it. ``size`` counts what the promise counts."""

    name: str
    promise: str
    run: Callable[[Task], Found]
    quick: int
    full: int
    quick_on_server: int | None = None
    """The quick size on a server, where each act waits for a network and a second process."""
    databases: frozenset[str] = frozenset({"sqlite", "mysql"})
    needs: tuple[str, ...] = ()
    """Programs that must be on this machine."""

    def quick_on(self, database: str) -> int:
        """Return the quick size on a kind of database."""
        return self.quick if database == "sqlite" else self.quick_on_server or self.quick

    def missing(self) -> list[str]:
        """Return the programs that the goal needs and this machine has not."""
        return [program for program in self.needs if shutil.which(program) is None]
