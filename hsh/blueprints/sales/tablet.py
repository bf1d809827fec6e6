"""What a sale's page tells the tablet, so that it works out the total and the slip by itself.

The tablet's total is a claim: the server's decides (law 9). js/sale/quote.js makes of ``rates``
what ``hsh.services.sales.pricing`` makes of the visit, and says it in ``words``; ``slip`` is
what a provisional slip says beside the lines (``hsh.documents.content.Sold``).
"""

from __future__ import annotations

from flask_babel import gettext as _

from hsh.blueprints.sales.sale_form import COUNTS
from hsh.core.command import Actor
from hsh.core.words import LineKind, TaxCode
from hsh.documents import wording
from hsh.models.registry import Meter
from hsh.queries.sales.holdings import PricePaid
from hsh.queries.sales.visit import Fee, Item
from hsh.queries.sales.visit_page import VisitPage
from hsh.services.sales import content

type Said = dict[str, object]
"""A part of the page's JSON; decimals and dates are strings in it."""

_UNITS = ("m3", "cyl", "pc", "job")


def rates(page: VisitPage) -> Said:
    """Return everything that the price of a visit depends on, in dollars as decimal strings."""
    visit = page.visit
    held = {till.fee.code: till for till in page.deposits}
    return {
        "inclusive": visit.inclusive,
        "registered": bool(visit.company.gst_number),
        "rounds_cash": visit.company.cash_rounding,
        "usage": visit.usage_price,
        "taxes": {code.value: visit.tax_rate(code) for code in TaxCode},
        "meters": {str(ref): _meter(meter) for ref, meter in visit.meters.items()},
        "items": [_item(item, page.paid.get(item.id)) for item in visit.items.values()],
        "fees": [
            _fee(fee)
            | {
                "held": held[fee.code].held if fee.code in held else 0,
                "amount": held[fee.code].amount if fee.code in held else 0,
            }
            for fee in visit.fees.values()
        ],
    }


def slip(page: VisitPage, actor: Actor) -> Said:
    """Return what a provisional slip says of the parties."""
    visit = page.visit
    return {
        "locale": content.LOCALE,
        "company": content.seller(visit.company),
        "customer": content.buyer(visit.customer),
        "site": content.supplied_at(visit.site_place, visit.site),
        "seller": {"person": actor.name, "source": visit.source.name},
        "buyer_reference": visit.customer.buyer_reference,
        "price_basis": "inclusive" if visit.inclusive else "exclusive",
        "terms_days": visit.customer.terms_days,
    }


def words() -> Said:
    """Return how the page says the total, each number's place in braces."""
    kinds = (LineKind.USAGE, *COUNTS)
    return {
        "lines": {kind.value: wording.named(kind.value, "{name}", _) for kind in kinds},
        "units": {unit: wording.unit(unit, _) for unit in _UNITS},
        "net": _("Total without GST"),
        "gst": _("GST %(rate)s", rate="{rate}"),
        "gross": _("Total with GST"),
        "deposits": _("Deposits, no GST"),
        "rounding": _("Cash rounding"),
        "pay": _("To pay"),
        "back": _("To pay back"),
        "plain": _("Confirm"),
        "confirm": _("Confirm, %(amount)s", amount="{amount}"),
        "confirm_back": _("Confirm, pay back %(amount)s", amount="{amount}"),
        "unpriced": _("No total yet: look at what is marked."),
    }


def _item(item: Item, paid: PricePaid | None) -> Said:
    return {
        "code": item.code,
        "name": item.name,
        "kind": item.kind,
        "part_credit": item.part_credit,
        "tax_code": item.tax_code,
        "price": item.price,
        "paid": paid,
    }


def _fee(fee: Fee) -> Said:
    return {
        "code": fee.code,
        "name": fee.name,
        "kind": fee.kind,
        "tax_code": fee.tax_code,
        "price": fee.price,
    }


def _meter(meter: Meter) -> Said:
    return {
        "serial": meter.serial,
        "unit": meter.unit,
        "digits": meter.digits,
        "decimals": meter.decimals,
        "last": meter.last_reading,
        "last_on": meter.last_read_on,
        "estimated": meter.estimated,
    }
