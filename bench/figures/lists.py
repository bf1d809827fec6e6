"""Whether a page of a list gets slower as the list grows, for every filter that it offers.

It asks the app which lists there are (blueprints.lists) and what each can be narrowed to: a new
list, and a new filter, are measured without being told of.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from flask import Flask, current_app, url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from bench import loader, report, runs
from bench.browser import Browser
from bench.company import Seller
from bench.figure import Bars, Figure, in_turn
from bench.plan import Plan
from hsh.blueprints import lists
from hsh.blueprints.fields import DayField
from hsh.blueprints.lists import Listing
from hsh.core import roles
from hsh.core.command import Actor
from hsh.core.words import PlaceKind
from hsh.db import db
from hsh.models.registry import Customer, Meter, Place
from hsh.queries.registry import people

BARS = Bars(must=1.5, aim=1.2)
AT_ONCE = 5
"""Requests in one measurement, of which the middle one counts."""
_READERS = ("driver-1", "supervisor", "accountant", "admin")
_FEW_CHOICES = 6
"""Of a menu with more, the first, the middle and the last are tried."""
_NEARLY = 0.75
"""A page of the small books has at least so much of what one of the large books shows."""
_DEEP = 3
"""Pages into the list, where a row is that every filter can be made from."""

type Opened = Callable[[Plan, int], AbstractContextManager[Sequence[Seller]]]
"""Opens books with so many rows in the lists."""
type Query = dict[str, str]


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield a figure for each list and filter, in books of sales and in books of distributions."""
    yield from _compare(
        plan, loader.opened, lambda one: one.name != "distributions" and not one.adds_up
    )
    yield from _compare(plan, runs.opened, lambda one: one.name == "distributions")


def _compare(plan: Plan, opened: Opened, belongs: Callable[[Listing], bool]) -> Iterator[Figure]:
    with ExitStack() as stack:
        few = _Side(stack.enter_context(opened(plan, plan.small)))
        many = _Side(stack.enter_context(opened(plan, plan.large)))
        for listing in filter(belongs, lists.served().values()):
            for who in _readers(listing, few):
                asked = zip(few.queries(listing, who), many.queries(listing, who), strict=True)
                for (name, small), (_name, large) in asked:
                    floor, ours = (
                        few.request(listing, who, small),
                        many.request(listing, who, large),
                    )
                    title = f"list {listing.name}, {name}, {who}"
                    if floor.rows() < _NEARLY * ours.rows():
                        report.line(f"  {title}: far fewer rows in the small books, no figure")
                        continue
                    pairs = in_turn(plan.pairs, ours.time, floor.time)
                    yield pairs.figure(title, BARS, unit="ms")


def _readers(listing: Listing, side: _Side) -> list[str]:
    """Return who reads the list, of those who see all of it one."""
    found = [who for who in _READERS if roles.may(side.actor(who).roles, listing.action)]
    return found[:-1] if {"accountant", "admin"} <= set(found) else found


@dataclass(frozen=True, kw_only=True)
class _Request:
    """A page that is asked for."""

    browser: Browser
    path: str

    def time(self) -> float:
        """Return how many ms it takes."""
        taken = []
        for _ in range(AT_ONCE):
            began = time.perf_counter()
            self.browser.get(self.path)
            taken.append((time.perf_counter() - began) * 1000)
        return median(taken)

    def rows(self) -> int:
        """Return how many rows it shows: a longer page takes longer, whatever lies behind it."""
        shown: str = self.browser.get(self.path).text
        table, is_there, _rest = shown.partition("</tbody>")
        return table.count("<tr") if is_there else shown.count("<li")


class _Side:
    """Books of one size, and a browser for everybody who reads their lists."""

    def __init__(self, _sellers: Sequence[Seller]) -> None:
        self.app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        db.session.remove()
        self.browsers = {who: Browser(self.app, who) for who in _READERS}

    def actor(self, who: str) -> Actor:
        """Return a reader as the app knows them."""
        with self.app.app_context():
            person = people.credentials(who)
            assert person is not None  # noqa: S101 - the company has one
            return person.actor

    def request(self, listing: Listing, who: str, query: Query) -> _Request:
        """Return what asks for the list by that filter."""
        with self.app.test_request_context():
            path = url_for(listing.endpoint, **query, **_record(listing))  # type: ignore[arg-type]
        return _Request(browser=self.browsers[who], path=path)

    def queries(self, listing: Listing, who: str) -> list[tuple[str, Query]]:
        """Return each filter alone, with values from these books; and none, and the end of it."""
        actor = self.actor(who)
        with self.app.test_request_context():
            listing = listing.whole()
            form = listing.filters(MultiDict(_record(listing)), actor)
            if not form.validate():
                return [("all", {})]
            source, cursor = listing.ask(actor, form), ""
            found: list[Any] = []
            for _ in range(_DEEP):
                page = source.page(cursor, "")
                found, cursor = page.rows or found, page.after or ""
            row = found[len(found) // 2] if found else None
            asked: list[tuple[str, Query]] = [("all", {})]
            asked += [(f"sorted {name}", {"sort": f"-{name}"}) for name in source.sorts]
            for field in form:
                if field.name in listing.below:
                    continue
                asked += [
                    (f"{field.name} {value[:12]}".strip(), {field.name: value})
                    for value in _values(listing, field, row)
                ]
        db.session.remove()
        return asked


def _record(listing: Listing) -> Query:
    """Return the record that the list belongs to: the first of its kind."""
    if not listing.below:
        return {}
    ref = db.session.scalar(_RECORDS[listing.name].limit(1))
    return {name: str(ref) for name in listing.below}


_RECORDS = {
    "statement": select(Place.ref).where(Place.kind == PlaceKind.TRUCK).order_by(Place.id),
    "held-at-sites": select(Customer.ref).order_by(Customer.id),
    "readings": select(Meter.ref).order_by(Meter.id),
}
"""A record of each list that belongs to one."""


def _values(listing: Listing, field: Any, row: Any) -> list[str]:
    """Return what a filter can be set to: what is to choose, or what stands in a row."""
    if getattr(field, "choices", None) is not None:
        pairs = field.iter_choices() if hasattr(field, "iter_choices") else field.choices
        known = [str(value) for value, *_words in pairs if value]
        return (
            known if len(known) <= _FEW_CHOICES else [known[0], known[len(known) // 2], known[-1]]
        )
    if row is None:
        return []
    told = {column.name: column.value(row) for column in listing.columns}
    if isinstance(field, DayField):
        day = next((value for value in told.values() if hasattr(value, "year")), None)
        return [f"{day:%Y-%m-%d}"] if day else []
    text = told.get(field.name) or told.get("number") or told.get("name")
    return [str(text).split()[0]] if text else []
