"""Sales and voids, as the model knows them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hsh.core.command import Actor, Outcome
from hsh.core.roles import Role
from hsh.core.words import Outside
from hsh.services.sales.orders import ConfirmSale
from hsh.services.sales.voids import VoidTransaction
from proof.model.money import UNIT, Line, Sum, add_up
from proof.model.state import DEPOT, SITE, TRUCK, Key, Model, No, Place, Read, Sale, Step
from proof.model.visit import Priced, price

OLDEST = timedelta(days=7)
_GOODS = {
    "delivery": ("full", True),
    "accessory": ("full", True),
    "collection": ("empty", False),
    "return_full": ("full", False),
    "return_part": ("part", False),
}
"""The condition at the truck, and whether the goods go out to the site."""


def sell(model: Model, order: ConfirmSale) -> Outcome:
    """Sell: everything, or nothing for one of the reasons that stand against it."""
    on = _supply_date(model, order)
    site, source = model.places.get(order.site), model.places.get(order.source)
    if (
        not site
        or site.kind != SITE
        or not source
        or not _sells_from(model, order.actor, source, on)
    ):
        raise No("not_found")
    priced = price(model, order, site.id, on)
    reasons = set(priced.reasons)
    customer = model.customer_of(site.id)
    if order.payment_method == "on_account" and customer != 0:
        reasons.add("no_terms")
    steps = _steps(priced.lines, source.id, site.id)
    lacking = _lacking(model, steps, site.id)
    if lacking and not order.accept_shortfall:
        reasons.add("site_holds_fewer")
    if reasons:
        raise No(*reasons)
    cash = order.payment_method == "cash"
    total = add_up(priced.lines, inclusive=customer == 1, cash=cash)
    return _write(
        model,
        order.submission,
        seller=order.actor.id,
        site=site.id,
        source=source.id,
        lines=priced.lines,
        total=total,
        steps=(*_cover(model, lacking, site.id), *steps),
        reads=_read_on(model, priced),
        invoice=total.net + total.tax + total.deposits >= 0,
        lacking=len(lacking),
    )


def void(model: Model, command: VoidTransaction) -> Outcome:
    """Take a sale back, to the cent and to the cylinder."""
    if Role.SUPERVISOR not in command.actor.roles:
        raise No("not_allowed")
    sale = model.sales.get(command.transaction)
    if sale is None:
        raise No("not_found")
    if sale.seller == command.actor.id:
        raise No("own_sale")
    if sale.voids:
        raise No("invalid")
    if sale.voided:
        raise No("already_reversed")
    goods = _goods_at(model, command, sale)
    steps = tuple(_back(step, sale.source, goods) for step in sale.steps)
    lacking = _net_lacking(model, steps, sale.site)
    lines = tuple(replace(line, quantity=-line.quantity) for line in sale.lines)
    outcome = _write(
        model,
        command.submission,
        seller=command.actor.id,
        site=sale.site,
        source=goods,
        lines=lines,
        total=sale.sum.negated(),
        steps=(*_cover(model, lacking, sale.site), *steps),
        reads=_read_back(model, sale),
        invoice=not sale.document.startswith("INV"),
        lacking=len(lacking),
        voids=command.transaction,
    )
    sale.voided = True
    return outcome


def sees(model: Model, actor: Actor, sale: Sale) -> bool:
    """Tell whether the sale is the actor's to see."""
    if Role.SUPERVISOR in actor.roles:
        return True
    return model.has_truck(actor.id, sale.source, sale.confirmed_on)


def _supply_date(model: Model, order: ConfirmSale) -> date:
    happened = min(order.captured_at or model.now, model.now)
    if model.now - happened > OLDEST and Role.SUPERVISOR not in order.actor.roles:
        raise No("too_old")
    return model.day_of(happened)


def _sells_from(model: Model, actor: Actor, source: Place, on: date) -> bool:
    if source.kind == DEPOT:
        return Role.SUPERVISOR in actor.roles
    return source.kind == TRUCK and model.may_use(actor, source, on)


def _write(  # noqa: PLR0913 - a sale has this many sides, all named
    model: Model,
    ref: UUID,
    *,
    seller: int,
    site: int,
    source: int,
    lines: tuple[Line, ...],
    total: Sum,
    steps: tuple[Step, ...],
    reads: tuple[tuple[Read, int, int], ...],
    invoice: bool,
    lacking: int,
    voids: UUID | None = None,
) -> Outcome:
    """Check what may still stand against it, then write all of it down."""
    held = _deposits_after(model, site, lines)
    model.carry(steps)
    model.deposits.update(held)
    model.discrepancies += lacking
    for read, last, estimated in reads:
        gauge = model.gauges[read.meter]
        gauge.last, gauge.estimated, gauge.version = last, estimated, read.version
    document = model.number("INV" if invoice else "CN")
    number = model.number("TRX")
    model.sales[ref] = Sale(
        seller=seller,
        site=site,
        source=source,
        confirmed_on=model.today,
        number=number,
        document=document,
        lines=lines,
        sum=total,
        steps=steps,
        reads=tuple(read for read, _, _ in reads),
        voids=voids,
    )
    model.waiting.append(ref)
    return replace(model.said(ref, "transaction", number), document=document)


def _deposits_after(
    model: Model, site: int, lines: tuple[Line, ...]
) -> dict[tuple[int, str], list[int]]:
    after: dict[tuple[int, str], list[int]] = {}
    for line in lines:
        if line.is_deposit:
            count, cents = after.get((site, line.code), model.deposits[site, line.code])
            after[site, line.code] = [count + line.quantity // UNIT, cents + line.cents]
    if any(count < 0 for count, _ in after.values()):
        raise No("refund_too_high")
    return after


def _steps(lines: tuple[Line, ...], source: int, site: int) -> tuple[Step, ...]:
    steps = []
    for line in lines:
        if line.kind in _GOODS:
            condition, out = _GOODS[line.kind]
            truck, there = Key(source, line.code, condition), Key(site, line.code, "held")
            ends = (truck, there) if out else (there, truck)
            steps.append(Step(*ends, abs(line.quantity) // UNIT))
    return tuple(steps)


def _lacking(model: Model, steps: tuple[Step, ...], site: int) -> Counter[str]:
    """Return what the site's ledger lacks: its cylinders leave before new ones arrive."""
    leaving: Counter[str] = Counter()
    for step in steps:
        if step.source.place == site:
            leaving[step.source.code] += step.quantity
    return _beyond(model, leaving, site)


def _net_lacking(model: Model, steps: tuple[Step, ...], site: int) -> Counter[str]:
    """Return what the site's ledger lacks once everything has moved back."""
    leaving: Counter[str] = Counter()
    for step in steps:
        leaving[step.source.code] += step.quantity * (step.source.place == site)
        leaving[step.target.code] -= step.quantity * (step.target.place == site)
    return _beyond(model, leaving, site)


def _beyond(model: Model, leaving: Counter[str], site: int) -> Counter[str]:
    return +Counter({c: n - model.levels[Key(site, c, "held")] for c, n in leaving.items()})


def _cover(model: Model, lacking: Counter[str], site: int) -> tuple[Step, ...]:
    count = model.world.outside[Outside.COUNT].id
    return tuple(
        Step(Key(count, code, "held"), Key(site, code, "held"), quantity)
        for code, quantity in lacking.items()
    )


def _read_on(model: Model, priced: Priced) -> tuple[tuple[Read, int, int], ...]:
    """Return each reading with what it leaves behind."""
    return tuple(
        (_read(model, meter), last, estimated) for meter, last, estimated in priced.readings
    )


def _read(model: Model, meter: UUID) -> Read:
    gauge = model.gauges[meter]
    return Read(meter, gauge.version + 1, gauge.last, gauge.estimated)


def _read_back(model: Model, sale: Sale) -> tuple[tuple[Read, int, int], ...]:
    """Take back the readings that are still their meters' newest."""
    newest = [read for read in sale.reads if model.gauges[read.meter].version == read.version]
    return tuple((_read(model, read.meter), read.last, read.estimated) for read in newest)


def _goods_at(model: Model, command: VoidTransaction, sale: Sale) -> int:
    if command.goods_at is None:
        return sale.source
    place = model.places.get(command.goods_at)
    if place is None or place.kind == SITE:
        raise No("not_found")
    if place.kind not in {DEPOT, TRUCK}:
        raise No("invalid")
    return place.id


def _back(step: Step, source: int, goods: int) -> Step:
    def there(key: Key) -> Key:
        return key._replace(place=goods) if key.place == source else key

    return Step(there(step.target), there(step.source), step.quantity)
