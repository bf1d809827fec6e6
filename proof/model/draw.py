"""Commands drawn at random: mostly such as can be done, now and then such as must be refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from hsh.core.command import Actor
from hsh.core.words import Condition, Direction, PaymentMethod, RateSubject, ReadingKind
from hsh.services.logistics.corrections import AdjustStock, StockLine, TransferStock
from hsh.services.logistics.distributions import ConfirmDistribution, ReverseDistribution
from hsh.services.logistics.drafts import (
    DropDistribution,
    EditDistribution,
    PlanDistribution,
    PlannedLine,
)
from hsh.services.registry.meters import NewMeter
from hsh.services.sales.orders import ConfirmSale, CountEntry, CylinderEntry, ReadingEntry
from hsh.services.sales.voids import VoidTransaction
from proof.acts import ref
from proof.model.state import ACCESSORIES, CUSTOMER, CYLINDERS, HERE, LIST, USAGE, Gauge, Model
from proof.world import Person, Spot

SITES = 3
"""So many of the world's sites are visited: few enough to be visited often."""
UNKNOWN = "C999"


@dataclass(frozen=True, kw_only=True)
class Draw:
    """Draws what happens next in ``model``."""

    model: Model
    rng: Random

    def one[T](self, options: Sequence[T]) -> T:
        """Return one of them."""
        return self.rng.choice(options)

    def number(self, least: int, most: int) -> int:
        """Return a whole number."""
        return self.rng.randint(least, most)

    def rarely(self, one_in: int = 24) -> bool:
        """Return True once in so many times."""
        return self.rng.randrange(one_in) == 0

    def submission(self) -> UUID:
        """Return a form's own UUID."""
        return ref(self.rng)

    def person(self, usual: Sequence[Person]) -> Actor:
        """Return one of the usual people, rarely somebody else."""
        world = self.model.world
        return self.one([*world.drivers, *world.supervisors] if self.rarely() else usual).actor

    def day(self) -> date:
        """Return a day around today."""
        return self.model.today + timedelta(days=self.number(-3, 9))

    def priced(self) -> tuple[str, int, str]:
        """Return whose price of what: a price list, a customer or a site, and a code."""
        world = self.model.world
        scopes = [(LIST, key) for key in world.price_lists]
        scopes += [(CUSTOMER, key) for key in world.customers]
        scopes += [(HERE, site.id) for site in world.sites[:SITES]]
        codes = [USAGE, *world.equipment, *world.services]
        return *self.one(scopes), self.one(codes)

    def subject(self, code: str) -> tuple[RateSubject, int]:
        """Return what a price is about, as the registry knows it."""
        world = self.model.world
        if code in world.equipment:
            return RateSubject.EQUIPMENT, world.equipment[code]
        if code in world.services:
            return RateSubject.SERVICE, world.services[code]
        return RateSubject.USAGE, 0

    def meter(self) -> NewMeter:
        """Return a meter to put up at a site."""
        decimals = self.number(0, 4)
        return NewMeter(
            ref=self.submission(),
            site=self.one(self.model.world.sites[:SITES]).id,
            serial=f"NEW-{len(self.model.gauges)}",
            digits=3,
            decimals=decimals,
            opening_reading=Decimal(self.number(0, 999)),
            opening_on=self.model.today,
        )

    def stock_line(self, least: int, most: int) -> StockLine:
        """Return so many of anything."""
        code = UNKNOWN if self.rarely(32) else self.one([*CYLINDERS, *ACCESSORIES])
        conditions = [Condition.FULL, Condition.EMPTY, Condition.PART]
        return StockLine(
            equipment=code,
            condition=Condition.FULL if code in ACCESSORIES else self.one(conditions),
            quantity=self.number(least, most),
        )


def opening(draw: Draw, place: Spot, quantity: int) -> AdjustStock:
    """Count so many full ones of everything into ``place``."""
    return AdjustStock(
        actor=draw.model.world.supervisors[0].actor,
        submission=draw.submission(),
        place=place.ref,
        reason="Opening count",
        lines=tuple(
            StockLine(equipment=code, condition=Condition.FULL, quantity=quantity)
            for code in (*CYLINDERS, *ACCESSORIES)
        ),
    )


def adjustment(draw: Draw) -> AdjustStock:
    """Count what differs, somewhere."""
    world = draw.model.world
    places = [*world.depots, *world.trucks, *(world.sites[:1] if draw.rarely() else ())]
    return AdjustStock(
        actor=draw.person(world.supervisors),
        submission=draw.submission(),
        place=draw.one(places).ref,
        reason="Counted",
        lines=tuple(draw.stock_line(-6, 12) for _ in range(draw.number(1, 3))),
    )


def transfer(draw: Draw) -> TransferStock:
    """Move between two places, of which one should be a depot."""
    world = draw.model.world
    depots, outside = list(world.depots), list(world.outside.values())
    source, target = draw.one([depots, [depots[0], outside[0]], [outside[0], depots[1]], outside])[
        :2
    ]
    if draw.rarely():
        target = draw.one([*world.trucks, *world.sites[:1]])
    return TransferStock(
        actor=draw.person(world.supervisors),
        submission=draw.submission(),
        place=source.ref,
        other=target.ref,
        reason="Short there",
        lines=tuple(draw.stock_line(1, 20) for _ in range(draw.number(1, 2))),
    )


def plan(draw: Draw) -> PlanDistribution:
    """Plan to load and unload a truck."""
    return PlanDistribution(actor=_planner(draw), submission=draw.submission(), **_planned(draw))


def edit(draw: Draw) -> EditDistribution:
    """Change a draft, rarely one that was changed meanwhile."""
    run = _run(draw, waits=True)
    return EditDistribution(
        actor=_planner(draw),
        submission=draw.submission(),
        distribution=run,
        version=draw.model.runs[run].version - draw.rarely(8),
        **_planned(draw),
    )


def drop(draw: Draw) -> DropDistribution:
    """Give a draft up."""
    run = _run(draw, waits=True)
    return DropDistribution(actor=_planner(draw), submission=draw.submission(), distribution=run)


def confirm(draw: Draw) -> ConfirmDistribution:
    """Confirm a draft."""
    run = _run(draw, waits=True)
    return ConfirmDistribution(actor=_planner(draw), submission=draw.submission(), distribution=run)


def reverse(draw: Draw) -> ReverseDistribution:
    """Take a confirmed distribution back."""
    return ReverseDistribution(
        actor=draw.person(draw.model.world.supervisors),
        submission=draw.submission(),
        distribution=_run(draw, waits=False),
        reason="Wrong truck",
    )


def sale(draw: Draw) -> ConfirmSale:
    """Visit a site with a truck, or sell at a depot's counter."""
    world = draw.model.world
    site = draw.one(world.sites[:SITES])
    at = draw.number(0, len(world.trucks) - 1)
    usual, source = [*[world.drivers[at]] * 4, *world.supervisors], world.trucks[at]
    if draw.rarely(6):
        usual, source = list(world.supervisors), world.depots[at]
    return ConfirmSale(
        actor=draw.person(usual),
        submission=draw.submission(),
        captured_at=_captured_at(draw),
        site=site.ref,
        source=source.ref,
        readings=_readings(draw, site),
        cylinders=_cylinders(draw),
        accessories=_counts(draw, "REG", 2),
        services=_counts(draw, "DELIVERY", 2),
        deposits=_counts(draw, "DEP-C127", 3),
        refunds=_counts(draw, "DEP-C127", 2),
        payment_method=draw.one(list(PaymentMethod)),
        accept_shortfall=not draw.rarely(3),
    )


def void(draw: Draw) -> VoidTransaction:
    """Take a sale back; rarely the goods are elsewhere by now."""
    world = draw.model.world
    places = [*world.depots, *world.trucks, *world.sites[:1], *world.outside.values()]
    return VoidTransaction(
        actor=draw.person(world.supervisors),
        submission=draw.submission(),
        transaction=draw.one(list(draw.model.sales)),
        reason="Wrong site",
        goods_at=draw.one(places).ref if draw.rarely(4) else None,
    )


def _run(draw: Draw, *, waits: bool) -> UUID:
    """Return a distribution that waits to be confirmed, or one that does not; rarely any."""
    runs = draw.model.runs
    some = [ref for ref, run in runs.items() if (not run.number and not run.dropped) == waits]
    return draw.one(list(runs) if draw.rarely(8) or not some else some)


def _planner(draw: Draw) -> Actor:
    world = draw.model.world
    return draw.one([*world.drivers, *world.supervisors]).actor


def _planned(draw: Draw) -> dict[str, Any]:
    world = draw.model.world
    at = draw.number(0, len(world.trucks) - 1)
    driver = draw.number(0, len(world.drivers) - 1) if draw.rarely(8) else at
    return {
        "depot": draw.one(world.depots).ref,
        "truck": world.sites[0].ref if draw.rarely() else world.trucks[at].ref,
        "driver": world.drivers[driver].ref,
        "planned_on": draw.day(),
        "lines": tuple(
            _planned_line(draw) for _ in range(draw.number(0 if draw.rarely() else 1, 3))
        ),
    }


def _planned_line(draw: Draw) -> PlannedLine:
    conditions = [Condition.FULL, Condition.FULL, Condition.EMPTY, Condition.PART]
    direction = draw.one([Direction.OUT, Direction.IN])
    out = direction == Direction.OUT and not draw.rarely()
    return PlannedLine(
        direction=direction,
        equipment=UNKNOWN if draw.rarely(32) else draw.one([*CYLINDERS, *ACCESSORIES]),
        condition=Condition.FULL if out else draw.one(conditions),
        quantity=draw.number(-1, 0) if draw.rarely() else draw.number(1, 9),
    )


def _captured_at(draw: Draw) -> datetime | None:
    """Return now, or a moment offline: rarely too long ago, or in the future."""
    if not draw.rarely(4):
        return None
    return draw.model.now - timedelta(hours=draw.number(-5, 8 * 24))


def _cylinders(draw: Draw) -> tuple[CylinderEntry, ...]:
    sizes = draw.rng.sample(CYLINDERS, draw.number(0, 2))
    return tuple(
        CylinderEntry(
            equipment=UNKNOWN if draw.rarely(64) else size,
            delivered=draw.number(0, 4),
            collected=draw.number(0, 3),
            returned_full=draw.number(0, 2) if draw.rarely(3) else 0,
            returned_part=draw.number(0, 2) if draw.rarely(3) else 0,
        )
        for size in sizes
    )


def _counts(draw: Draw, code: str, most: int) -> tuple[CountEntry, ...]:
    if not draw.rarely(4):
        return ()
    return (CountEntry(code=UNKNOWN if draw.rarely() else code, quantity=draw.number(1, most)),)


def _readings(draw: Draw, site: Spot) -> tuple[ReadingEntry, ...]:
    if not draw.rarely(2):
        return ()
    gauges = [(meter, g) for meter, g in draw.model.gauges.items() if g.site == site.id]
    if draw.rarely():
        gauges = list(draw.model.gauges.items())
    some = draw.number(1, min(2, len(gauges)))
    return tuple(_reading(draw, *draw.one(gauges)) for _ in range(some))


def _reading(draw: Draw, meter: UUID, gauge: Gauge) -> ReadingEntry:
    """Read a meter: mostly forwards, and mostly on from what it said last."""
    kind = draw.one([ReadingKind.NORMAL, *ReadingKind])
    steps = draw.number(-2 if draw.rarely() else 0, 700)
    current = gauge.last + gauge.estimated * (kind == ReadingKind.ESTIMATED) + steps * gauge.grain
    if kind == ReadingKind.ROLLOVER or current >= gauge.wrap:
        current = draw.number(0, 300) * gauge.grain
    is_change = kind == ReadingKind.CHANGE
    first = current - min(current, draw.number(0, 50) * gauge.grain)
    return ReadingEntry(
        meter=meter,
        kind=kind,
        previous=_decimal(gauge.last - gauge.grain * draw.rarely()),
        current=_decimal(current + draw.rarely(32)),
        final=_decimal(gauge.last + draw.number(0, 99) * gauge.grain) if is_change else None,
        first=_decimal(first) if is_change and not draw.rarely() else None,
    )


def _decimal(units: int) -> Decimal:
    return Decimal(units).scaleb(-4)
