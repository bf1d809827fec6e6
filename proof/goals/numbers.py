"""Numbers: 16 writers over a midnight and a year's end leave no gap and no duplicate (law 4)."""

from __future__ import annotations

import multiprocessing
from collections import Counter, defaultdict
from datetime import datetime, timedelta

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Outcome
from hsh.core.refusals import NotEnoughStock
from hsh.db import db
from hsh.models.books import Counter as Issued
from hsh.models.logistics import Correction, Distribution
from hsh.models.sales import Document
from hsh.services.sales.orders import ConfirmSale
from proof.acts import Seller, do
from proof.crew import Member, gather
from proof.goal import Found, Goal, Task
from proof.world import AMPLE, stock_up

PROCESSES, THREADS = 2, 8
BEGINS = datetime(2026, 12, 30, 12, tzinfo=clock.SINGAPORE)
LASTS = timedelta(hours=48)
SOLD = ("C9", "C127", "C50")
ACTS = (
    *("adjustment", "adjustment", "adjustment", "transfer", "transfer", "distribution"),
    *("sale", "sale", "credit", "void", "refusal"),
)
"""What writers do, as often as it stands here; every series has its share."""


def run(task: Task) -> Found:
    """Let 16 writers do ``task.size`` acts each while two days pass."""
    done = multiprocessing.Value("q", 0)
    total = PROCESSES * THREADS * task.size

    def now() -> datetime:
        return BEGINS + LASTS * (int(done.value) / total)

    with task.books() as books, clock.running(now):
        with books.app.app_context():
            for place in (*books.world.depots, *books.world.trucks):
                stock_up(books.world, place, AMPLE, *SOLD)
            before = set(_in_the_books())

        def work(member: Member) -> list[str]:
            seller = Seller(world=books.world, number=member.number, seed=task.seed)
            given: list[str] = []
            for n in range(task.size):
                given += _act(seller, n)
                with done.get_lock():
                    done.value += 1
            return given

        answers = gather(books, work, processes=PROCESSES, threads=THREADS)
        with books.app.app_context():
            found = _look(before.union(*answers))
        found.count = total
        found.faults += books.broken()
        return found


def _act(seller: Seller, n: int) -> list[str]:
    """Do the ``n``-th act; return the numbers that it was given."""
    outcomes: list[Outcome] = []
    match seller.rng(n).choice(ACTS):
        case "adjustment":
            outcomes.append(do(seller.adjustment(n)))
        case "transfer":
            outcomes.append(do(seller.transfer(n)))
        case "distribution":
            outcomes.append(do(seller.confirm(n, do(seller.plan(n)).ref)))
        case "credit":
            outcomes.append(do(seller.credit(n)))
        case "refusal":
            outcomes += _refused(seller.too_much(n))
        case "void":
            outcomes.append(do(seller.visit(n)))
            outcomes.append(do(seller.void(n, outcomes[0].ref)))
        case _:
            outcomes.append(do(seller.visit(n)))
    return _numbers(outcomes)


def _refused(order: ConfirmSale) -> list[Outcome]:
    """Try what must be refused, taking no number with it."""
    try:
        return [do(order)]
    except NotEnoughStock:
        return []


def _numbers(outcomes: list[Outcome]) -> list[str]:
    both = [number for outcome in outcomes for number in (outcome.number, outcome.document)]
    return [number for number in both if number]


def _look(acknowledged: set[str]) -> Found:
    """Compare the numbers in the books with 1, 2, 3 ... and with what the writers were told."""
    there = Counter(_in_the_books())
    given: defaultdict[str, list[int]] = defaultdict(list)
    for number in there.elements():
        series, _, count = number.rpartition("-")
        given[series].append(int(count))
    duplicates = sum(there.values()) - len(there)
    gaps = sum(max(counts) - len(set(counts)) for counts in given.values())
    found = Found(lost=len(acknowledged ^ there.keys()) + gaps + duplicates)
    found.expect(_issued() == {key: len(n) for key, n in given.items()}, "counters are not counts")
    years = {series.rpartition("-")[2] for series in given}
    found.expect(years == {"2026", "2027"}, f"no year ended: {sorted(years)}")
    days = set(db.session.scalars(select(Document.issued_on).distinct()))
    found.expect(len(days) == LASTS.days + 1, f"days: {sorted(map(str, days))}")
    found.more = {
        "numbers": len(there),
        "series": len(given),
        "gaps": gaps,
        "duplicates": duplicates,
    }
    return found


def _in_the_books() -> list[str]:
    columns = (Distribution.number, Correction.number, Document.number, Document.transaction_number)
    found = [number for column in columns for number in db.session.scalars(select(column))]
    return [number for number in found if number]


def _issued() -> dict[str, int]:
    rows = db.session.execute(select(Issued.series, Issued.year, Issued.issued))
    return {f"{series}-{year}": issued for series, year, issued in rows}


GOAL = Goal(
    name="numbers",
    promise="16 writers over a midnight and a year's end: no gaps, no duplicates",
    run=run,
    quick=100,
    full=1_000,
)
