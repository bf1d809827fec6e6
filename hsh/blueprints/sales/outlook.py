"""What a visit comes to before it is confirmed: its total, and what to look at again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from hsh.blueprints.sales.sale_form import SaleForm
from hsh.core import clock
from hsh.core.cautions import is_late, too_much
from hsh.core.command import Actor
from hsh.core.refusals import Refusal
from hsh.core.words import LineKind
from hsh.queries.sales.visit_page import Shelf, VisitPage
from hsh.services.sales import transactions
from hsh.services.sales.pricing import MeterUsage, Quote

_LEAVING = (LineKind.COLLECTION, LineKind.RETURN_FULL, LineKind.RETURN_PART)
_BESIDE_THE_FIELD = {409, 422}


@dataclass(frozen=True, kw_only=True)
class Short:
    """There are fewer than the driver typed."""

    code: str
    name: str
    there: int
    wanted: int


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What the page shows of a visit as typed. ``quote`` is None while something is wrong.

    ``source`` lacks these full ones; ``site`` lacks these in our books. ``kg`` of gas would stand
    at the site, if more than its limit; ``late``: now, at a home where nobody should ring.
    """

    quote: Quote | None
    source: dict[str, Short]
    site: dict[str, Short]
    kg: Decimal | None
    late: datetime | None

    def usage(self, meter: UUID) -> MeterUsage | None:
        """Return what the reading of ``meter`` bills."""
        used = self.quote.usages if self.quote else ()
        return next((usage for usage in used if usage.meter.ref == meter), None)

    def usage_amount(self, meter: UUID) -> int:
        """Return what the usage of ``meter`` comes to, in cents before GST."""
        used, lines = self.usage(meter), self.quote.lines if self.quote else ()
        return sum(line.amount for line in lines if used and line.meter == used.meter.id)


def look_ahead(form: SaleForm, page: VisitPage, actor: Actor) -> Outlook:
    """Price ``form`` without writing anything; what is wrong stands in the form."""
    shelves, now = (*page.sizes, *page.accessories), clock.now()
    return Outlook(
        quote=_quote(form, actor, page.visit.site_place.ref),
        source={short.code: short for shelf in shelves for short in _source_short(form, shelf)},
        site={short.code: short for shelf in page.sizes for short in _site_short(form, shelf)},
        kg=too_much(_kg(form, page), page.visit.site.kg_limit),
        late=now if page.visit.site.household and is_late(now) else None,
    )


def _quote(form: SaleForm, actor: Actor, site: UUID) -> Quote | None:
    if not form.validate():
        return None
    try:
        return transactions.quote(form.command(actor, site=site))
    except Refusal as no:
        if no.status not in _BESIDE_THE_FIELD:
            raise
        form.refuse(no)
        return None


def _kg(form: SaleForm, page: VisitPage) -> Decimal:
    """Return the kg of gas that would stand at the site, were all its cylinders full."""
    brought = form.counts(LineKind.DELIVERY).data
    if not brought:
        return Decimal(0)
    return sum(
        (
            page.weights[shelf.item.id]
            * (shelf.held + brought.get(shelf.item.code, 0) - _leaving(form, shelf))
            for shelf in page.sizes
        ),
        Decimal(0),
    )


def _leaving(form: SaleForm, shelf: Shelf) -> int:
    return sum(form.counts(kind).data.get(shelf.item.code, 0) for kind in _LEAVING)


def _source_short(form: SaleForm, shelf: Shelf) -> Iterator[Short]:
    wanted = sum(
        form.counts(kind).data.get(shelf.item.code, 0)
        for kind in (LineKind.DELIVERY, LineKind.ACCESSORY)
    )
    if wanted > shelf.full:
        yield _short(shelf, there=shelf.full, wanted=wanted)


def _site_short(form: SaleForm, shelf: Shelf) -> Iterator[Short]:
    wanted = _leaving(form, shelf)
    if wanted > shelf.held:
        yield _short(shelf, there=shelf.held, wanted=wanted)


def _short(shelf: Shelf, *, there: int, wanted: int) -> Short:
    return Short(code=shelf.item.code, name=shelf.item.name, there=there, wanted=wanted)
