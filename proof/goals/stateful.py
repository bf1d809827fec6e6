"""All services against a small model in memory, drawn at random; the laws after every step."""

from __future__ import annotations

from functools import partial
from math import ceil

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from proof.crew import in_processes
from proof.goal import Found, Goal, Task
from proof.model.machine import Trade

STEPS = 100
"""The most steps of one day's trade; then another begins with empty books."""
DAYS = 5
"""So many are drawn from one seed before the next."""


def run(task: Task) -> Found:
    """Take ``task.size`` steps, in two processes that draw from different seeds."""
    found = Found()
    half = ceil(task.size / 2)
    for part in in_processes([partial(_part, task, half, part) for part in range(2)]):
        found.add(part)
    return found


def _part(task: Task, size: int, part: int) -> Found:
    with task.books() as books:
        Trade.books, Trade.steps = books, 0
        turn = 0
        while Trade.steps < size:
            _trade(task.seed * 1_000_003 + 2 * turn + part)
            turn += 1
        return Found(count=Trade.steps, more={"database": books.version()})


def _trade(number: int) -> None:
    machine = seed(number)(type("SeededTrade", (Trade,), {}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=DAYS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


GOAL = Goal(
    name="stateful",
    promise="all services against a model in memory: no counterexample",
    run=run,
    quick=5_000,
    quick_on_server=1_000,
    full=200_000,
)
