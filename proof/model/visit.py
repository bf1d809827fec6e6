"""What a visit comes to, line by line, as the model knows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from hsh.services.sales.orders import ConfirmSale, CylinderEntry, ReadingEntry
from proof.model.money import NONE, STANDARD, UNIT, Line, units
from proof.model.state import ACCESSORIES, CYLINDERS, USAGE, Gauge, Model, No

MOST = 9_999
FEES, DEPOSITS = ("DELIVERY",), ("DEP-C127",)
PART = 2
"""A cylinder returned partly used is worth one of so many parts of its price."""


@dataclass(kw_only=True)
class Priced:
    """The lines of a visit, what its meters leave behind, and what stands against it."""

    lines: tuple[Line, ...] = ()
    readings: tuple[tuple[UUID, int, int], ...] = ()
    """The meter, its last actual reading and its estimates afterwards."""
    reasons: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class _Visit:
    model: Model
    site: int
    on: date
    priced: Priced

    def add(self, kind: str, code: str, count: int, unit: int | None, **tax: object) -> None:
        if unit is None:
            self.priced.reasons.add("no_rate")
            return
        is_taxed = kind not in {"collection", "deposit", "deposit_refund"}
        rate = tax.get("rate", self.model.gst_on(self.on) if is_taxed else 0)
        line = Line(
            kind=kind,
            code=code,
            quantity=count,
            price=unit,
            tax_code=STANDARD if is_taxed else NONE,
            rate=int(str(rate)),
        )
        self.priced.lines += (line,)

    def price(self, code: str) -> int | None:
        if (self.site, code) in self.model.through_meter:
            return 0
        return self.model.price(self.site, code, self.on)


def price(model: Model, order: ConfirmSale, site: int, on: date) -> Priced:
    """Price ``order`` on its day of supply."""
    visit = _Visit(model=model, site=site, on=on, priced=Priced())
    for reading in order.readings:
        _usage(visit, reading)
    for entry in order.cylinders:
        _cylinders(visit, entry)
    for known, entries, kind in (
        (ACCESSORIES, order.accessories, "accessory"),
        (FEES, order.services, "service"),
        (DEPOSITS, order.deposits, "deposit"),
        (DEPOSITS, order.refunds, "deposit_refund"),
    ):
        for some in entries:
            if some.code not in known or not 0 <= some.quantity <= MOST:
                visit.priced.reasons.add("invalid")
            elif kind == "deposit_refund":
                _refund(visit, some.code, some.quantity)
            else:
                visit.add(kind, some.code, some.quantity * UNIT, visit.price(some.code))
    if len({reading.meter for reading in order.readings}) != len(order.readings):
        visit.priced.reasons.add("invalid")
    return visit.priced


def _usage(visit: _Visit, entry: ReadingEntry) -> None:
    gauge = visit.model.gauges.get(entry.meter)
    if gauge is None or gauge.site != visit.site:
        visit.priced.reasons.add("invalid")
        return
    if gauge.last != units(entry.previous):
        visit.priced.reasons.add("meter_moved")
        return
    try:
        billed, last, estimated = _measured(gauge, entry)
    except No as no:
        visit.priced.reasons |= no.reasons
        return
    visit.priced.readings += ((entry.meter, last, estimated),)
    visit.add(USAGE, USAGE, billed, visit.price(USAGE))


def _measured(gauge: Gauge, entry: ReadingEntry) -> tuple[int, int, int]:
    """Return what a reading bills, and what it leaves as last reading and as estimates."""
    current = _shown(gauge, units(entry.current))
    match entry.kind.value:
        case "estimated":
            billed = current - gauge.last - gauge.estimated
            if billed < 0:
                raise No("invalid")
            return billed, gauge.last, gauge.estimated + billed
        case "rollover":
            if current >= gauge.last:
                raise No("invalid")
            used = gauge.wrap - gauge.last + current
        case "change":
            if entry.final is None or entry.first is None:
                raise No("invalid")
            final, first = _shown(gauge, units(entry.final)), _shown(gauge, units(entry.first))
            if final < gauge.last or current < first:
                raise No("invalid")
            used = (final - gauge.last) + (current - first)
        case _:
            if current < gauge.last:
                raise No("reading_backwards")
            used = current - gauge.last
    return used - gauge.estimated, current, 0


def _shown(gauge: Gauge, value: int) -> int:
    if not 0 <= value < gauge.wrap or value % gauge.grain:
        raise No("invalid")
    return value


def _cylinders(visit: _Visit, entry: CylinderEntry) -> None:
    code = entry.equipment
    counts = (entry.delivered, entry.collected, entry.returned_full, entry.returned_part)
    if code not in CYLINDERS or not all(0 <= count <= MOST for count in counts):
        visit.priced.reasons.add("invalid")
        return
    if entry.delivered:
        visit.add("delivery", code, entry.delivered * UNIT, visit.price(code))
    paid = _paid(visit, code)
    for kind, count, parts in (
        ("return_full", entry.returned_full, 1),
        ("return_part", entry.returned_part, PART),
    ):
        if count and paid:
            visit.add(kind, code, -count * UNIT, paid.price // parts, rate=paid.rate)
        elif count:
            unit = visit.price(code)
            visit.add(kind, code, -count * UNIT, None if unit is None else unit // parts)
    if entry.collected:
        visit.add("collection", code, entry.collected * UNIT, 0)


def _paid(visit: _Visit, code: str) -> Line | None:
    """Return the delivery of the size on the site's latest standing invoice."""
    for sale in reversed(visit.model.sales.values()):
        if sale.site == visit.site and not sale.voids and not sale.voided:
            for line in sale.lines:
                if line.kind == "delivery" and line.code == code:
                    return line
    return None


def _refund(visit: _Visit, code: str, count: int) -> None:
    """Give deposits back at what was paid for them, the fraction of a cent left out."""
    held, cents = visit.model.deposits[visit.site, code]
    if count > held:
        visit.priced.reasons.add("refund_too_high")
        return
    each = cents * (UNIT // 100) // max(held, 1)
    visit.add("deposit_refund", code, -count * UNIT, each)
