"""What a deliberate breakage is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """``old`` stands in ``file`` exactly once; with ``new`` in its place ``tests`` must go red."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    on_server: bool = False
    """Whether only a MariaDB server shows it."""
    needs: tuple[str, ...] = ()
    """Programs that the tests need."""

    def fault(self, root: Path) -> str | None:
        """Return what is wrong with the mutant itself: its place is not in the tree below root."""
        there = (root / self.file).read_text(encoding="utf-8").count(self.old)
        return None if there == 1 else f"{self.name}: {there} times in {self.file}: {self.old!r}"

    def apply(self, root: Path) -> str:
        """Break the tree below ``root``; return the file as it was."""
        file = root / self.file
        before = file.read_text(encoding="utf-8")
        file.write_text(before.replace(self.old, self.new), encoding="utf-8")
        return before


def goal(name: str) -> str:
    """Return the test that runs a goal of ``python -m proof``."""
    return f"tests/proof/test_quick.py::test_the_promise_holds[{name}]"
