"""Everything that the trade remembers, in dictionaries."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from hsh.core.clock import SINGAPORE
from hsh.core.command import Actor, Outcome
from hsh.core.roles import Role
from proof.model.money import Line, Sum, units
from proof.world import FEE_PRICES, GST, LONG_AGO, OPENING, PRICES, USAGE_PRICE, World

DEPOT, TRUCK, SITE, OUTSIDE = "depot", "truck", "site", "outside"
LIST, CUSTOMER, HERE = "price_list", "customer", "site"
CYLINDERS = ("C9", "C127", "C50")
ACCESSORIES = ("REG",)
USAGE = "usage"


class No(Exception):  # noqa: N818 - it is an answer
    """The business says no, for any of these reasons (the codes of refusals)."""

    def __init__(self, *reasons: str) -> None:
        """Keep the reasons."""
        super().__init__(*reasons)
        self.reasons = frozenset(reasons)


class Key(NamedTuple):
    """What a level is kept for."""

    place: int
    code: str
    condition: str


class Step(NamedTuple):
    """So many from a key to a key."""

    source: Key
    target: Key
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where cylinders can be."""

    id: int
    kind: str


@dataclass(kw_only=True)
class Gauge:
    """A meter: its last actual reading, and what estimates have billed since."""

    site: int
    last: int
    estimated: int = 0
    version: int = 0
    wrap: int
    """Where the dial begins again."""
    grain: int
    """The smallest step that the dial shows."""


@dataclass(kw_only=True)
class Run:
    """A distribution; lines by direction, size and condition."""

    depot: int
    truck: int
    planned_on: date
    lines: Counter[tuple[str, str, str]]
    version: int = 1
    number: str | None = None
    dropped: bool = False
    reverses: UUID | None = None
    reversed: bool = False


class Read(NamedTuple):
    """A reading in a sale: the meter's version after it, and what it said before."""

    meter: UUID
    version: int
    last: int
    estimated: int


@dataclass(kw_only=True)
class Sale:
    """A sale, or the void of one."""

    seller: int
    site: int
    source: int
    confirmed_on: date
    number: str
    document: str
    lines: tuple[Line, ...]
    sum: Sum
    steps: tuple[Step, ...]
    reads: tuple[Read, ...] = ()
    voids: UUID | None = None
    voided: bool = False
    prints: int = 0
    stored: bool = False
    """Whether its PDF was made."""


@dataclass(kw_only=True)
class Model:
    """The whole memory."""

    world: World
    now: datetime
    audited: int
    places: dict[UUID, Place]
    levels: Counter[Key] = field(default_factory=Counter)
    issued: Counter[tuple[str, int]] = field(default_factory=Counter)
    runs: dict[UUID, Run] = field(default_factory=dict)
    sales: dict[UUID, Sale] = field(default_factory=dict)
    gauges: dict[UUID, Gauge] = field(default_factory=dict)
    deposits: defaultdict[tuple[int, str], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )
    """By site and service: how many, and their cents."""
    prices: defaultdict[tuple[str, int, str], dict[date, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    gst: dict[date, int] = field(default_factory=dict)
    through_meter: set[tuple[int, str]] = field(default_factory=set)
    given: dict[tuple[int, int], date] = field(default_factory=dict)
    """By driver and truck: the day from which it is theirs."""
    discrepancies: int = 0
    waiting: list[UUID] = field(default_factory=list)
    """Sales that the worker has not looked at yet, oldest first."""

    @property
    def today(self) -> date:
        """Return the day in Singapore."""
        return self.day_of(self.now)

    @staticmethod
    def day_of(instant: datetime) -> date:
        """Return the day that ``instant`` falls on in Singapore."""
        return instant.astimezone(SINGAPORE).date()

    def number(self, series: str) -> str:
        """Give out the next number of a series."""
        year = self.today.year
        self.issued[series, year] += 1
        return f"{series}-{year}-{self.issued[series, year]:06d}"

    def kind(self, place: int) -> str:
        """Return what kind of place it is."""
        return next(p.kind for p in self.places.values() if p.id == place)

    def carry(self, steps: tuple[Step, ...]) -> None:
        """Move stock.

        Raises:
            No: a place that is not outside would go below zero.

        """
        after = Counter(self.levels)
        for step in steps:
            after[step.source] -= step.quantity
            after[step.target] += step.quantity
        touched = {key for step in steps for key in step[:2]}
        if any(after[key] < 0 and self.kind(key.place) != OUTSIDE for key in touched):
            raise No("not_enough_stock")
        self.levels = after

    def may_use(self, actor: Actor, place: Place | None, on: date) -> bool:
        """Tell whether a depot or truck is the actor's to use; supervisors have all here."""
        if place is None or place.kind not in {DEPOT, TRUCK}:
            return False
        if Role.SUPERVISOR in actor.roles or place.kind == DEPOT:
            return True
        return self.has_truck(actor.id, place.id, on)

    def has_truck(self, driver: int, truck: int, on: date) -> bool:
        """Tell whether the truck is the driver's on that day."""
        return self.given.get((driver, truck), date.max) <= on

    def price(self, site: int, code: str, on: date) -> int | None:
        """Return the price of the narrowest scope that has one on the day."""
        customer = self.customer_of(site)
        scopes = ((HERE, site), (CUSTOMER, self.world.customers[customer]))
        for scope, at in (*scopes, (LIST, self.world.price_lists[customer])):
            begun = {
                day: amount for day, amount in self.prices[scope, at, code].items() if day <= on
            }
            if begun:
                return begun[max(begun)]
        return None

    def customer_of(self, site: int) -> int:
        """Return 0 for the customer with terms, 1 for the one whose prices have GST inside."""
        return next(n for n, spot in enumerate(self.world.sites) if spot.id == site) % 2

    def gst_on(self, on: date) -> int:
        """Return the standard rate on the day."""
        return self.gst[max(day for day in self.gst if day <= on)]

    def said(self, ref: UUID, record: str, number: str | None = None) -> Outcome:
        """Note that an act was audited; return the answer to it."""
        self.audited += 1
        return Outcome(record=record, ref=ref, number=number)


def begin(world: World, *, now: datetime, audited: int) -> Model:
    """Return what is remembered of the company that has just been set up."""
    spots = [(world.depots, DEPOT), (world.trucks, TRUCK), (world.sites, SITE)]
    places = {spot.ref: Place(id=spot.id, kind=kind) for some, kind in spots for spot in some}
    places |= {spot.ref: Place(id=spot.id, kind=OUTSIDE) for spot in world.outside.values()}
    model = Model(world=world, now=now, audited=audited, places=places)
    for price_list in world.price_lists:
        for code, dollars in {**PRICES, **FEE_PRICES, USAGE: USAGE_PRICE}.items():
            model.prices[LIST, price_list, code][LONG_AGO] = units(Decimal(dollars))
    model.gst[LONG_AGO] = units(Decimal(GST))
    for spot, meter in zip(world.sites, world.meters, strict=True):
        model.gauges[meter.ref] = Gauge(
            site=spot.id,
            last=units(OPENING),
            wrap=units(Decimal(10**6)),
            grain=units(Decimal("0.1")),
        )
    for driver, truck in zip(world.drivers, world.trucks, strict=True):
        model.given[driver.actor.id, truck.id] = LONG_AGO
    return model
