"""Runs goals: kept seeds first, then a new one; prints what was shown as one JSON line."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from hsh.config import ROOT
from proof import books, goals
from proof.goal import MOST_FAULTS, Found, Goal, Task

SEEDS = Path(__file__).parent / "seeds"
"""A file for each goal that ever failed; a line is a seed, a space, and what it showed."""

GOALS: dict[str, Goal] = {
    goal.name: goal
    for module in pkgutil.iter_modules(goals.__path__)
    for goal in [importlib.import_module(f"{goals.__name__}.{module.name}").GOAL]
}


@dataclass(frozen=True, kw_only=True)
class Where:
    """The addresses of the owner and the app on a server; None: the embedded database."""

    owner: str | None
    app: str | None

    @property
    def kind(self) -> str:
        """Return sqlite or mysql, which stands for MariaDB too."""
        return make_url(self.owner).get_backend_name() if self.owner else "sqlite"

    def books(self) -> AbstractContextManager[books.Books]:
        """Open an empty database there."""
        if self.owner is None or self.app is None or self.kind == "sqlite":
            return books.embedded()
        return books.on_server(self.owner, self.app)


def choose(names: Sequence[str], where: Where) -> list[Goal]:
    """Return the goals of these names, or all, as far as they are about this database."""
    asked = [GOALS[name] for name in names or GOALS]
    for goal in asked:
        if names and where.kind not in goal.databases:
            sys.stderr.write(f"{goal.name} is not about {where.kind}\n")
    return [goal for goal in asked if where.kind in goal.databases]


def prove(goal: Goal, where: Where, *, seed: int, full: bool) -> bool:
    """Run ``goal``, print its line, tell whether the promise held."""
    began = time.monotonic()
    versions = [where.kind]
    found = Found()
    quick = goal.quick_on(where.kind)
    size = goal.full if full else quick
    for tried, many in [*((kept, quick) for kept in kept_seeds(goal)), (seed, size)]:
        last = tried
        task = Task(size=many, seed=tried, books=lambda: _noting(where, versions))
        found.add(_run(goal, task))
        if not found.ok:
            break
    line = {
        "goal": goal.name,
        "database": versions[-1],
        "full": full,
        "count": found.count,
        "lost": found.lost,
        "ok": found.ok,
        "seed": last,
        "seconds": round(time.monotonic() - began, 1),
    }
    sys.stdout.write(json.dumps(line | found.more | _faults(goal, found, last)) + "\n")
    sys.stdout.flush()
    return found.ok


def kept_seeds(goal: Goal) -> list[int]:
    """Return the seeds that once showed a fault."""
    file = _seed_file(goal)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [int(line.split()[0]) for line in lines if line.strip()]


def _seed_file(goal: Goal) -> Path:
    return SEEDS / f"{goal.name}.txt"


def _run(goal: Goal, task: Task) -> Found:
    """Run once; what goes wrong on the way is a fault too. Only the line goes to stdout."""
    if goal.missing():
        return Found(faults=[f"not on this machine: {' '.join(goal.missing())}"])
    with redirect_stdout(sys.stderr):
        try:
            return goal.run(task)
        except Exception as trouble:  # noqa: BLE001 - the line tells of it
            traceback.print_exc()
            return Found(faults=[f"{type(trouble).__name__}: {trouble}"[-500:]])


def _faults(goal: Goal, found: Found, seed: int) -> dict[str, object]:
    if found.ok:
        return {}
    more = len(found.faults) - MOST_FAULTS
    told = found.faults[:MOST_FAULTS] + ([f"and {more} more"] if more > 0 else [])
    file = _seed_file(goal).relative_to(ROOT)
    return {"faults": told, "keep": f"echo '{seed} what it showed' >> {file}"}


@contextmanager
def _noting(where: Where, versions: list[str]) -> Iterator[books.Books]:
    with where.books() as opened:
        versions.append(opened.version())
        yield opened
