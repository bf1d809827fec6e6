"""Writing a transaction down and sealing it: the same for a sale and for a void.

The transaction and everything under it is written first; then come the global locks, for the
shortest time: the numbers, the audit entry, the document that bears them, the outbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Integer, Update, bindparam, case, or_, update

from hsh.core import clock
from hsh.core.canonical import canonical, digest
from hsh.core.command import Command, Outcome
from hsh.core.pricing import DEPOSITS, Line
from hsh.core.refusals import RefundTooHigh
from hsh.core.words import DocumentKind, PaymentMethod, Series
from hsh.db import append, append_all, append_last, execute, insert_or_ignore, rows_changed
from hsh.documents import invoice
from hsh.documents.content import Anchor, Numbers
from hsh.models.sales import (
    DepositBalance,
    Discrepancy,
    Document,
    Flag,
    Payment,
    Transaction,
    TransactionLine,
)
from hsh.services.books import audit, numbering, outbox
from hsh.services.sales.content import Facts, freeze
from hsh.services.sales.stock import Shortfall

RECORD = "transaction"
STORE_PDF = "document.store"
"""The outbox topic that asks the worker for a PDF."""

_SPECIMEN = Numbers(document="INV-0000-000000", transaction="TRX-0000-000000")
_NO_ANCHOR = Anchor(sequence=0, hash=audit.GENESIS)


@dataclass(frozen=True, kw_only=True)
class Extras:
    """What a transaction says beyond its document."""

    depot_id: int
    captured_at: datetime | None = None
    claimed: int | None = None
    voids_id: int | None = None


def write(facts: Facts, extras: Extras) -> int:
    """Write the transaction, its lines and its payment; return its id."""
    totals = facts.totals
    transaction = append(
        Transaction,
        ref=facts.ref,
        customer_id=facts.customer.id,
        site_id=facts.site_place.id,
        source_id=facts.source.id,
        depot_id=extras.depot_id,
        seller_id=facts.actor.id,
        confirmed_at=facts.at,
        confirmed_on=clock.business_date(facts.at),
        captured_at=extras.captured_at,
        supply_on=facts.supply_on,
        payment_method=facts.method,
        purchase_order=facts.purchase_order,
        note=facts.note,
        tax_inclusive=facts.inclusive,
        net=totals.net,
        tax=totals.tax,
        deposits=totals.deposits,
        rounding=totals.rounding,
        payable=totals.payable,
        claimed=extras.claimed,
        voids_id=extras.voids_id,
        reason=facts.reason,
    )
    append_all(TransactionLine, [_row(n, line, transaction) for n, line in _numbered(facts.lines)])
    _write_payment(facts, transaction)
    _write_deposits(facts)
    return transaction


def flag_odd(
    lacking: Sequence[Shortfall], *, transaction: int, site: int, at: datetime, told: bool = True
) -> None:
    """Flag for a supervisor what a site gave back beyond its ledger, and a total not ``told``."""
    if lacking or not told:
        append(Flag, transaction_id=transaction, created_at=at)
    append_all(
        Discrepancy,
        [
            {
                "transaction_id": transaction,
                "site_id": site,
                "equipment_id": lack.equipment,
                "quantity": lack.quantity,
                "created_at": at,
            }
            for lack in lacking
        ],
    )


def seal(
    facts: Facts,
    command: Command,
    *,
    transaction: int,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> Outcome:
    """Give the transaction its numbers, audit entry and document; ask for the PDF."""
    content = freeze(facts)
    invoice.html(content, numbers=_SPECIMEN, anchor=_NO_ANCHOR)  # bad data rolls the act back
    text = canonical(content)
    numbers = _take_numbers(facts)
    anchor = audit.record(
        command.op,
        command,
        record_type=RECORD,
        ref=facts.ref,
        number=numbers.transaction,
        before=before,
        after={"document": numbers.document, "content_hash": digest(text), **after},
        at=facts.at,
    )
    document = append(
        Document,
        transaction_id=transaction,
        transaction_number=numbers.transaction,
        kind=facts.kind,
        number=numbers.document,
        customer_id=facts.customer.id,
        issued_on=clock.business_date(facts.at),
        due_on=facts.due_on,
        total=facts.totals.payable,
        content=text,
        content_hash=digest(text),
        layout=content["layout"],
        anchor_sequence=anchor.sequence,
        anchor_hash=anchor.hash,
    )
    outbox.put(STORE_PDF, document, at=facts.at)
    return Outcome(
        record=RECORD,
        ref=facts.ref,
        number=numbers.transaction,
        document=numbers.document,
        payable=facts.totals.payable,
    )


def told(facts: Facts) -> dict[str, object]:
    """Return what the audit log keeps of a sale beside the stock."""
    totals = facts.totals
    return {
        "customer": facts.customer.name,
        "site": facts.site_place.code,
        "source": facts.source.code,
        "supply_on": facts.supply_on,
        "payment": facts.method,
        "paid": facts.paid,
        "net": totals.net,
        "tax": totals.tax,
        "deposits": totals.deposits,
        "rounding": totals.rounding,
        "payable": totals.payable,
        "reason": facts.reason,
        "lines": [
            {
                "kind": line.kind,
                "code": line.code,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "amount": line.amount,
            }
            for line in facts.lines
        ],
    }


def paid(method: PaymentMethod, payable: int) -> int:
    """Return the cents that change hands in the act: all, unless it goes on account."""
    return 0 if method == PaymentMethod.ON_ACCOUNT else payable


def due_on(method: PaymentMethod, terms_days: int | None, issued: date) -> date | None:
    """Return the day an invoice on account is due (rulings, payment)."""
    if method != PaymentMethod.ON_ACCOUNT or terms_days is None:
        return None
    return date.fromordinal(issued.toordinal() + terms_days)


def _take_numbers(facts: Facts) -> Numbers:
    series = Series.INVOICE if facts.kind == DocumentKind.INVOICE else Series.CREDIT_NOTE
    year = clock.business_date(facts.at).year
    given = numbering.take(series, Series.TRANSACTION, year=year)
    return Numbers(document=given[series], transaction=given[Series.TRANSACTION])


def _numbered(lines: Iterable[Line]) -> Iterable[tuple[int, Line]]:
    return enumerate(lines, start=1)


def _row(position: int, line: Line, transaction: int) -> dict[str, object]:
    return {
        "transaction_id": transaction,
        "position": position,
        "kind": line.kind,
        "equipment_id": line.equipment,
        "service_id": line.service,
        "meter_id": line.meter,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "amount": line.amount,
        "tax_code": line.tax_code,
        "tax_rate": line.tax_rate,
    }


def _write_payment(facts: Facts, transaction: int) -> None:
    if facts.paid:
        payment = {
            "transaction_id": transaction,
            "method": facts.method,
            "amount": facts.paid,
            "received_at": facts.at,
        }
        append_last(Payment, payment)


def _write_deposits(facts: Facts) -> None:
    """Carry deposit lines into what the site holds: never below nothing."""
    changes: dict[int, tuple[int, int]] = {}
    for line in facts.lines:
        if line.kind in DEPOSITS and line.service:
            count, cents = changes.get(line.service, (0, 0))
            changes[line.service] = (count + int(line.quantity), cents + line.amount)
    if not changes:
        return
    site = facts.site_place.id
    keys = [{"site_id": site, "service_id": key} for key in sorted(changes)]
    execute(insert_or_ignore(DepositBalance), [key | {"quantity": 0, "amount": 0} for key in keys])
    _carry_deposits(site, changes)


def _carry_deposits(site: int, changes: Mapping[int, tuple[int, int]]) -> None:
    values: dict[str, object] = {"at_site": site}
    for number, (service, (count, cents)) in enumerate(changes.items()):
        values |= {f"service_{number}": service, f"count_{number}": count, f"cents_{number}": cents}
    done = execute(_carry_statement(len(changes)), values)
    if rows_changed(done) != len(changes):
        raise RefundTooHigh(field="refunds")


@lru_cache(maxsize=16)
def _carry_statement(count: int) -> Update:
    """Return the statement that adds to so many balances where none falls below nothing."""
    this, numbers = DepositBalance, range(count)

    def each(name: str) -> ColumnElement[int]:
        return case(
            {
                bindparam(f"service_{number}"): bindparam(f"{name}_{number}", type_=Integer)
                for number in numbers
            },
            value=this.service_id,
        )

    quantity = this.quantity + each("count")
    return (
        update(this)
        .where(
            this.site_id == bindparam("at_site"),
            or_(*(this.service_id == bindparam(f"service_{number}") for number in numbers)),
            quantity >= 0,
        )
        .values(quantity=quantity, amount=this.amount + each("cents"))
    )
