"""Many at once, on whichever database the suite runs: one wins, nothing is lost, nothing doubled."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from hsh.core.command import Outcome
from hsh.core.refusals import AlreadyConfirmed, NotEnoughStock, StaleVersion, SubmissionReused
from hsh.db import db
from hsh.models.books import AuditEntry, AuditHead, StockMove, Submission
from hsh.models.logistics import Distribution
from hsh.services.logistics.distributions import confirm_distribution
from hsh.services.logistics.drafts import edit_distribution
from tests import given
from tests.distributing import (
    both,
    confirm_order,
    edit_order,
    load,
    plan,
    planned,
    reverse,
    row,
    total_stock,
)
from tests.selling import at_once

THREADS = 8


@pytest.fixture
def world(app):
    return given.a_world()


def work(service, *commands):
    """Work for threads; each goes by its own command."""
    return [lambda command=command: service(command) for command in commands]


def numbers():
    return sorted(
        db.session.scalars(select(Distribution.number).where(Distribution.number.is_not(None)))
    )


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def chain_is_whole():
    """Tell whether each audit entry names the one before it, up to the head."""
    link, sequence = "0" * 64, 0
    for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)):
        if (entry.previous_hash, entry.sequence) != (link, sequence + 1):
            return False
        link, sequence = entry.hash, entry.sequence
    head = db.session.get_one(AuditHead, 1, populate_existing=True)
    return (head.hash, head.sequence) == (link, sequence)


def test_of_sixteen_confirmations_of_one_draft_one_wins(app, world):
    draft = plan(world, out={"C127": 5})
    answers = at_once(
        app, work(confirm_distribution, *(confirm_order(world, draft) for _ in range(16)))
    )
    won = [answer for answer in answers if isinstance(answer, Outcome)]
    told = [answer for answer in answers if isinstance(answer, AlreadyConfirmed)]
    assert (len(won), len(told)) == (1, 15)
    assert {no.params["number"] for no in told} == {won[0].number}
    assert numbers() == [won[0].number]
    assert both(world) == (95, 5)
    assert chain_is_whole()


def test_the_same_confirm_eight_times_at_once_is_one_document_and_eight_equal_answers(app, world):
    order = confirm_order(world, plan(world, out={"C127": 5}))
    moved, submitted = count(StockMove), count(Submission)
    answers = at_once(app, work(confirm_distribution, *[order] * THREADS))
    assert len(answers) == THREADS
    assert len({answer.number for answer in answers}) == 1
    assert all(answer == answers[0] for answer in answers)
    assert numbers() == [answers[0].number]
    assert (count(StockMove), count(Submission)) == (moved + 1, submitted + 1)
    assert both(world) == (95, 5)


def test_a_depot_is_never_emptied_below_zero(app, world):
    drafts = [plan(world, out={"C127": 30}) for _ in range(THREADS)]
    answers = at_once(
        app, work(confirm_distribution, *(confirm_order(world, draft) for draft in drafts))
    )
    short = [answer for answer in answers if isinstance(answer, NotEnoughStock)]
    assert len(short) == THREADS - 3
    assert {no.params["shortages"][0]["there"] for no in short} == {10}
    assert both(world) == (10, 90)
    assert [number[-6:] for number in numbers()] == ["000001", "000002", "000003"]


def test_loads_and_unloads_that_cross_do_not_wait_for_each_other(app, world, monkeypatch):
    for size in ("C9", "C127", "C14", "C50"):
        given.stock(world.truck, {world.sizes[size]: 50})
    sizes = dict.fromkeys(world.sizes, 2)
    drafts = [
        plan(world, **({"out": sizes} if turn % 2 else {"full": dict(reversed(sizes.items()))}))
        for turn in range(THREADS)
    ]
    monkeypatch.setattr("hsh.db.ATTEMPTS", 1)  # a deadlock is not tried away
    answers = at_once(
        app, work(confirm_distribution, *(confirm_order(world, draft) for draft in drafts))
    )
    assert all(isinstance(answer, Outcome) for answer in answers)
    assert both(world) == (100, 50)
    assert total_stock() == 0


def test_numbers_have_no_gaps_and_no_duplicates(app, world):
    """Half of them are refused on the way: a refusal uses no number up."""
    drafts = [plan(world, **{"out" if n % 2 else "empty": {"C127": 1}}) for n in range(24)]
    for some in (drafts[:THREADS], drafts[THREADS : 2 * THREADS], drafts[2 * THREADS :]):
        at_once(app, work(confirm_distribution, *(confirm_order(world, draft) for draft in some)))
    assert [int(number[-6:]) for number in numbers()] == list(range(1, 13))
    assert chain_is_whole()


def test_of_two_editors_one_is_told(app, world):
    draft = plan(world, out={"C127": 5})
    orders = [edit_order(world, draft, planned={"out": {"C127": 10 + n}}) for n in range(THREADS)]
    answers = at_once(app, work(edit_distribution, *orders))
    assert sum(isinstance(answer, Outcome) for answer in answers) == 1
    assert sum(isinstance(answer, StaleVersion) for answer in answers) == THREADS - 1
    winner = next(n for n, answer in enumerate(answers) if isinstance(answer, Outcome))
    assert list(planned(draft).values()) == [10 + winner]
    assert row(draft).version == 2


def test_an_edit_and_a_confirmation_never_mix(app, world):
    """What was confirmed is what moved, whichever came first."""
    draft = plan(world, out={"C127": 5})
    edits = work(edit_distribution, edit_order(world, draft, planned={"out": {"C127": 7}}))
    confirms = work(confirm_distribution, confirm_order(world, draft))
    at_once(app, edits + confirms)
    [quantity] = planned(draft).values()
    assert both(world) == (100 - quantity, quantity)


def test_a_distribution_is_reversed_once(app, world):
    first = load(world, out={"C127": 5})
    answers = at_once(app, [lambda: reverse(world, first.ref) for _ in range(THREADS)])
    assert sum(isinstance(answer, Outcome) for answer in answers) == 1
    assert both(world) == (100, 0)
    assert len(numbers()) == 2


def test_one_uuid_for_two_acts_does_one_of_them(app, world):
    """Two forms with one UUID: whichever came first is done, the other is refused."""
    orders = [confirm_order(world, plan(world, out={"C127": n})) for n in (5, 7)]
    orders[1] = replace(orders[1], submission=orders[0].submission)
    answers = at_once(app, work(confirm_distribution, *orders))
    assert sum(isinstance(answer, Outcome) for answer in answers) == 1
    assert sum(isinstance(answer, SubmissionReused) for answer in answers) == 1
    assert len(numbers()) == 1
