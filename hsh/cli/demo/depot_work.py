"""A played day at the depots: the supplier comes, trucks load in the morning, unload at night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from hsh.cli.demo import goods, world
from hsh.cli.demo.stage import Stage, number
from hsh.cli.demo.world import DepotView, TruckView
from hsh.core.words import Condition, Direction
from hsh.services.logistics.corrections import (
    AdjustStock,
    StockLine,
    TransferStock,
    correct_stock,
)
from hsh.services.logistics.distributions import ConfirmDistribution, confirm_distribution
from hsh.services.logistics.drafts import PlanDistribution, PlannedLine, plan_distribution

_OPENING = {"CYL-9": 60, "CYL-12.7": 160, "CYL-14": 90, "CYL-50": 70, "REG-LP": 40, "HOSE-1.5": 40}
_OPENING_EMPTY = {"CYL-9": 10, "CYL-12.7": 25, "CYL-14": 15, "CYL-50": 10}
_RESERVE = 30
"""So many of each are ordered beyond what the day needs."""
_SPARE = 2
"""So many of each size ride along for what nobody expected."""


def count_opening_stock(stage: Stage) -> None:
    """Bring what stands at the depots into the books."""
    for depot in world.depots():
        lines = [
            *_stock_lines(_OPENING, Condition.FULL),
            *_stock_lines(_OPENING_EMPTY, Condition.EMPTY),
        ]
        command = AdjustStock(
            **stage.sender(depot.supervisor),
            place=depot.ref,
            reason="Opening stock, counted.",
            lines=tuple(lines),
        )
        stage.played.corrections.append(number(correct_stock(command)))


def load(stage: Stage, truck: TruckView, needed: Mapping[str, int]) -> None:
    """Fill the truck for its route; what is on it already need not be loaded."""
    there = world.stock(truck.id)
    wanted = Counter(needed) + Counter(dict.fromkeys(_cylinders(needed), _SPARE))
    wanted -= Counter({code: there.get((code, Condition.FULL), 0) for code in wanted})
    _provide(stage, truck.depot, wanted)
    lines = [
        PlannedLine(
            direction=Direction.OUT, equipment=code, condition=Condition.FULL, quantity=count
        )
        for code, count in wanted.items()
    ]
    _distribute(stage, truck, tuple(lines), remarks="Morning load.")


def unload(stage: Stage, truck: TruckView) -> None:
    """Bring everything on the truck back into its depot."""
    lines = [
        PlannedLine(direction=Direction.IN, equipment=code, condition=condition, quantity=count)
        for (code, condition), count in world.stock(truck.id).items()
    ]
    _distribute(stage, truck, tuple(lines), remarks="Evening return.")


def send_empties(stage: Stage, depot: DepotView) -> None:
    """Give the supplier every empty cylinder to fill."""
    there = world.stock(depot.id)
    empties = {code: count for (code, state), count in there.items() if state == Condition.EMPTY}
    if empties:
        command = TransferStock(
            **stage.sender(depot.supervisor),
            place=depot.ref,
            other=world.supplier(),
            reason="Empty cylinders to the supplier.",
            lines=tuple(_stock_lines(empties, Condition.EMPTY)),
        )
        stage.played.corrections.append(number(correct_stock(command)))


def _provide(stage: Stage, depot: DepotView, wanted: Mapping[str, int]) -> None:
    """Have the supplier bring what the depot lacks for the day, and a reserve."""
    there = world.stock(depot.id)
    lacking = {
        code: count + _RESERVE - there.get((code, Condition.FULL), 0)
        for code, count in wanted.items()
        if there.get((code, Condition.FULL), 0) < count
    }
    if lacking:
        command = TransferStock(
            **stage.sender(depot.supervisor),
            place=world.supplier(),
            other=depot.ref,
            reason="Delivery from the supplier.",
            lines=tuple(_stock_lines(lacking, Condition.FULL)),
        )
        stage.played.corrections.append(number(correct_stock(command)))


def _distribute(
    stage: Stage, truck: TruckView, lines: tuple[PlannedLine, ...], *, remarks: str
) -> None:
    """Plan and confirm, as a driver does on the tablet."""
    if not lines:
        return
    draft = plan_distribution(
        PlanDistribution(
            **stage.sender(truck.driver),
            depot=truck.depot.ref,
            truck=truck.ref,
            driver=truck.driver_ref,
            planned_on=stage.day,
            remarks=remarks,
            lines=lines,
        )
    )
    confirm = ConfirmDistribution(**stage.sender(truck.driver), distribution=draft.ref)
    stage.played.distributions.append(number(confirm_distribution(confirm)))


def _stock_lines(counts: Mapping[str, int], condition: Condition) -> list[StockLine]:
    return [
        StockLine(equipment=code, condition=condition, quantity=count)
        for code, count in counts.items()
    ]


def _cylinders(codes: Mapping[str, int]) -> list[str]:
    return [good.code for good in goods.GOODS if good.is_cylinder and good.code in codes]
