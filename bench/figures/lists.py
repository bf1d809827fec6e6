"""Whether a page of a list gets slower as the list grows, for every filter that it offers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any
from uuid import UUID

from flask import Flask, current_app, url_for
from sqlalchemy import select

from bench import loader, runs
from bench.browser import Browser
from bench.company import OPENING, Seller
from bench.figure import Bars, Figure, in_turn
from bench.plan import Plan
from hsh.core import clock
from hsh.db import db
from hsh.models.registry import Customer, Place, User, Vehicle
from hsh.models.sales import Document, Transaction
from hsh.queries.logistics.states import State

BARS = Bars(must=1.5, aim=1.2)
AT_ONCE = 5
"""Requests in one measurement, of which the middle one counts."""
_NUMBER = 500
"""A sale in the midst of the small books; the large ones have it too."""


@dataclass(frozen=True, kw_only=True)
class List:
    """A list as one person sees it: its view, and a value for each filter.

    A filter is named by its parameter; by a second word too, where several values are tried.
    """

    who: str
    view: str
    filters: Mapping[str, str]


type Opened = Callable[[Plan, int], AbstractContextManager[Sequence[Seller]]]
"""Opens books with so many rows in the lists."""
type Lists = Callable[[UUID], list[List]]
"""Returns the lists in the open books, narrowed to a truck where they can be."""


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield a figure for each list and filter."""
    yield from _compare(plan, loader.opened, _lists)
    yield from _compare(plan, runs.opened, _distributions)


def _compare(plan: Plan, opened: Opened, lists: Lists) -> Iterator[Figure]:
    with ExitStack() as stack:
        few = _Side(stack.enter_context(opened(plan, plan.small)), lists)
        many = _Side(stack.enter_context(opened(plan, plan.large)), lists)
        for large, small in zip(many.lists, few.lists, strict=True):
            for name in ["", *large.filters]:
                ours, floor = many.request(large, name), few.request(small, name)
                ours(), floor()
                pairs = in_turn(plan.pairs, ours, floor)
                title = f"list {large.view.split('.')[0]}, {name or 'all'}, {large.who}"
                yield pairs.figure(title, BARS, unit="ms")


class _Side:
    """Books of one size, and a browser for everybody who reads their lists."""

    def __init__(self, sellers: Sequence[Seller], lists: Lists) -> None:
        self.app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        self.lists = lists(sellers[0].truck)
        db.session.remove()
        self.browsers = {who: Browser(self.app, who) for who in {one.who for one in self.lists}}

    def request(self, one: List, name: str) -> Callable[[], float]:
        """Return what asks for the list by that filter, and tells how many ms that takes."""
        chosen: dict[str, Any] = {name.split(maxsplit=1)[0]: one.filters[name]} if name else {}
        with self.app.test_request_context():
            path = url_for(one.view, **chosen)

        def ask() -> float:
            taken = []
            for _ in range(AT_ONCE):
                began = time.perf_counter()
                self.browsers[one.who].get(path)
                taken.append((time.perf_counter() - began) * 1000)
            return median(taken)

        return ask


def _lists(truck: UUID) -> list[List]:
    """Return every list with a value for each of its filters, from the open books.

    They fill a page of both books, or nearly: a longer page takes longer, whatever lies behind it.
    """
    day = clock.today() - timedelta(days=200)
    days = {"since": day.isoformat(), "until": day.isoformat()}
    of_driver = days | {"since": OPENING.isoformat(), "site": "X001"}
    sale, document = db.session.execute(
        select(Transaction, Document)
        .join(Document, Document.transaction_id == Transaction.id)
        .where(Transaction.id == _NUMBER)
    ).one()
    seller = db.session.get_one(User, sale.seller_id)
    sales = days | {
        "source": str(truck),
        "site": "X001",
        "number": document.transaction_number,
    }
    documents = days | {
        "customer": db.session.get_one(Customer, sale.customer_id).name,
        "number": document.number,
        "kind": "credit_note",
    }
    audit = days | {
        "who": str(seller.ref),
        "action": "sale.void",
        "record": document.transaction_number,
    }
    return [
        List(who="driver-1", view="transactions.listing", filters=of_driver),
        List(who="supervisor", view="transactions.listing", filters=sales),
        List(who="accountant", view="transactions.listing", filters=sales),
        List(who="supervisor", view="documents.listing", filters=documents),
        List(who="accountant", view="documents.listing", filters=documents | {"kind": "invoice"}),
        List(who="supervisor", view="audit.index", filters=audit),
        List(who="accountant", view="audit.index", filters=audit | {"record": str(sale.ref)[:8]}),
    ]


def _distributions(truck: UUID) -> list[List]:
    """Return the list of distributions with a value for each filter, and each state."""
    home = select(Vehicle.home_depot_id).join(Place, Place.id == Vehicle.place_id)
    depot = db.session.scalars(
        select(Place.ref).where(Place.id == home.where(Place.ref == truck).scalar_subquery())
    ).one()
    day = clock.today() - timedelta(days=2)
    filters = {"day": day.isoformat(), "truck": str(truck), "depot": str(depot)}
    filters |= {f"state {state}": state.value for state in State}
    view = "distributions.index"
    return [List(who=who, view=view, filters=filters) for who in ("supervisor", "driver-1")]
