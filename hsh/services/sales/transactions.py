"""A sale: usage, cylinders and services of one visit, in one act (law 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hsh.core import clock
from hsh.core.command import Outcome
from hsh.core.refusals import Invalid, NoTerms, SiteHoldsFewer, TooOld
from hsh.core.roles import Role, require
from hsh.core.stock import Move
from hsh.core.words import DocumentKind, PaymentMethod
from hsh.db import atomic
from hsh.queries.sales.visit import Visit, Wanted, visit
from hsh.services.books import ledger
from hsh.services.books.submissions import once
from hsh.services.sales import agreements, pricing, readings, record, stock
from hsh.services.sales.content import Facts
from hsh.services.sales.orders import ConfirmSale

OLDEST = timedelta(days=7)
"""A sale captured longer ago is a supervisor's to decide (law 10)."""


@atomic
@once
def confirm_sale(command: ConfirmSale) -> Outcome:
    """Sell what was entered: stock, readings, money, numbers, document and audit, or nothing."""
    require(command.actor.roles, command.op)
    at = clock.now()
    supply_on = _supply_date(command, at)
    agreements.hold(command.agreed)
    known = visit(
        command.actor,
        site=command.site,
        source=command.source,
        on=supply_on,
        wanted=_wanted(command),
    )
    quote = pricing.price(command, known)
    _check_order(command, known)
    facts = _facts(command, known, quote, at)
    goods = _take_goods(command, known, facts)
    # Before a line names its meter: two that hold a meter by their lines cannot both move it on.
    readings.advance([readings.step_of(used, supply_on) for used in quote.usages])

    transaction = record.write(facts, _extras(command, known))
    agreements.use(facts.lines, transaction=transaction)
    source = ledger.Source(type=record.RECORD, id=transaction)
    levels = ledger.post(goods.moves, goods.levels, source=source, at=at)
    readings.write(quote.usages, transaction=transaction, on=supply_on)
    record.flag_odd(
        goods.lacking,
        transaction=transaction,
        site=known.site_place.id,
        at=at,
        told=command.claimed in (None, quote.totals.payable),
    )
    return record.seal(
        facts,
        command,
        transaction=transaction,
        before=ledger.told(goods.levels),
        after=record.told(facts) | ledger.told(levels),
    )


def quote(command: ConfirmSale) -> pricing.Quote:
    """Return what ``command`` would come to now; reads only."""
    require(command.actor.roles, command.op)
    on = _supply_date(command, clock.now())
    known = visit(
        command.actor, site=command.site, source=command.source, on=on, wanted=_wanted(command)
    )
    return pricing.price(command, known)


@dataclass(frozen=True, kw_only=True)
class _Goods:
    """The moves of a sale with the levels that it locked, and what the site lacked."""

    moves: list[Move]
    levels: ledger.Levels
    lacking: list[stock.Shortfall]


def _take_goods(command: ConfirmSale, known: Visit, facts: Facts) -> _Goods:
    """Lock the stock; what the site lacks comes from outside, once the driver has agreed."""
    moves = stock.moves_of(facts.lines, source=known.source, site=known.site_place)
    if not moves:
        return _Goods(moves=[], levels={}, lacking=[])
    levels = ledger.lock(moves)
    lacking = stock.shortfalls(moves, known.site_place, levels)
    if lacking and not command.accept_shortfall:
        raise SiteHoldsFewer(field="accept_shortfall", shortages=_named(lacking, known))
    extra = stock.cover(lacking, known.site_place)
    return _Goods(
        moves=[*extra, *moves], levels=stock.lock_with(moves, extra, levels), lacking=lacking
    )


def _named(lacking: list[stock.Shortfall], known: Visit) -> list[dict[str, object]]:
    names = {item.id: item.name for item in known.items.values()}
    return [
        {"equipment": names[lack.equipment], "there": lack.held, "wanted": lack.wanted}
        for lack in lacking
    ]


def _supply_date(command: ConfirmSale, now: datetime) -> date:
    """Return the device's date of the act: never in the future, and not too old (law 10)."""
    happened = min(command.captured_at or now, now)
    asked = command.approved_by or Role.SUPERVISOR in command.actor.roles
    if now - happened > OLDEST and not asked:
        raise TooOld(days=OLDEST.days)
    return clock.business_date(happened)


def _wanted(command: ConfirmSale) -> Wanted:
    return Wanted(
        items={
            *(entry.equipment for entry in command.cylinders),
            *(entry.code for entry in command.accessories),
        },
        fees={entry.code for entry in (*command.services, *command.deposits, *command.refunds)},
        meters={entry.meter for entry in command.readings},
        agreed=command.agreed,
    )


def _check_order(command: ConfirmSale, known: Visit) -> None:
    if command.payment_method == PaymentMethod.ON_ACCOUNT and known.customer.terms_days is None:
        raise NoTerms(field="payment_method")
    if len({entry.meter for entry in command.readings}) != len(command.readings):
        raise Invalid(field="readings", reason="meter_twice")


def _facts(command: ConfirmSale, known: Visit, quote: pricing.Quote, at: datetime) -> Facts:
    totals, method = quote.totals, command.payment_method
    negative = totals.gross + totals.deposits < 0
    return Facts(
        kind=DocumentKind.CREDIT_NOTE if negative else DocumentKind.INVOICE,
        ref=command.submission,
        company=known.company,
        customer=known.customer,
        site=known.site,
        site_place=known.site_place,
        source=known.source,
        actor=command.actor,
        at=at,
        supply_on=known.on,
        due_on=record.due_on(method, known.customer.terms_days, clock.business_date(at)),
        method=method,
        paid=record.paid(method, totals.payable),
        purchase_order=command.purchase_order or None,
        note=command.note or None,
        inclusive=known.inclusive,
        lines=quote.lines,
        totals=totals,
        meters={used.meter.id: readings.frozen(used, known.on) for used in quote.usages},
    )


def _extras(command: ConfirmSale, known: Visit) -> record.Extras:
    return record.Extras(
        depot_id=known.depot_id, captured_at=command.captured_at, claimed=command.claimed
    )
