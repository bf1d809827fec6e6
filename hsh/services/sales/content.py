"""The frozen content of a document: everything its PDF will ever need (law 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hsh.core import clock
from hsh.core.canonical import plain_decimal
from hsh.core.command import Actor
from hsh.core.pricing import Line, Totals
from hsh.core.refs import short_code
from hsh.core.words import DocumentKind, PaymentMethod
from hsh.documents import content as frozen
from hsh.models.registry import Company, Customer, Place, Site
from hsh.queries.sales import holdings

LOCALE = "en"
"""The language of documents until customers choose one."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a document is about: the parties, the lines, the money, the day."""

    kind: DocumentKind
    ref: UUID
    company: Company
    customer: Customer
    site: Site
    site_place: Place
    source: Place
    actor: Actor
    at: datetime
    supply_on: date
    due_on: date | None
    method: PaymentMethod
    paid: int
    purchase_order: str | None
    note: str | None
    inclusive: bool
    lines: tuple[Line, ...]
    totals: Totals
    meters: dict[int, frozen.Meter]
    """How each meter was read, by its id, for the usage lines."""
    original: frozen.Original | None = None
    reason: str | None = None


def freeze(facts: Facts) -> frozen.Content:
    """Return the content of the document, without its numbers and anchor: those come last."""
    customer = facts.customer
    return {
        "layout": frozen.LAYOUT_VERSION,
        "kind": facts.kind.value,
        "locale": LOCALE,
        "company": seller(facts.company),
        "customer": buyer(customer),
        "site": supplied_at(facts.site_place, facts.site),
        "issued_on": clock.business_date(facts.at).isoformat(),
        "issued_at": facts.at.astimezone(clock.SINGAPORE).isoformat(timespec="seconds"),
        "supply_on": facts.supply_on.isoformat(),
        "due_on": facts.due_on.isoformat() if facts.due_on else None,
        "terms_days": customer.terms_days if facts.due_on else None,
        "buyer_reference": facts.purchase_order or customer.buyer_reference,
        "note": facts.note,
        "seller": {"person": facts.actor.name, "source": facts.source.name},
        "short_code": short_code(facts.ref),
        "price_basis": "inclusive" if facts.inclusive else "exclusive",
        "lines": [_line(line, facts.meters) for line in facts.lines],
        "taxes": [
            {"code": t.code.value, "rate": plain_decimal(t.rate), "net": t.net, "tax": t.tax}
            for t in facts.totals.taxes
        ],
        "totals": {
            "net": facts.totals.net,
            "tax": facts.totals.tax,
            "gross": facts.totals.gross,
            "deposits": facts.totals.deposits,
            "rounding": facts.totals.rounding,
            "payable": facts.totals.payable,
        },
        "payment": {"method": facts.method.value, "paid": facts.paid},
        "balance": [
            {"name": held.name, "code": held.code, "held": held.quantity}
            for held in holdings.held(facts.site_place.id)
        ],
        "original": facts.original,
        "reason": facts.reason,
    }


def site_address(site: Site) -> list[str]:
    """Return a site's address as lines of an envelope."""
    street = f"{site.street}, {site.unit}" if site.unit else site.street
    postal = f"Singapore {site.postal_code}" if site.postal_code else None
    return [line for line in (street, site.building, postal) if line]


def supplied_at(place: Place, site: Site) -> frozen.Site:
    """Return where the goods went, as a document says it."""
    return {"name": place.name, "address": site_address(site)}


def buyer(customer: Customer) -> frozen.Customer:
    """Return whom a document is addressed to."""
    return {
        "name": customer.name,
        "uen": customer.uen,
        "gst_number": customer.gst_number,
        "address": customer.billing_address.splitlines(),
        "email": customer.email,
    }


def seller(company: Company) -> frozen.Company:
    """Return the company as a document's letterhead says it."""
    return {
        "name": company.name,
        "uen": company.uen,
        "gst_number": company.gst_number,
        "address": company.address.splitlines(),
        "phone": company.phone,
        "email": company.email,
        "logo": company.logo,
    }


def _line(line: Line, meters: dict[int, frozen.Meter]) -> frozen.Line:
    said: frozen.Line = {
        "kind": line.kind.value,
        "name": line.name,
        "code": line.code,
        "quantity": plain_decimal(line.quantity),
        "unit": line.unit,  # type: ignore[typeddict-item] # the registry's units are these
        "unit_price": plain_decimal(line.unit_price),
        "amount": line.amount,
        "tax_code": line.tax_code.value,
        "meter": meters.get(line.meter or 0),
    }
    if line.agreement:
        said["agreed"] = str(line.agreement)
    return said
