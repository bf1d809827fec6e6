"""A form sent twice is done once (law 5)."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core.command import Command, Outcome
from hsh.core.refusals import NotEnoughStock, SubmissionReused
from hsh.db import atomic, db
from hsh.models.books import RefusedSubmission, Submission
from hsh.services.books import submissions
from tests import given
from tests.selling import everything

DONE = []


@dataclass(frozen=True, kw_only=True)
class Shout(Command):
    """Something that can be counted."""

    op: ClassVar[str] = "test.shout"
    words: str = "Hey"


@atomic
@submissions.once
def shout(command):
    DONE.append(command.words)
    if command.words == "short":
        raise NotEnoughStock(shortages=[])
    return Outcome(record="shout", ref=command.submission, number=f"S-{len(DONE)}", document="D-1")


@pytest.fixture(autouse=True)
def nothing_done(app):
    DONE.clear()


def a_shout(**changes):
    return Shout(**{"actor": given.a_driver().actor, "submission": uuid4()} | changes)


def kept():
    return list(db.session.scalars(select(Submission)))


def test_the_second_time_it_gives_the_first_answer_and_does_nothing():
    command = a_shout()
    first = shout(command)
    before = everything()
    assert shout(command) == first
    assert (DONE, everything()) == (["Hey"], before)


def test_it_is_kept_with_who_when_and_a_hash_of_what():
    command = a_shout(device="tablet-1", captured_at=datetime(2026, 11, 20, 4, tzinfo=UTC))
    outcome = shout(command)
    [row] = kept()
    assert (row.client_temp_id, row.op) == (command.submission, "test.shout")
    assert (row.actor_id, row.device) == (command.actor.id, "tablet-1")
    assert (row.captured_at, row.content_hash) == (command.captured_at, command.content_hash())
    assert json.loads(row.outcome) == {
        "record": "shout", "ref": str(outcome.ref), "number": "S-1", "document": "D-1",
        "payable": None,
    }  # fmt: skip


def test_the_same_uuid_with_other_content_is_refused():
    command = a_shout()
    shout(command)
    before = everything()
    with pytest.raises(SubmissionReused):
        shout(replace(command, words="Ho"))
    assert (DONE, everything()) == (["Hey"], before)


def test_who_when_and_which_device_are_not_content():
    command = a_shout()
    first = shout(command)
    again = replace(
        command, actor=given.a_driver().actor, device="tablet-2", captured_at=datetime.now(UTC)
    )
    assert shout(again) == first


def test_another_op_with_the_same_uuid_is_other_content():
    @dataclass(frozen=True, kw_only=True)
    class Whisper(Shout):
        op: ClassVar[str] = "test.whisper"

    command = a_shout()
    shout(command)
    with pytest.raises(SubmissionReused):
        shout(Whisper(actor=command.actor, submission=command.submission))


def test_a_refusal_does_not_occupy_the_uuid():
    command = a_shout(words="short")
    with pytest.raises(NotEnoughStock):
        shout(command)
    assert kept() == []
    assert shout(replace(command, words="long")).number == "S-2"


def test_a_refusal_is_written_down_each_time():
    command, no = a_shout(words="short"), NotEnoughStock(shortages=[{"there": 3}])
    submissions.log_refusal(command, no)
    submissions.log_refusal(command, no)
    rows = list(db.session.scalars(select(RefusedSubmission)))
    assert [row.client_temp_id for row in rows] == [command.submission] * 2
    assert (rows[0].code, json.loads(rows[0].params)) == (
        "not_enough_stock",
        {"shortages": [{"there": 3}]},
    )
    assert json.loads(rows[0].content) == {"words": "short"}
    assert kept() == []


def test_a_crash_does_not_occupy_the_uuid():
    @atomic
    @submissions.once
    def crash(_command):
        raise RuntimeError

    command = a_shout()
    with pytest.raises(RuntimeError):
        crash(command)
    assert shout(command).number == "S-1"
