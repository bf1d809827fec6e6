"""The line that a goal answers with, and the seeds that are kept."""

import json

import pytest

from proof import runner
from proof.goal import Found, Goal

HERE = runner.Where(owner=None, app=None)


@pytest.fixture
def asked():
    return []


@pytest.fixture
def goal(asked):
    def run(task):
        asked.append((task.seed, task.size))
        return Found(count=task.size, lost=int(task.seed == 13))

    return Goal(name="demo", promise="nothing is lost", run=run, quick=2, full=30)


def test_a_kept_seed_is_tried_before_a_new_one(goal, asked, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(runner, "SEEDS", tmp_path)
    (tmp_path / "demo.txt").write_text("7 two sales had one number\n")
    assert runner.prove(goal, HERE, seed=9, full=True)
    assert asked == [(7, 2), (9, 30)]
    assert line(capsys)["count"] == 32


def test_a_broken_promise_ends_the_run_and_says_how_to_keep_its_seed(goal, capsys):
    assert not runner.prove(goal, HERE, seed=13, full=False)
    told = line(capsys)
    assert (told["ok"], told["lost"], told["seed"]) == (False, 1, 13)
    assert told["keep"] == "echo '13 what it showed' >> proof/seeds/demo.txt"


def test_a_goal_that_stumbles_breaks_its_promise(capsys):
    def stumble(_task):
        raise KeyError("cylinder")

    goal = Goal(name="demo", promise="", run=stumble, quick=1, full=1)
    assert not runner.prove(goal, HERE, seed=1, full=False)
    assert line(capsys)["faults"] == ["KeyError: 'cylinder'"]


def test_a_goal_whose_program_is_missing_breaks_its_promise(goal, asked, capsys):
    without = Goal(
        name="demo", promise="", run=goal.run, quick=1, full=1, needs=("no-such-program",)
    )
    assert not runner.prove(without, HERE, seed=1, full=False)
    assert asked == []
    assert line(capsys)["faults"] == ["not on this machine: no-such-program"]


def line(capsys):
    return json.loads(capsys.readouterr().out)
