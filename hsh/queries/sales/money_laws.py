"""Money is added up right, and the document says what the books say (laws 8 and 9)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hsh.core import pricing
from hsh.core.canonical import digest, plain_decimal
from hsh.core.money import cash_rounding, line_amount
from hsh.core.words import LineKind, PaymentMethod, TaxCode
from hsh.models.sales import Document, Transaction
from hsh.queries.law import Books, Fault, Found, law
from hsh.queries.sales.lines import lines_of

_MONEY = ("net", "tax", "deposits", "rounding", "payable")
_first = aliased(Transaction)
_DOCUMENTS = (
    select(
        Transaction.id,
        Document.number,
        Document.kind,
        Document.issued_on,
        Document.due_on,
        Document.layout,
        Document.content,
        Document.content_hash,
        Transaction.payment_method,
        Transaction.supply_on,
        Transaction.tax_inclusive,
        Transaction.purchase_order,
        Transaction.note,
        Transaction.reason,
        Transaction.voids_id,
        *(getattr(Transaction, name) for name in _MONEY),
        *(getattr(_first, name).label(f"first_{name}") for name in _MONEY),
    )
    .join(Document, Document.transaction_id == Transaction.id)
    .outerjoin(_first, _first.id == Transaction.voids_id)
)


@dataclass(frozen=True)
class _Wrong:
    """What one pass over all documents found wrong."""

    totals: list[Fault] = field(default_factory=list)
    contents: list[Fault] = field(default_factory=list)


@law("documents.totals")
def totals_add_up(books: Books) -> Iterator[Fault]:
    """Prove that amounts, GST by category, deposits and rounding are what the lines come to."""
    yield from books.remembered(_read_all).totals


@law("documents.content")
def content_agrees(books: Books) -> Iterator[Fault]:
    """Prove that frozen content has its hash and says the transaction's days, lines and money."""
    yield from books.remembered(_read_all).contents


def _read_all(books: Books) -> _Wrong:
    found = _Wrong()
    for some in books.batches(_DOCUMENTS, Transaction.id):
        lines = lines_of(books, some[0].id, some[-1].id)
        for row in some:
            _read(row, lines.get(row.id, []), found)
    return found


def _read(row: Found, lines: Sequence[Found], found: _Wrong) -> None:
    try:
        content = json.loads(row.content)
        totals = _wrong_totals(row, lines, registered=bool(content["company"]["gst_number"]))
        contents = _wrong_content(row, lines, content)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        found.contents.append(Fault(row.number, content=type(error).__name__))
        return
    if totals:
        found.totals.append(Fault(row.number, wrong=",".join(totals)))
    if contents:
        found.contents.append(Fault(row.number, differs=",".join(contents)))


def _wrong_totals(row: Found, lines: Sequence[Found], *, registered: bool) -> list[str]:
    """Name what does not add up: lines by position, totals by their column."""
    wrong = [
        f"line {line.position}"
        for line in lines
        if line.amount != line_amount(line.quantity, line.unit_price)
    ]
    meant = _of_the_first(row) if row.voids_id else _of_lines(row, lines, registered=registered)
    return wrong + [name for name, value in meant.items() if getattr(row, name) != value]


def _of_the_first(row: Found) -> dict[str, int]:
    """Return the totals that a void must have: the first document's, with the other sign."""
    return {name: -getattr(row, f"first_{name}") for name in _MONEY}


def _of_lines(row: Found, lines: Sequence[Found], *, registered: bool) -> dict[str, int]:
    """Return the totals that a sale must have.

    Whether cash was rounded is the company's choice on that day: none, or the right rounding.
    """
    meant = pricing.total(
        map(_priced, lines), inclusive=row.tax_inclusive, registered=registered, cash=False
    )
    rounding = cash_rounding(meant.payable)
    if row.payment_method != PaymentMethod.CASH or not row.rounding:
        rounding = 0
    return {
        "net": meant.net,
        "tax": meant.tax,
        "deposits": meant.deposits,
        "rounding": rounding,
        "payable": meant.payable + rounding,
    }


def _priced(line: Found) -> pricing.Line:
    return pricing.Line(
        kind=LineKind(line.kind),
        name="",
        code="",
        unit="",
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_code=TaxCode(line.tax_code),
        tax_rate=line.tax_rate,
    )


def _wrong_content(row: Found, lines: Sequence[Found], content: Any) -> list[str]:
    """Name the parts of the content that do not say what the rows say."""
    paid = 0 if row.payment_method == PaymentMethod.ON_ACCOUNT else row.payable
    money = {name: getattr(row, name) for name in _MONEY} | {"gross": row.net + row.tax}
    meant = {
        "layout": row.layout,
        "kind": row.kind,
        "issued_on": row.issued_on.isoformat(),
        "supply_on": row.supply_on.isoformat(),
        "due_on": row.due_on and row.due_on.isoformat(),
        "buyer_reference": row.purchase_order or content["buyer_reference"],
        "note": row.note,
        "reason": row.reason,
        "price_basis": "inclusive" if row.tax_inclusive else "exclusive",
        "totals": money,
        "payment": {"method": row.payment_method, "paid": paid},
        "lines": list(map(_said, lines)),
    }
    said = content | {
        "lines": [{key: line[key] for key in _SAID} for line in content["lines"]],
    }
    wrong = [name for name, value in meant.items() if said[name] != value]
    if sum(tax["tax"] for tax in content["taxes"]) != row.tax:
        wrong.append("taxes")
    if bool(content["original"]) != bool(row.voids_id):
        wrong.append("original")
    return wrong if digest(row.content) == row.content_hash else ["hash", *wrong]


_SAID = ("kind", "code", "quantity", "unit_price", "amount", "tax_code")


def _said(line: Found) -> dict[str, object]:
    """Return what a document must say of a line."""
    return {
        "kind": line.kind,
        "code": _code(line),
        "quantity": plain_decimal(line.quantity),
        "unit_price": plain_decimal(line.unit_price),
        "amount": line.amount,
        "tax_code": line.tax_code,
    }


def _code(line: Found) -> str | None:
    """Return the code of what a line is of: a meter, or a service and its size, or equipment."""
    if line.service:
        alone = line.equipment_id == line.size_of_service and not line.meter
        return str(line.service) if alone else None
    return None if line.meter and line.equipment else line.meter or line.equipment


LAWS = (totals_add_up, content_agrees)
