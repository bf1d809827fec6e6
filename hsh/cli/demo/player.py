"""Plays working days through the services themselves, as people would: never by direct rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hsh.cli.demo import depot_work, goods, routes, world
from hsh.cli.demo.dice import Dice
from hsh.cli.demo.stage import Played, Stage, number
from hsh.cli.demo.world import DepotView, SiteView, TruckView
from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.words import Condition, PaymentMethod
from hsh.services.sales.orders import ConfirmSale, CountEntry, CylinderEntry
from hsh.services.sales.transactions import confirm_sale
from hsh.services.sales.voids import VoidTransaction, void_transaction

_SALES_A_TRUCK = range(8, 16)
_READY, _MORNING, _FIRST_SALE, _LAST_SALE, _EVENING = (
    time(6),
    time(6, 30),
    time(8, 30),
    time(17),
    time(17, 45),
)
_AT_THE_COUNTER = time(12, 15)
_COUNTER_SIZE = "CYL-9"
_VOID_ONE_IN = 40
_WHY_VOIDED = ("Wrong customer chosen.", "Keyed in twice.", "Customer changed the order.")
_TILL_VOIDED = timedelta(minutes=4)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A sale that will be made: by whom, from which truck or depot, and what."""

    at: datetime
    seller: Actor
    source: UUID
    supervisor: Actor
    site: UUID
    entries: routes.Entries


type Routes = dict[int, list[tuple[SiteView, routes.Order]]]
"""The visits of each truck, by its id, in their order."""


def before(day: date) -> datetime:
    """Return the moment at which a company stands ready for its first ``day``."""
    return Stage(day, Dice(), _READY).clock()


def open_books(day: date, dice: Dice) -> None:
    """Bring the depots' opening stock into the books of a company that has just begun."""
    stage = Stage(day, dice, _MORNING)
    with clock.running(stage.clock):
        depot_work.count_opening_stock(stage)


def play_day(
    day: date, dice: Dice, *, sites: Sequence[SiteView] | None = None, sales: int | None = None
) -> Played:
    """Play one working day with every truck that has a driver, and say what it left.

    ``sites`` are those that may be visited, each at most once; None: all of them. ``sales`` is
    how many visits there are together; None: 8 to 15 a truck.
    """
    stage = Stage(day, dice, _MORNING)
    trucks = world.trucks(day)
    with clock.running(stage.clock):
        ways = _routes(dice, trucks, world.sites() if sites is None else sites, sales)
        for truck in trucks:
            depot_work.load(stage, truck, _needs(ways[truck.id]))
        stops = [stop for truck in trucks for stop in _stops(stage, truck, ways[truck.id])]
        stops += [stop for depot in world.depots() for stop in _at_the_counter(stage, depot)]
        for stop in sorted(stops, key=lambda stop: stop.at):
            _sell(stage, stop)
        stage.clock.reach(stage.moment(_EVENING))
        for truck in trucks:
            depot_work.unload(stage, truck)
        for depot in world.depots():
            depot_work.send_empties(stage, depot)
    return stage.played


def _routes(
    dice: Dice, trucks: Sequence[TruckView], sites: Sequence[SiteView], sales: int | None
) -> Routes:
    """Share the sites of the day between the trucks and see what each site needs."""
    wanted = sum(dice.choice(_SALES_A_TRUCK) for _ in trucks) if sales is None else sales
    chosen = dice.sample(sites, min(wanted, len(sites)))
    return {
        truck.id: [(site, routes.order(dice, _found(site))) for site in chosen[turn :: len(trucks)]]
        for turn, truck in enumerate(trucks)
    }


def _found(site: SiteView) -> routes.Found:
    there = world.stock(site.id)
    return routes.Found(
        site=site,
        held={code: count for (code, state), count in there.items() if state == Condition.HELD},
        deposits=world.deposits(site.id),
        meters=world.meters(site.id),
    )


def _needs(way: list[tuple[SiteView, routes.Order]]) -> Counter[str]:
    needed: Counter[str] = Counter()
    for _, order in way:
        needed += order.needs()
    return needed


def _stops(stage: Stage, truck: TruckView, way: list[tuple[SiteView, routes.Order]]) -> list[Stop]:
    """Spread a truck's visits over the day."""
    first, last = stage.moment(_FIRST_SALE), stage.moment(_LAST_SALE)
    gap = (last - first) / max(len(way), 1)
    return [
        Stop(
            at=first + gap * (turn + stage.dice.random()),
            seller=truck.driver,
            source=truck.ref,
            supervisor=truck.depot.supervisor,
            site=site.ref,
            entries=routes.entries(stage.dice, order, site),
        )
        for turn, (site, order) in enumerate(way)
    ]


def _at_the_counter(stage: Stage, depot: DepotView) -> list[Stop]:
    """Let somebody walk in and take a cylinder home, with a deposit, if there is one."""
    if depot.counter is None or not world.stock(depot.id).get((_COUNTER_SIZE, Condition.FULL)):
        return []
    order = routes.Entries(
        cylinders=(CylinderEntry(equipment=_COUNTER_SIZE, delivered=1),),
        deposits=(CountEntry(code=goods.deposit_code(_COUNTER_SIZE), quantity=1),),
        payment_method=PaymentMethod.CASH,
    )
    return [
        Stop(
            at=stage.moment(_AT_THE_COUNTER) + timedelta(minutes=stage.dice.randrange(180)),
            seller=depot.supervisor,
            source=depot.ref,
            supervisor=depot.supervisor,
            site=depot.counter,
            entries=order,
        )
    ]


def _sell(stage: Stage, stop: Stop) -> None:
    """Make the sale; once in a while a supervisor takes one back soon after."""
    stage.clock.reach(stop.at)
    sale = confirm_sale(
        ConfirmSale(**stage.sender(stop.seller), site=stop.site, source=stop.source, **stop.entries)
    )
    stage.played.sales.append(number(sale))
    if stop.seller != stop.supervisor and stage.dice.one_in(_VOID_ONE_IN):
        stage.clock.reach(stage.clock() + _TILL_VOIDED)
        void = VoidTransaction(
            **stage.sender(stop.supervisor),
            transaction=sale.ref,
            reason=stage.dice.choice(_WHY_VOIDED),
        )
        stage.played.voids.append(number(void_transaction(void)))
