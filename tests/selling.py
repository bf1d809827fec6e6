"""Sales in one line, and what the books say afterwards."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

from sqlalchemy import func, select

from hsh.core import clock
from hsh.core.refusals import Refusal
from hsh.core.words import Condition, PaymentMethod, RateSubject, ReadingKind, TaxCode
from hsh.db import Base, db
from hsh.models.books import StockLevel
from hsh.models.registry import Customer, Meter, TaxRate
from hsh.models.sales import Document, Transaction
from hsh.services.sales.orders import ConfirmSale, CountEntry, CylinderEntry, ReadingEntry
from hsh.services.sales.transactions import confirm_sale
from hsh.services.sales.voids import VoidTransaction, void_transaction
from tests.given import Thing, a_price_list, a_rate, put

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Midday in Singapore."""


def order(world, **changes):
    """What the world's driver sends from the world's site, on account unless told."""
    return ConfirmSale(
        **{
            "actor": world.driver.actor,
            "submission": uuid4(),
            "site": world.site.ref,
            "source": world.truck.ref,
            "payment_method": PaymentMethod.ON_ACCOUNT,
        }
        | changes
    )


def sell(world, **changes):
    return confirm_sale(order(world, **changes))


def void(world, outcome, **changes):
    return void_transaction(void_order(world, outcome, **changes))


def void_order(world, outcome, **changes):
    return VoidTransaction(
        **{
            "actor": world.supervisor.actor,
            "submission": uuid4(),
            "transaction": outcome.ref,
            "reason": "Wrong site",
        }
        | changes
    )


def size(code="C127", **counts):
    """Counts of one size: size(delivered=2, collected=1)."""
    return (CylinderEntry(equipment=code, **counts),)


def count(thing, quantity=1):
    """So many of an accessory, fee or deposit."""
    return (CountEntry(code=thing.code, quantity=quantity),)


def reading(meter, current, *, previous="100", kind=ReadingKind.NORMAL, final=None, first=None):
    """A reading as typed; the meter of ``given.a_world`` stands at 100."""
    exact = [None if value is None else Decimal(value) for value in (final, first)]
    return (
        ReadingEntry(
            meter=meter.ref, kind=kind, previous=Decimal(previous), current=Decimal(current),
            final=exact[0], first=exact[1],
        ),
    )  # fmt: skip


def transaction(outcome):
    return db.session.scalars(select(Transaction).where(Transaction.ref == outcome.ref)).one()


def document(outcome):
    return db.session.scalars(select(Document).where(Document.number == outcome.document)).one()


def paper(outcome):
    """What the document says."""
    return json.loads(document(outcome).content)


def amounts(outcome):
    """The document's lines: {kind: amount in cents}."""
    return {line["kind"]: line["amount"] for line in paper(outcome)["lines"]}


def totals(outcome):
    return paper(outcome)["totals"]


def level(place, item, condition=Condition.FULL):
    return (
        db.session.scalar(
            select(StockLevel.quantity).where(
                StockLevel.place_id == place.id,
                StockLevel.equipment_id == item.id,
                StockLevel.condition == condition,
            )
        )
        or 0
    )


def held(world, code="C127"):
    return level(world.site, world.sizes[code], Condition.HELD)


def meter(thing):
    return db.session.get_one(Meter, thing.id, populate_existing=True)


def everything():
    """How many rows each table has, and the sum of all levels: what a trace would change."""
    counts = {
        name: db.session.scalar(select(func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
    }
    levels = db.session.execute(
        select(StockLevel.place_id, StockLevel.equipment_id, StockLevel.condition)
        .add_columns(StockLevel.quantity)
        .where(StockLevel.quantity != 0)
    ).all()
    db.session.rollback()
    return counts | {"levels": sorted(levels), "stock_levels": None}


def at_once(app, works):
    """Run every work at the same moment, each in a thread with a session of its own.

    Returns what each returned, or the refusal that it met.
    """
    db.session.rollback()
    gate = Barrier(len(works))

    def run(work):
        with app.app_context():
            gate.wait()
            try:
                return work()
            except Refusal as no:
                return no
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(works)) as threads:
        return [future.result() for future in [threads.submit(run, work) for work in works]]


def at(instant):
    """Let the clock stand at ``instant`` within a with block."""
    return clock.running(lambda: instant)


def price_list(world):
    """The price list of the world's customer."""
    row = db.session.get_one(Customer, world.customer.id)
    return Thing(id=row.price_list_id)


def prices_with_gst(world):
    """From now on the world's customer has a price list with GST inside, with the same figures."""
    prices = a_price_list(tax_inclusive=True)
    for item, dollars in zip(world.sizes.values(), ("22.5", "31.8", "35", "120"), strict=True):
        a_rate(dollars, of=prices, item=item)
    a_rate("1.2345", of=prices, what=RateSubject.USAGE)
    db.session.get_one(Customer, world.customer.id).price_list_id = prices.id
    db.session.commit()


def gst_from(day, rate):
    """GST is ``rate`` from ``day`` on."""
    put(TaxRate(code=TaxCode.STANDARD, starts_on=day, rate=Decimal(rate), note="later"))
