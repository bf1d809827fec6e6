"""The shared cases of what a visit comes to: drawn from a seed, priced by the server's own code.

``tests/totals.json`` holds them for the tablet (js/sale/quote.js). ``drawn`` makes them again on a
database; a change of the rules changes the file:

    HSH_WRITE_TOTALS=1 .venv/bin/python -m pytest tests/blueprints/sales/test_tablet.py
"""

import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from hsh.blueprints.sales import tablet
from hsh.core import clock
from hsh.core.canonical import canonical
from hsh.core.refusals import Refusal
from hsh.core.words import PaymentMethod, RateSubject, ReadingKind, TaxCode
from hsh.db import db
from hsh.models.registry import Company, Customer, Equipment, Meter
from hsh.queries.sales.visit_page import visit_page
from hsh.services.sales import content, readings
from hsh.services.sales.orders import CountEntry, CylinderEntry, ReadingEntry
from hsh.services.sales.transactions import quote
from tests import given
from tests.selling import at, count, gst_from, order, sell, size

FILE = Path(__file__).parent / "totals.json"
SEED = 20261121
VISITS, ORDERS = 12, 20
LAST_YEAR = datetime(2023, 11, 20, 4, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
PRICES = ("0", "0.0001", "0.005", "0.0050", "0.0049", "22.5", "31.8", "99.995", "120", "1234.5678")
CYLINDER = ("delivery", "collection", "return_full", "return_part")


def drawn(world):
    """Return the cases: visits with the rates that their page brings along, and orders there."""
    rng = random.Random(SEED)  # noqa: S311 - no secret
    gst_from(date(2024, 1, 1), "0.0875")
    gst_from(date(2026, 1, 1), "0.09")
    extra = _more_to_sell(world)
    return [_visit(rng, world, extra, number) for number in range(VISITS)]


def _more_to_sell(world):
    zero = given.a_size("C99", net="99", tare="99", part_credit="0.3333")
    db.session.get_one(Equipment, zero.id).tax_code = TaxCode.ZERO
    db.session.commit()
    given.stock(world.truck, {zero: 500})
    return [zero, given.an_accessory(), given.a_fee("ZR-FEE", "Export fee", TaxCode.ZERO)]


def _visit(rng, world, extra, number):
    company = db.session.get_one(Company, 1)
    company.gst_number = None if number % 4 == 3 else "M90312345A"
    company.cash_rounding = bool(number % 3)
    db.session.commit()
    before, today = (_prices(rng, world, extra, tax_inclusive=has) for has in _bases(number))
    site = given.a_site(customer := given.a_customer(price_list=before))
    meters = [_meter(rng, site, number, n) for n in range(2)]
    if number % 3 == 0:
        given.through_meter(site, world.sizes["C9"])
    _history(rng, world, site)
    db.session.get_one(Customer, customer.id).price_list_id = today.id
    for meter in meters:
        db.session.get_one(Meter, meter.id).estimated = Decimal(rng.choice(("0", "0", "7.5")))
    db.session.commit()
    actor = world.driver.actor
    with at(NOON):
        page = visit_page(actor, site=site.ref, source=world.truck.ref, on=clock.today())
        orders = [_order(rng, page, meters) for _ in range(ORDERS)]
        cases = [{"order": o, "comes_to": _priced(world, site, o)} for o in orders]
    text = canonical({"rates": tablet.rates(page), "cases": cases})
    for meter in sorted(meters, key=lambda one: one.code):
        text = text.replace(str(meter.ref), str(_fixed(meter)))
    return json.loads(text)


def _bases(number):
    """Whether prices have GST inside: when the site bought before, and today."""
    return bool(number // 2 % 2), bool(number % 2)


def _fixed(meter):
    return UUID(int=int(meter.code.removeprefix("M-")))


def _prices(rng, world, extra, *, tax_inclusive):
    prices = given.a_price_list(tax_inclusive=tax_inclusive)
    things = [*world.sizes.values(), *extra[:2]]
    for thing in things:
        if rng.random() < 0.9:
            given.a_rate(_price(rng), of=prices, item=thing)
    for fee in (world.fee, world.deposit, extra[2]):
        given.a_rate(_price(rng), of=prices, what=RateSubject.SERVICE, item=fee)
    given.a_rate(_price(rng), of=prices, what=RateSubject.USAGE)
    return prices


def _price(rng):
    return rng.choice((*PRICES, f"{rng.randrange(10**6)}.{rng.randrange(10**4):04}"))


def _meter(rng, site, number, n):
    decimals = rng.choice((0, 1, 3, 4))
    last = rng.choice(("0", "100", "9999", f"{rng.randrange(1, 9000)}"))
    serial = f"M-{number * 2 + n + 1}"
    return given.a_meter(site, digits=4, decimals=decimals, last=last, serial=serial)


def _history(rng, world, site):
    """Sell there before, at another rate of GST, and take deposits: what credits go back to."""
    there = type(world)(**{**vars(world), "site": site})
    with at(LAST_YEAR + timedelta(days=rng.randrange(300))):
        for code in rng.sample(sorted(world.sizes), 2):
            try:
                sell(there, cylinders=size(code, delivered=rng.randrange(1, 9)))
            except Refusal:
                db.session.rollback()  # that size has no price
        for _ in range(rng.randrange(3)):
            sell(there, deposits=count(world.deposit, rng.randrange(1, 5)))
    db.session.rollback()


def _order(rng, page, meters):
    """Return what is typed, by the names of the page's boxes."""
    counts = {}
    for item in page.visit.items.values():
        kinds = CYLINDER if item.kind == "cylinder" else ("accessory",)
        counts |= {f"{kind}-{item.code}": _count(rng) for kind in kinds if rng.random() < 0.3}
    for fee in page.visit.fees.values():
        kinds = ("service",) if fee.kind == "fee" else ("deposit", "deposit_refund")
        counts |= {f"{kind}-{fee.code}": _count(rng) for kind in kinds if rng.random() < 0.3}
    read = sorted(meters, key=lambda meter: meter.code)
    return {
        "on": TODAY.isoformat(),
        "method": rng.choice([method.value for method in PaymentMethod]),
        "readings": [_reading(rng, page, meter) for meter in read if rng.random() < 0.4],
        "counts": {name: many for name, many in counts.items() if many},
    }


def _count(rng):
    return rng.choice((0, 1, 1, 2, 3, 7, 9999))


def _reading(rng, page, meter):
    row = page.visit.meters[meter.ref]
    kind = rng.choice([*ReadingKind, ReadingKind.NORMAL])
    places = min(row.decimals, 2)

    def value(least, most):
        return str(
            round(Decimal(rng.randrange(int(least * 100), int(most * 100) + 1)) / 100, places)
        )

    after = value(row.last_reading, 9999)
    typed = {"meter": str(meter.ref), "kind": kind.value, "current": after}
    match kind:
        case ReadingKind.ROLLOVER:
            typed["current"] = value(0, row.last_reading)
        case ReadingKind.CHANGE:
            typed |= {"final": after, "first": value(0, 5), "current": value(4, 90)}
    return {"final": "", "first": ""} | typed


def _priced(world, site, typed):
    """Return what the server makes of it: lines, taxes and totals, or None when it refuses."""
    wish = order(world, site=site.ref, **_entries(typed))
    try:
        quoted = quote(wish)
    except Refusal:
        return None
    meters = {used.meter.id: readings.frozen(used, TODAY) for used in quoted.usages}
    totals = quoted.totals
    return {
        "lines": [content._line(line, meters) for line in quoted.lines],
        "taxes": totals.taxes,
        "totals": {
            name: getattr(totals, name)
            for name in ("net", "tax", "gross", "deposits", "rounding", "payable")
        },
    }


def _entries(typed):
    """Return the parts of the command that the page's form would make of it."""
    by_kind = {}
    for name, many in typed["counts"].items():
        kind, code = name.split("-", 1)
        by_kind.setdefault(kind, {})[code] = many
    named = dict(
        zip(CYLINDER, ("delivered", "collected", "returned_full", "returned_part"), strict=True)
    )
    codes = sorted({code for kind in CYLINDER for code in by_kind.get(kind, {})})

    def counted(kind):
        return tuple(
            CountEntry(code=c, quantity=n) for c, n in sorted(by_kind.get(kind, {}).items())
        )

    return {
        "payment_method": PaymentMethod(typed["method"]),
        "readings": tuple(_entry(read) for read in typed["readings"]),
        "cylinders": tuple(
            CylinderEntry(
                equipment=code,
                **{name: by_kind.get(kind, {}).get(code, 0) for kind, name in named.items()},
            )
            for code in codes
        ),
        "accessories": counted("accessory"),
        "services": counted("service"),
        "deposits": counted("deposit"),
        "refunds": counted("deposit_refund"),
    }


def _entry(read):
    row = db.session.query(Meter).filter_by(ref=UUID(read["meter"])).one()
    final, first = (Decimal(read[part]) if read[part] else None for part in ("final", "first"))
    return ReadingEntry(
        meter=row.ref, kind=ReadingKind(read["kind"]), previous=row.last_reading,
        current=Decimal(read["current"]), final=final, first=first,
    )  # fmt: skip
