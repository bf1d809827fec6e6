"""What happens at a visit: an order that a driver could have entered, from what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypedDict

from hsh.cli.demo import goods
from hsh.cli.demo.dice import Dice
from hsh.cli.demo.world import MeterView, SiteView
from hsh.core.words import PaymentMethod, ReadingKind
from hsh.services.sales.orders import CountEntry, CylinderEntry, ReadingEntry

_HABITS = {
    ("CYL-12.7",): 8,
    ("CYL-14",): 4,
    ("CYL-9",): 2,
    ("CYL-50",): 3,
    ("CYL-12.7", "CYL-50"): 3,
    ("CYL-9", "CYL-12.7", "CYL-14"): 1,
}
"""Which sizes a site buys, and how common that is."""
_AT_ONCE = {1: 5, 2: 5, 3: 3, 4: 1}
_PAID_BY = {
    PaymentMethod.CASH: 9,
    PaymentMethod.PAYNOW: 7,
    PaymentMethod.CARD: 2,
    PaymentMethod.CHEQUE: 1,
    PaymentMethod.TRANSFER: 1,
}
_NOTES = (
    "Back door after 3 pm.",
    "Key with the drinks stall.",
    "Lift under repair, use the ramp.",
    "Asked for an earlier slot next week.",
)
_M3_A_DAY = range(4, 60)
"""Metered gas used between two visits, in m3."""


class Entries(TypedDict, total=False):
    """The parts of ``ConfirmSale`` that a driver enters."""

    readings: tuple[ReadingEntry, ...]
    cylinders: tuple[CylinderEntry, ...]
    accessories: tuple[CountEntry, ...]
    services: tuple[CountEntry, ...]
    deposits: tuple[CountEntry, ...]
    refunds: tuple[CountEntry, ...]
    payment_method: PaymentMethod
    purchase_order: str
    note: str
    accept_shortfall: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a driver finds at a site, by code: cylinders held, deposits paid, meters."""

    site: SiteView
    held: Mapping[str, int]
    deposits: Mapping[str, int]
    meters: Sequence[MeterView]


@dataclass(kw_only=True)
class Order:
    """An order in the making."""

    cylinders: list[CylinderEntry] = field(default_factory=list)
    accessories: list[CountEntry] = field(default_factory=list)
    services: list[CountEntry] = field(default_factory=list)
    deposits: list[CountEntry] = field(default_factory=list)
    refunds: list[CountEntry] = field(default_factory=list)
    readings: list[ReadingEntry] = field(default_factory=list)
    short: bool = False

    def needs(self) -> Counter[str]:
        """Return what must be on the truck for it."""
        wanted = Counter({entry.equipment: entry.delivered for entry in self.cylinders})
        wanted.update({entry.code: entry.quantity for entry in self.accessories})
        return wanted


def order(dice: Dice, found: Found) -> Order:
    """Return what ``found``'s site orders today."""
    made = Order(readings=[_reading(dice, meter) for meter in found.meters])
    sizes = (goods.METERED,) if found.meters else _habit(found.site)
    for size in sizes:
        _add_size(dice, made, size, found)
    if not any(found.held.values()):
        _add_first_visit(dice, made)
    if dice.one_in(4):
        made.services.append(CountEntry(code=goods.DELIVERY_FEE, quantity=1))
    return made


def entries(dice: Dice, made: Order, site: SiteView) -> Entries:
    """Return ``made`` as the driver enters it, with how it is paid."""
    method = PaymentMethod.ON_ACCOUNT if site.has_terms else dice.weighed(_PAID_BY)
    with_number = site.has_terms and dice.one_in(3)
    return Entries(
        readings=tuple(made.readings),
        cylinders=tuple(made.cylinders),
        accessories=tuple(made.accessories),
        services=tuple(made.services),
        deposits=tuple(made.deposits),
        refunds=tuple(made.refunds),
        payment_method=method,
        purchase_order=f"PO-{dice.randrange(10_000, 99_999)}" if with_number else "",
        note=dice.choice(_NOTES) if dice.one_in(10) else "",
        accept_shortfall=made.short,
    )


def _habit(site: SiteView) -> tuple[str, ...]:
    """Return the sizes that a site always buys; the site itself decides, not the day."""
    return Dice(site.code).weighed(_HABITS)


def _add_size(dice: Dice, made: Order, size: str, found: Found) -> None:
    """Exchange full for empty; now and then something else happens."""
    held, delivered = found.held.get(size, 0), dice.weighed(_AT_ONCE)
    collected = min(held, delivered)
    part = full = 0
    if held > collected and dice.one_in(8):
        part, full = (1, 0) if dice.one_in(2) else (0, 1)
    elif held and dice.one_in(25):
        collected, made.short = held + 1, True  # one more than anybody wrote down
    elif collected and found.deposits.get(size) and dice.one_in(15):
        delivered -= 1
        made.refunds.append(CountEntry(code=goods.deposit_code(size), quantity=1))
    made.cylinders.append(
        CylinderEntry(
            equipment=size,
            delivered=delivered,
            collected=collected,
            returned_full=full,
            returned_part=part,
        )
    )
    if not held:
        made.deposits.append(CountEntry(code=goods.deposit_code(size), quantity=delivered))


def _add_first_visit(dice: Dice, made: Order) -> None:
    if dice.one_in(2):
        made.services.append(CountEntry(code=goods.INSTALLATION, quantity=1))
        made.accessories += [
            CountEntry(code=good.code, quantity=1) for good in goods.GOODS if not good.is_cylinder
        ]


def _reading(dice: Dice, meter: MeterView) -> ReadingEntry:
    """Read a meter, or estimate it where nobody opens the door."""
    step = Decimal(1).scaleb(-meter.decimals)
    used = Decimal(dice.choice(_M3_A_DAY)) + dice.randrange(10**meter.decimals) * step
    current = meter.last + meter.estimated + used
    kind = ReadingKind.ESTIMATED if dice.one_in(8) else ReadingKind.NORMAL
    dial = Decimal(10) ** meter.digits
    if current >= dial:
        kind, current = ReadingKind.ROLLOVER, current - dial
    return ReadingEntry(meter=meter.ref, kind=kind, previous=meter.last, current=current)
