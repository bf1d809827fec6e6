"""What people do all day, made from a seed: the same seed and number make the same command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from hsh.core.command import Command, Outcome
from hsh.core.words import Condition, Direction, PaymentMethod, ReadingKind
from hsh.services.logistics.corrections import (
    AdjustStock,
    StockLine,
    TransferStock,
    correct_stock,
)
from hsh.services.logistics.distributions import (
    ConfirmDistribution,
    ReverseDistribution,
    confirm_distribution,
    reverse_distribution,
)
from hsh.services.logistics.drafts import (
    DropDistribution,
    EditDistribution,
    Plan,
    PlanDistribution,
    PlannedLine,
    drop_distribution,
    edit_distribution,
    plan_distribution,
)
from hsh.services.sales.orders import ConfirmSale, CountEntry, CylinderEntry, ReadingEntry
from hsh.services.sales.transactions import confirm_sale
from hsh.services.sales.voids import VoidTransaction, void_transaction
from proof.world import OPENING, World

PLANNED_ON = date(2026, 12, 31)
"""One day for all plans: a form sent again over midnight is still the same form."""

SERVICES: dict[type[Command], Callable[[Any], Outcome]] = {
    AdjustStock: correct_stock,
    ConfirmDistribution: confirm_distribution,
    ConfirmSale: confirm_sale,
    DropDistribution: drop_distribution,
    EditDistribution: edit_distribution,
    PlanDistribution: plan_distribution,
    ReverseDistribution: reverse_distribution,
    TransferStock: correct_stock,
    VoidTransaction: void_transaction,
}


def do(command: Command) -> Outcome:
    """Hand ``command`` to its service."""
    return SERVICES[type(command)](command)


def other(command: Command) -> Command:
    """Return the same form with something else written in it."""
    match command:
        case ConfirmSale():
            return replace(command, note=f"{command.note}.")
        case Plan():
            return replace(command, remarks=f"{command.remarks}.")
        case AdjustStock() | TransferStock() | VoidTransaction() | ReverseDistribution():
            return replace(command, reason=f"{command.reason}.")
        case ConfirmDistribution() | DropDistribution():
            return replace(command, distribution=UUID(int=0))
    raise AssertionError(command.op)


def ref(rng: Random) -> UUID:
    """Return a UUID as a page would have born it."""
    return UUID(int=rng.getrandbits(128), version=4)


@dataclass(frozen=True, kw_only=True)
class Seller:
    """Someone with a truck, a site and a meter of their own; their n-th act is always the same."""

    world: World
    number: int
    seed: int

    def rng(self, n: int, what: str = "") -> Random:
        """Return what decides about the seller's ``n``-th act of a kind."""
        return Random(f"{self.seed} {self.number} {n} {what}")  # noqa: S311 - no secret

    def sale(self, n: int) -> ConfirmSale:
        """Sell, collect, read the meter on by one: refused unless ``n - 1`` is in the books."""
        rng = self.rng(n, "sale")
        has_terms = self._at % len(self.world.customers) == 0
        methods = [PaymentMethod.CASH, PaymentMethod.CARD, PaymentMethod.ON_ACCOUNT]
        meter = self.world.meters[self._at].ref
        return self._sell(
            rng,
            cylinders=_cylinders(rng),
            readings=(_reading(meter, n),),
            services=(CountEntry(code="DELIVERY", quantity=1),) * rng.randrange(2),
            deposits=(CountEntry(code="DEP-C127", quantity=1),) * rng.randrange(2),
            payment_method=rng.choice(methods[: 2 + has_terms]),
        )

    def visit(self, n: int) -> ConfirmSale:
        """Sell without a meter: nothing but stock stands between this sale and another."""
        rng = self.rng(n, "visit")
        return self._sell(rng, cylinders=_cylinders(rng))

    def odd(self, n: int) -> ConfirmSale:
        """Sell what the tablet had worked out to another total: a discrepancy."""
        return replace(self.visit(n), claimed=1)

    def credit(self, n: int) -> ConfirmSale:
        """Take a full cylinder back and sell nothing: a credit note."""
        back = CylinderEntry(equipment="C50", returned_full=1)
        return self._sell(self.rng(n, "credit"), cylinders=(back,))

    def too_much(self, n: int) -> ConfirmSale:
        """Sell regulators, of which the trucks have none: refused after much was written."""
        regulator = CountEntry(code="REG", quantity=1)
        return self._sell(self.rng(n, "too much"), accessories=(regulator,))

    def adjustment(self, n: int) -> AdjustStock:
        """Count one more or one fewer at a depot."""
        rng = self.rng(n, "adjustment")
        return AdjustStock(
            actor=self.world.supervisors[0].actor,
            submission=ref(rng),
            place=rng.choice(self.world.depots).ref,
            reason="Counted again",
            lines=(_full(rng.choice(["C9", "C50"]), rng.choice([-1, 1])),),
        )

    def transfer(self, n: int) -> TransferStock:
        """Bring two cylinders from one depot to the other."""
        rng = self.rng(n, "transfer")
        source, target = rng.sample(self.world.depots, 2)
        return TransferStock(
            actor=self.world.supervisors[1].actor,
            submission=ref(rng),
            place=source.ref,
            other=target.ref,
            reason="Short there",
            lines=(_full("C127", 2),),
        )

    def plan(self, n: int) -> PlanDistribution:
        """Plan to load the truck."""
        line = PlannedLine(
            direction=Direction.OUT, equipment="C127", condition=Condition.FULL, quantity=3
        )
        return PlanDistribution(
            actor=self.world.drivers[self._truck].actor,
            submission=ref(self.rng(n, "plan")),
            depot=self.world.depots[self._truck].ref,
            truck=self.world.trucks[self._truck].ref,
            driver=self.world.drivers[self._truck].ref,
            planned_on=PLANNED_ON,
            lines=(line,),
        )

    def confirm(self, n: int, plan: UUID) -> ConfirmDistribution:
        """Confirm what was planned."""
        return ConfirmDistribution(
            actor=self.world.supervisors[0].actor,
            submission=ref(self.rng(n, "confirm")),
            distribution=plan,
        )

    def void(self, n: int, sale: UUID) -> VoidTransaction:
        """Take a sale back."""
        return VoidTransaction(
            actor=self.world.supervisors[0].actor,
            submission=ref(self.rng(n, "void")),
            transaction=sale,
            reason="Wrong site",
        )

    @property
    def _at(self) -> int:
        return self.number % len(self.world.sites)

    @property
    def _truck(self) -> int:
        return self.number % len(self.world.trucks)

    def _sell(self, rng: Random, **entered: Any) -> ConfirmSale:
        return ConfirmSale(
            actor=self.world.drivers[self._truck].actor,
            submission=ref(rng),
            site=self.world.sites[self._at].ref,
            source=self.world.trucks[self._truck].ref,
            accept_shortfall=True,
            **{"payment_method": PaymentMethod.CARD} | entered,
        )


def _full(code: str, quantity: int) -> StockLine:
    return StockLine(equipment=code, condition=Condition.FULL, quantity=quantity)


def _cylinders(rng: Random) -> tuple[CylinderEntry, ...]:
    sizes = rng.sample(["C9", "C127", "C50"], rng.randint(1, 3))
    return tuple(
        CylinderEntry(equipment=size, delivered=rng.randint(1, 3), collected=rng.randrange(3))
        for size in sizes
    )


def _reading(meter: UUID, n: int) -> ReadingEntry:
    return ReadingEntry(
        meter=meter, kind=ReadingKind.NORMAL, previous=OPENING + n, current=OPENING + n + 1
    )
