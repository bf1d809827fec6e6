"""From what was entered to priced lines and totals. The server computes (law 9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from hsh.core.meters import MeterState, Reading, Usage, measure
from hsh.core.money import to_dollars
from hsh.core.pricing import Line, Totals, other_basis, total
from hsh.core.refusals import Invalid, MeterMoved, NoRate, RefundTooHigh, Refusal
from hsh.core.words import (
    EquipmentKind,
    LineKind,
    PaymentMethod,
    ServiceKind,
    TaxCode,
)
from hsh.models.registry import Meter
from hsh.queries.sales import holdings
from hsh.queries.sales.visit import Fee, Item, Visit
from hsh.services.sales.orders import ConfirmSale, CountEntry, CylinderEntry, ReadingEntry

MOST = 9_999
"""The largest count of anything in one sale."""


@dataclass(frozen=True, kw_only=True)
class MeterUsage:
    """One meter's reading in this sale and what it bills."""

    meter: Meter
    entry: ReadingEntry
    usage: Usage


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What a visit comes to."""

    lines: tuple[Line, ...]
    usages: tuple[MeterUsage, ...]
    totals: Totals


def price(order: ConfirmSale, visit: Visit) -> Quote:
    """Price ``order``; the same function serves the page as the driver types, and the sale.

    Raises:
        Invalid, NoRate, ReadingBackwards, MeterMoved, RefundTooHigh: beside the field.

    """
    usages = tuple(_usage(entry, visit) for entry in order.readings)
    lines = (
        *(_usage_line(usage, visit) for usage in usages),
        *_cylinder_lines(order.cylinders, visit),
        *(_accessory_line(entry, visit) for entry in order.accessories),
        *(_service_line(entry, visit) for entry in order.services),
        *(_deposit_line(entry, visit) for entry in order.deposits),
        *_refund_lines(order.refunds, visit),
    )
    return Quote(
        lines=lines,
        usages=usages,
        totals=total(
            lines,
            inclusive=visit.inclusive,
            registered=bool(visit.company.gst_number),
            cash=visit.company.cash_rounding and order.payment_method == PaymentMethod.CASH,
        ),
    )


def state_of(meter: Meter) -> MeterState:
    """Return what is known of ``meter`` before its next reading."""
    return MeterState(
        digits=meter.digits,
        decimals=meter.decimals,
        last=meter.last_reading,
        estimated=meter.estimated,
    )


def _usage(entry: ReadingEntry, visit: Visit) -> MeterUsage:
    meter = visit.meters.get(entry.meter)
    if meter is None:
        raise Invalid(field="readings", reason="unknown_meter")
    if meter.last_reading != entry.previous:
        raise MeterMoved(field=f"current-{meter.ref}", serial=meter.serial, last=meter.last_reading)
    reading = Reading(kind=entry.kind, current=entry.current, final=entry.final, first=entry.first)
    try:
        usage = measure(state_of(meter), reading)
    except Refusal as no:
        no.field = f"{no.field}-{meter.ref}"  # a site may have several meters
        raise
    return MeterUsage(meter=meter, entry=entry, usage=usage)


def _usage_line(used: MeterUsage, visit: Visit) -> Line:
    if visit.usage_price is None:
        raise NoRate(field=f"current-{used.meter.ref}", item=used.meter.serial)
    return Line(
        kind=LineKind.USAGE,
        name=used.meter.serial,
        code=used.meter.serial,
        unit=used.meter.unit,
        quantity=used.usage.billed,
        unit_price=visit.usage_price,
        tax_code=TaxCode.STANDARD,
        tax_rate=visit.tax_rate(TaxCode.STANDARD),
        meter=used.meter.id,
    )


def _cylinder_lines(entries: tuple[CylinderEntry, ...], visit: Visit) -> list[Line]:
    """Price the cylinders, smallest size first, as the registry lists them."""
    place = {code: at for at, code in enumerate(visit.items)}
    pairs = [(entry, _cylinder(entry.equipment, visit)) for entry in entries]
    pairs.sort(key=lambda pair: place[pair[1].code])
    returned = {item.id for entry, item in pairs if entry.returned_full or entry.returned_part}
    paid = holdings.prices_paid(visit.site_place.id, returned)
    return [
        line
        for entry, item in pairs
        for line in _lines_of_a_size(entry, item, visit, paid.get(item.id))
    ]


def _lines_of_a_size(
    entry: CylinderEntry, item: Item, visit: Visit, paid: holdings.PricePaid | None
) -> Iterator[Line]:
    for kind, count in (
        (LineKind.DELIVERY, entry.delivered),
        (LineKind.COLLECTION, entry.collected),
        (LineKind.RETURN_FULL, entry.returned_full),
        (LineKind.RETURN_PART, entry.returned_part),
    ):
        _check_count(count, kind, entry.equipment)
    if entry.delivered:
        yield _item_line(LineKind.DELIVERY, item, entry.delivered, visit)
    for kind, count, share in (
        (LineKind.RETURN_FULL, entry.returned_full, Decimal(1)),
        (LineKind.RETURN_PART, entry.returned_part, item.part_credit),
    ):
        if count:
            yield _credit_line(kind, item, count, share, visit, paid)
    if entry.collected:
        yield Line(
            kind=LineKind.COLLECTION,
            name=item.name,
            code=item.code,
            unit="cyl",
            quantity=Decimal(entry.collected),
            unit_price=Decimal(0),
            tax_code=TaxCode.OUT_OF_SCOPE,
            tax_rate=Decimal(0),
            equipment=item.id,
        )


def _credit_line(
    kind: LineKind,
    item: Item,
    count: int,
    share: Decimal,
    visit: Visit,
    paid: holdings.PricePaid | None,
) -> Line:
    """Credit a cylinder that came back, at what the site last paid (rulings, credits)."""
    if paid is None:
        full = _priced(item, kind)
        code, rate = item.tax_code, visit.tax_rate(item.tax_code)
    else:
        full, code, rate = paid.price, paid.tax_code, paid.tax_rate
        if paid.inclusive != visit.inclusive:
            full = other_basis(full, rate, to_inclusive=visit.inclusive)
    return Line(
        kind=kind,
        name=item.name,
        code=item.code,
        unit="cyl",
        quantity=Decimal(-count),
        unit_price=round(full * share, 4),
        tax_code=code,
        tax_rate=rate,
        equipment=item.id,
    )


def _accessory_line(entry: CountEntry, visit: Visit) -> Line:
    item = visit.items.get(entry.code)
    if item is None or item.kind != EquipmentKind.ACCESSORY:
        raise Invalid(field=LineKind.ACCESSORY, reason="unknown_item")
    _check_count(entry.quantity, LineKind.ACCESSORY, entry.code)
    return _item_line(LineKind.ACCESSORY, item, entry.quantity, visit)


def _item_line(kind: LineKind, item: Item, count: int, visit: Visit) -> Line:
    return Line(
        kind=kind,
        name=item.name,
        code=item.code,
        unit="cyl" if kind == LineKind.DELIVERY else "pc",
        quantity=Decimal(count),
        unit_price=_priced(item, kind),
        tax_code=item.tax_code,
        tax_rate=visit.tax_rate(item.tax_code),
        equipment=item.id,
        agreement=item.agreement,
    )


def _service_line(entry: CountEntry, visit: Visit) -> Line:
    fee = _fee(entry, LineKind.SERVICE, visit)
    return _fee_line(LineKind.SERVICE, fee, entry.quantity, _priced(fee, LineKind.SERVICE), visit)


def _deposit_line(entry: CountEntry, visit: Visit) -> Line:
    fee = _fee(entry, LineKind.DEPOSIT, visit)
    return _fee_line(LineKind.DEPOSIT, fee, entry.quantity, _priced(fee, LineKind.DEPOSIT), visit)


def _refund_lines(entries: tuple[CountEntry, ...], visit: Visit) -> list[Line]:
    if not entries:
        return []
    paid = holdings.deposits(visit.site_place.id)
    return [_refund_line(entry, visit, paid) for entry in entries]


def _refund_line(entry: CountEntry, visit: Visit, paid: dict[int, holdings.Deposits]) -> Line:
    """Give deposits back at what was paid for them, never more than the site holds."""
    fee = _fee(entry, LineKind.DEPOSIT_REFUND, visit)
    there = paid.get(fee.id, holdings.Deposits(quantity=0, amount=0))
    if entry.quantity > there.quantity:
        raise RefundTooHigh(
            field=f"{LineKind.DEPOSIT_REFUND}-{fee.code}",
            name=fee.name,
            held=there.quantity,
            wanted=entry.quantity,
        )
    each = to_dollars(there.amount) / max(there.quantity, 1)
    price = each.quantize(Decimal("0.0001"), rounding=ROUND_DOWN)
    return _fee_line(LineKind.DEPOSIT_REFUND, fee, -entry.quantity, price, visit)


def _fee_line(kind: LineKind, fee: Fee, quantity: int, price: Decimal, visit: Visit) -> Line:
    return Line(
        kind=kind,
        name=fee.name,
        code=fee.code,
        unit="job" if kind == LineKind.SERVICE else "cyl",
        quantity=Decimal(quantity),
        unit_price=price,
        tax_code=fee.tax_code,
        tax_rate=visit.tax_rate(fee.tax_code),
        equipment=fee.equipment,
        service=fee.id,
    )


def _fee(entry: CountEntry, kind: LineKind, visit: Visit) -> Fee:
    fee = visit.fees.get(entry.code)
    wanted = ServiceKind.FEE if kind == LineKind.SERVICE else ServiceKind.DEPOSIT
    if fee is None or fee.kind != wanted:
        raise Invalid(field=kind, reason="unknown_item")
    _check_count(entry.quantity, kind, entry.code)
    return fee


def _cylinder(code: str, visit: Visit) -> Item:
    item = visit.items.get(code)
    if item is None or item.kind != EquipmentKind.CYLINDER:
        raise Invalid(field=LineKind.DELIVERY, reason="unknown_item")
    return item


def _priced(item: Item | Fee, kind: LineKind) -> Decimal:
    if item.price is None:
        raise NoRate(field=f"{kind}-{item.code}", item=item.name)
    return item.price


def _check_count(count: int, kind: LineKind, code: str) -> None:
    if not 0 <= count <= MOST:
        raise Invalid(field=f"{kind}-{code}", reason="too_many", most=MOST)
