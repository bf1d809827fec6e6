"""Taking a sale back: reversing facts and a credit note, at the original rates (rulings, void)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Command, Outcome
from hsh.core.pricing import Line, TaxTotal, Totals
from hsh.core.refusals import AlreadyReversed, Invalid, OwnSale
from hsh.core.roles import require
from hsh.core.stock import Move, Spot
from hsh.core.words import (
    Condition,
    DocumentKind,
    LineKind,
    PaymentMethod,
    PlaceKind,
    TaxCode,
)
from hsh.db import append_all, atomic, db
from hsh.documents.content import Content
from hsh.models.registry import Company, Customer, Meter, Place, Site
from hsh.models.sales import Document, MeterReading, Transaction
from hsh.queries.logistics.places import own_or_outside
from hsh.queries.sales import transactions
from hsh.services.books import approvals, ledger
from hsh.services.books.ledger import Key, Levels
from hsh.services.books.submissions import once
from hsh.services.sales import agreements, readings, record, stock
from hsh.services.sales.content import Facts


@dataclass(frozen=True, kw_only=True)
class VoidTransaction(Command):
    """A sale was a mistake. ``goods_at``: where its cylinders are, if not in the truck."""

    op: ClassVar[str] = "sale.void"
    transaction: UUID
    reason: str
    goods_at: UUID | None = None


@atomic
@once
def void_transaction(command: VoidTransaction) -> Outcome:
    """Reverse moves, readings, deposits, payment and rounding, dated today.

    A price that was agreed for that one sale may be used again.
    """
    require(command.actor.roles, command.op)
    sale, document = transactions.load(command.actor, command.transaction, lock=True)
    _check_voidable(command, sale)
    at = clock.now()
    facts = _facts(command, sale, document, at)
    origin = ledger.Source(type=record.RECORD, id=sale.id)
    moves = [_back(move, sale, facts.source) for move in ledger.moves_of(origin)]
    held = ledger.lock(moves)
    lacking = _lacking(moves, facts.site_place, held)
    extra = stock.cover(lacking, facts.site_place)
    held = stock.lock_with(moves, extra, held)
    undone = _take_back_readings(sale)

    void = record.write(facts, record.Extras(depot_id=sale.depot_id, voids_id=sale.id))
    agreements.give_back(sale.id)
    source = ledger.Source(type=record.RECORD, id=void)
    levels = ledger.post([*extra, *moves], held, source=source, at=at)
    append_all(MeterReading, [_undone(r, meter, void, facts) for r, meter in undone])
    record.flag_odd(lacking, transaction=void, site=sale.site_id, at=at)
    return record.seal(
        facts,
        command,
        transaction=void,
        before={"transaction": document.transaction_number, "document": document.number}
        | ledger.told(held),
        after=record.told(facts) | ledger.told(levels),
    )


def ask_void(wish: VoidTransaction) -> Outcome:
    """Ask a supervisor to take a sale back: whoever made it may not do so themselves.

    Raises:
        NotFound: there is no such sale, or it is not theirs.
        AlreadyReversed: it was voided before.
        AlreadyAsked: a void of it is asked for, for this reason.
        Invalid: it is a void itself, or the reason is missing.

    """
    require(wish.actor.roles, "sale.ask_void")
    sale, _document = transactions.load(wish.actor, wish.transaction)
    _check_standing(sale)
    return approvals.ask(wish, about=sale.ref, depot=sale.depot_id, reason=wish.reason)


def _check_voidable(command: VoidTransaction, sale: Transaction) -> None:
    if sale.seller_id == command.actor.id:
        raise OwnSale
    _check_standing(sale)


def _check_standing(sale: Transaction) -> None:
    if sale.voids_id is not None:
        raise Invalid(field="reason", reason="void_is_final")
    earlier = transactions.void_of(sale)
    if earlier:
        raise AlreadyReversed(number=earlier[1].transaction_number)


def _facts(command: VoidTransaction, sale: Transaction, document: Document, at: datetime) -> Facts:
    """Return the mirror image of what the first document said."""
    content: Content = json.loads(document.content)
    customer = db.session.get_one(Customer, sale.customer_id)
    method = PaymentMethod(sale.payment_method)
    invoiced = document.kind == DocumentKind.INVOICE
    totals = _negated(content)
    return Facts(
        kind=DocumentKind.CREDIT_NOTE if invoiced else DocumentKind.INVOICE,
        ref=command.submission,
        company=db.session.get_one(Company, 1),
        customer=customer,
        site=db.session.get_one(Site, sale.site_id),
        site_place=db.session.get_one(Place, sale.site_id),
        source=_goods_place(command, sale),
        actor=command.actor,
        at=at,
        supply_on=clock.business_date(at),
        due_on=None,
        method=method,
        paid=record.paid(method, totals.payable),
        purchase_order=sale.purchase_order,
        note=None,
        inclusive=sale.tax_inclusive,
        lines=_lines(sale, content),
        totals=totals,
        meters={},
        original={"number": document.number, "issued_on": document.issued_on.isoformat()},
        reason=command.reason,
    )


def _goods_place(command: VoidTransaction, sale: Transaction) -> Place:
    if command.goods_at is None:
        return db.session.get_one(Place, sale.source_id)
    place = own_or_outside(command.actor, command.goods_at)
    if place.kind not in {PlaceKind.DEPOT, PlaceKind.TRUCK}:
        raise Invalid(field="goods_at", reason="not_a_store")
    return place


def _lines(sale: Transaction, content: Content) -> tuple[Line, ...]:
    """Return the sale's lines negated, with the names that its document froze."""
    return tuple(
        Line(
            kind=LineKind(row.kind),
            name=frozen["name"],
            code=frozen["code"],
            unit=frozen["unit"],
            quantity=row.quantity,
            unit_price=row.unit_price,
            tax_code=TaxCode(row.tax_code),
            tax_rate=row.tax_rate,
            equipment=row.equipment_id,
            service=row.service_id,
            meter=row.meter_id,
        ).negated()
        for row, frozen in zip(transactions.lines(sale), content["lines"], strict=True)
    )


def _negated(content: Content) -> Totals:
    """Return the first document's totals with the other sign, to the cent."""
    totals = content["totals"]
    return Totals(
        taxes=tuple(
            TaxTotal(code=TaxCode(t["code"]), rate=Decimal(t["rate"]), net=-t["net"], tax=-t["tax"])
            for t in content["taxes"]
        ),
        net=-totals["net"],
        tax=-totals["tax"],
        deposits=-totals["deposits"],
        rounding=-totals["rounding"],
    )


def _back(move: Move, sale: Transaction, goods: Place) -> Move:
    """Return the move undone, with the goods where the supervisor says that they are."""

    def at(spot: Spot) -> Spot:
        if spot.place != sale.source_id:
            return spot
        return replace(spot, place=goods.id, kind=PlaceKind(goods.kind))

    undone = move.reversed()
    return replace(undone, source=at(undone.source), target=at(undone.target))


def _lacking(moves: list[Move], site: Place, levels: Levels) -> list[stock.Shortfall]:
    """Return what the site would lack once everything has moved back."""
    net: Counter[int] = Counter()
    for move in moves:
        net[move.equipment] += (move.source.place == site.id) * move.quantity
        net[move.equipment] -= (move.target.place == site.id) * move.quantity
    held = {item: levels.get(Key(site.id, item, Condition.HELD), 0) for item in net}
    return [
        stock.Shortfall(equipment=item, held=held[item], wanted=wanted)
        for item, wanted in sorted(net.items())
        if wanted > held[item]
    ]


def _take_back_readings(sale: Transaction) -> list[tuple[MeterReading, Meter]]:
    """Take back each reading that is still its meter's newest; else the money alone goes back."""
    taken = transactions.readings(sale)
    meters = {
        meter.id: meter
        for meter in db.session.scalars(
            select(Meter)
            .where(Meter.id.in_({reading.meter_id for reading in taken}))
            .execution_options(populate_existing=True)
        )
    }
    newest = [
        (r, meter)
        for r in taken
        if (meter := meters[r.meter_id]).version == r.version and meter.active
    ]
    readings.advance([_step_back(*one) for one in newest])
    return newest


def _step_back(reading: MeterReading, meter: Meter) -> readings.Step:
    return readings.Step(
        meter=meter.id,
        serial=meter.serial,
        version=meter.version,
        last=reading.previous,
        last_on=reading.previous_on,
        estimated=reading.previous_estimated,
    )


def _undone(reading: MeterReading, meter: Meter, void: int, facts: Facts) -> dict[str, object]:
    """Return the reading that restores what the meter said before ``reading``."""
    return {
        "meter_id": meter.id,
        "version": meter.version + 1,
        "transaction_id": void,
        "kind": reading.kind,
        "read_on": facts.supply_on,
        "previous": meter.last_reading,
        "previous_on": meter.last_read_on,
        "previous_estimated": meter.estimated,
        "current": reading.previous,
        "final": None,
        "first": None,
        "billed": -reading.billed,
        "reverses_id": reading.id,
    }
