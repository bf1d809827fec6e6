"""Every goal of ``make proof`` in its quick size, as anybody would run it.

From one seed, so that red speaks of the change and not of the dice; ``make proof`` takes a new
seed each time, and what that finds is kept in ``proof/seeds`` and run here too.
"""

import json
import os
import subprocess
import sys

import pytest

from hsh.config import ROOT
from proof import runner

SEED = 20261121
DATABASE = "mysql" if os.environ.get("HSH_TEST_DATABASE") else "sqlite"


@pytest.mark.parametrize("name", runner.GOALS)
def test_the_promise_holds(name):
    goal = runner.GOALS[name]
    if DATABASE not in goal.databases:
        pytest.skip(f"is not about {DATABASE}")
    if goal.missing():
        pytest.skip(f"not on this machine: {', '.join(goal.missing())}")
    done = prove(name)
    line = json.loads(done.stdout)
    assert (done.returncode, line["ok"], line["lost"]) == (0, True, 0), done.stdout + done.stderr
    assert (line["goal"], line["seed"]) == (name, SEED)
    assert line["count"] >= goal.quick_on(DATABASE)


def test_a_goal_that_nobody_knows_is_refused():
    done = prove("world-peace")
    assert done.returncode == 2
    assert "no such goal: world-peace" in done.stderr


def prove(goal):
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "proof", "--seed", str(SEED), goal],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
