"""One file for each group of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench.figure import Figure
from bench.figures import (
    chain,
    clients,
    dashboard,
    export,
    field,
    history,
    levels,
    lists,
    paper,
    queue,
    sales,
    start,
    statements,
    visit,
    web,
)
from bench.plan import Plan

GROUPS: dict[str, Callable[[Plan], Iterator[Figure]]] = {
    "statements": statements.measure,
    "sales": sales.measure,
    "queue": queue.measure,
    "clients": clients.measure,
    "web": web.measure,
    "paper": paper.measure,
    "start": start.measure,
    "visit": visit.measure,
    "field": field.measure,
    "history": history.measure,
    "chain": chain.measure,
    "levels": levels.measure,
    "lists": lists.measure,
    "dashboard": dashboard.measure,
    "export": export.measure,
}
"""Books of a million sales are made once, by the first group that needs them."""
