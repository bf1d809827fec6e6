"""How many statements a sale takes, and whether more lines take more of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bench import books
from bench.company import FEES, SIZES, Seller, found
from bench.figure import Bars, Figure, NotCountedError, alone
from bench.plan import Plan
from hsh.db import db
from hsh.services.sales.orders import ConfirmSale, CountEntry, CylinderEntry
from hsh.services.sales.transactions import confirm_sale

A_SALE = Bars(must=24, aim=14)
MORE_LINES = Bars(must=0, aim=0)


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield the number of cursor executions, and its growth with more lines."""
    with books.opened(books.sqlite_url(plan.home / "statements.sqlite3"), plan.home):
        [seller] = found()
        one = _executions(next(seller.sales()))
        small, large = (_executions(_sale(seller, sizes)) for sizes in (1, len(SIZES)))
        books.prove(plan.home)
    yield alone("cursor executions in a sale", one, A_SALE, unit="")
    note = f"{small} with one size, {large} with {len(SIZES)} sizes, {len(FEES)} fees, deposits"
    name = "more executions with more lines"
    yield alone(name, large - small, MORE_LINES, unit="", note=note)


def _sale(seller: Seller, sizes: int) -> ConfirmSale:
    """Return a sale with lines of every kind, for so many sizes."""
    codes = SIZES[:sizes]
    counts = {"delivered": 2, "collected": 1, "returned_full": 1, "returned_part": 1}
    return seller.sale(
        cylinders=tuple(CylinderEntry(equipment=code, **counts) for code in codes),
        services=tuple(CountEntry(code=code, quantity=1) for code in FEES[:sizes]),
        deposits=tuple(CountEntry(code=code.replace("CYL", "DEP"), quantity=1) for code in codes),
    )


def _executions(sale: ConfirmSale) -> int:
    """Return how many times a cursor is asked to execute; BEGIN and COMMIT are not counted."""
    with _heard() as statements:
        confirm_sale(sale)
    many = [sql for sql, is_many in statements if is_many and not sql.startswith("INSERT")]
    if many:
        raise NotCountedError(f"executemany for something else than an INSERT: {many[0]}")
    return len([sql for sql, _ in statements if not sql.startswith("BEGIN")])


@contextmanager
def _heard() -> Iterator[list[tuple[str, bool]]]:
    """Listen to every execution: its SQL, and whether it was an ``executemany``."""
    heard: list[tuple[str, bool]] = []

    def listen(*told: Any) -> None:
        heard.append((told[2], told[5]))

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield heard
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
