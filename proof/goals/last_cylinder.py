"""The last cylinder: of 64 sellers one wins, and no truck ever goes below zero (law 2)."""

from __future__ import annotations

from sqlalchemy import func, select

from hsh.core.refusals import NotEnoughStock
from hsh.core.words import Condition, PaymentMethod
from hsh.db import db
from hsh.models.books import StockLevel, StockMove
from hsh.services.sales.orders import ConfirmSale, CylinderEntry
from proof.acts import Seller, do, ref
from proof.crew import Member, gather
from proof.goal import Found, Goal, Task
from proof.world import World, stock_up

PROCESSES, THREADS = 2, 32
SIZE = "C127"
WON, LOST, WRONG = "won", "lost", "wrong"


def run(task: Task) -> Found:
    """Put one cylinder on a truck ``task.size`` times, and let 64 sell it at once."""
    with task.books() as books:

        def work(member: Member) -> list[str]:
            return [_sell_it(books.world, member, task.seed, turn) for turn in range(task.size)]

        answers = gather(books, work, processes=PROCESSES, threads=THREADS)
        with books.app.app_context():
            found = _look(books.world, list(zip(*answers, strict=True)))
        found.faults += books.broken()
        return found


def _sell_it(world: World, member: Member, seed: int, turn: int) -> str:
    if member.number == 0:
        stock_up(world, world.trucks[0], 1, SIZE)
    order = _order(world, Seller(world=world, number=member.number, seed=seed), turn)
    member.wait()
    try:
        do(order)
    except NotEnoughStock as no:
        shortages = no.params["shortages"]
        return LOST if _says_none(shortages) else f"{WRONG}: {shortages}"
    finally:
        member.wait()
    return WON


def _order(world: World, seller: Seller, turn: int) -> ConfirmSale:
    return ConfirmSale(
        actor=world.drivers[0].actor,
        submission=ref(seller.rng(turn)),
        site=world.sites[seller.number % len(world.sites)].ref,
        source=world.trucks[0].ref,
        cylinders=(CylinderEntry(equipment=SIZE, delivered=1),),
        payment_method=PaymentMethod.CARD,
    )


def _says_none(shortages: object) -> bool:
    return isinstance(shortages, list) and [s["there"] for s in shortages] == [0]


def _look(world: World, turns: list[tuple[str, ...]]) -> Found:
    found = Found(count=len(turns))
    for turn, answers in enumerate(turns):
        won, lost = answers.count(WON), answers.count(LOST)
        fair = won == 1 and lost == PROCESSES * THREADS - 1
        found.expect(fair, f"turn {turn}: {won} won, {lost} were told; {set(answers)}")
    left = db.session.scalar(
        select(StockLevel.quantity).where(
            StockLevel.place_id == world.trucks[0].id,
            StockLevel.equipment_id == world.equipment[SIZE],
            StockLevel.condition == Condition.FULL,
        )
    )
    gone = db.session.scalar(
        select(func.sum(StockMove.quantity)).where(StockMove.from_place_id == world.trucks[0].id)
    )
    found.lost = abs(len(turns) - int(gone or 0))
    found.expect(left == 0, f"left on the truck: {left}")
    found.more = {"sellers": PROCESSES * THREADS}
    return found


GOAL = Goal(
    name="last-cylinder",
    promise="64 sellers, one left: one wins, never below zero",
    run=run,
    quick=20,
    full=500,
)
