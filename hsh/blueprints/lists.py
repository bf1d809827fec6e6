"""Every list of the office: a short declaration, served by what stands here.

A list is a ``Listing``: columns, filters, and a question that answers with a ``queries.lists``
source. ``serve`` gives a blueprint its page and its files. ``templates/base/list.html`` draws it:
filters with their chips, quick days, sortable heads, totals, pager, selection, CSV and XLSX.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from hsh.blueprints.access import allow, who
from hsh.blueprints.charts import Chart
from hsh.blueprints.filters import Chip, DaysForm, FilterForm, quick_days
from hsh.blueprints.render import render
from hsh.core.command import Actor
from hsh.documents.sheets import Head, Kind
from hsh.queries.keyset import Page
from hsh.queries.lists import Extent, Source

_ROWS_BEFORE = "n"
_MOST_BEFORE = 9
"""Digits of the number of rows on the pages before; it is shown, and nothing depends on it."""
_NOT_KEPT = {"page", _ROWS_BEFORE, "as", "only", "listing"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the page and of the file.

    ``says`` reads the value of a row, else its attribute ``name``. ``link`` leads somewhere,
    ``tone`` makes a badge of it (templates/base/ui.html). With ``under`` the page shows it below
    the column before; in a file it stands for itself.
    """

    name: str
    label: Any
    kind: Kind = Kind.TEXT
    says: Callable[[Any], Any] | None = None
    link: Callable[[Any], str | None] | None = None
    tone: Callable[[Any], str] | None = None
    under: bool = False
    is_added: bool = True
    """Whether a sum of it means anything, where it is a number."""

    def value(self, row: Any) -> Any:
        """Return what stands in this column."""
        return self.says(row) if self.says else getattr(row, self.name)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list: who may see it, how it is asked for, and what its rows show."""

    name: str
    """Of its files, of its address in exports, and of the block on its page."""
    title: Any
    action: str
    """What its readers must be allowed to do (core.roles)."""
    ask: Callable[[Actor, Any], Source]
    """Answers for a person and a valid form."""
    columns: Sequence[Column]
    form: type[FilterForm] = FilterForm
    empty: Any
    """What to say, and to do next, when nothing fits."""
    note: Any = ""
    template: str = "base/listing.html"
    beside: Callable[[], Mapping[str, Any]] = dict
    """What else its template shows, by name."""
    key: str = "ref"
    """The attribute by which a row is chosen; empty where none can be."""
    papers: bool = False
    """Whether each row has a PDF."""
    below: Sequence[str] = ()
    """Names in its address of the record that it belongs to; its form has hidden fields of them."""
    called: Callable[[Any], str] | None = None
    """Return what that record is called; for a valid form."""
    by_books: Callable[[], Sequence[Column]] = tuple
    """Columns that depend on what is in the books, behind the others: one for each size."""
    chart: Callable[[Sequence[Any]], Chart] | None = None
    adds_up: bool = False
    """A row stands for all records of a period, so it takes as long as there are records."""
    endpoint: str = ""
    """Where it is served; ``serve`` fills it in."""

    @property
    def heads(self) -> list[Head]:
        """The columns of a file."""
        return [Head(label=str(column.label), kind=column.kind) for column in self.columns]

    def cells(self, row: Any) -> list[Any]:
        """Return a row of a file."""
        return [column.value(row) for column in self.columns]

    def whole(self) -> Listing:
        """Return the list with the columns that depend on the books."""
        return replace(self, columns=(*self.columns, *self.by_books()), by_books=tuple)

    def sent(self) -> MultiDict[str, str]:
        """Return what this request asks for, with the record that the list belongs to."""
        asked = MultiDict(request.args)
        for name in self.below:
            asked[name] = str((request.view_args or {})[name])
        return asked

    def filters(self, sent: Any, actor: Actor) -> FilterForm:
        """Return the form as it was sent, with everything that ``actor`` may choose."""
        form = self.form(sent)
        form.offer(actor)
        return form


@dataclass(frozen=True, kw_only=True)
class Look:
    """A list as it stands on the page: what the template draws."""

    listing: Listing
    form: FilterForm
    page: Page | None
    """None: a filter is wrong."""
    extent: Extent | None
    """None for a driver, who looks for one sale and not for sums."""
    sorts: Mapping[str, bool]
    """What it can be ordered by, and whether the greatest leads."""

    @property
    def called(self) -> str:
        """What the record is called that the list belongs to; empty where there is none."""
        return self.listing.called(self.form) if self.listing.called else ""

    @property
    def columns(self) -> list[list[Column]]:
        """Return the columns of the page, each with those that stand below it."""
        groups: list[list[Column]] = []
        for column in self.listing.columns:
            if column.under:
                groups[-1].append(column)
            else:
                groups.append([column])
        return groups

    @property
    def sort(self) -> str:
        """How it is ordered, as the address says."""
        return request.args.get("sort", "")

    def head_address(self, column: Column) -> str | None:
        """Return what sorts by ``column``, the other way round if it does already; else None."""
        if column.name not in self.sorts:
            return None
        is_plain = self._sorted_by == column.name and not self.sort.startswith("-")
        return self.address(sort=f"-{column.name}" if is_plain else column.name)

    def direction(self, column: Column) -> str | None:
        """Return how it is sorted by ``column``, in the words of aria-sort."""
        if column.name != self._sorted_by:
            return None
        falls = self.sorts[column.name] != self.sort.startswith("-")
        return "descending" if falls else "ascending"

    @property
    def _sorted_by(self) -> str:
        asked = self.sort.removeprefix("-")
        return asked if asked in self.sorts else next(iter(self.sorts), "")

    @cached_property
    def chips(self) -> list[tuple[Chip, str]]:
        """Each filter that is set, and the address of the list without it."""
        return [(chip, self.address(**{chip.name: None})) for chip in self.form.chips()]

    @property
    def quick(self) -> list[tuple[Any, str, bool]]:
        """Spans of days: words, address, and whether it is this one."""
        if not isinstance(self.form, DaysForm):
            return []
        return [
            (
                words,
                self.address(since=first.isoformat(), until=last.isoformat()),
                self.form.days == (first, last),
            )
            for words, first, last in quick_days()
        ]

    @property
    def pages(self) -> dict[str, str | None]:
        """The addresses of the pages before and after."""
        if self.page is None:
            return {}
        before, after = self.page.before, self.page.after
        size = len(self.page.rows)
        return {
            "before": self.address(page=before, n=max(self.first - 51, 0)) if before else None,
            "after": self.address(page=after, n=self.first - 1 + size) if after else None,
        }

    @property
    def first(self) -> int:
        """The place of the first row of this page in the whole list, from 1."""
        text = request.args.get(_ROWS_BEFORE, "")
        is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_BEFORE
        return int(text) + 1 if is_number and request.args.get("page") else 1

    @property
    def last(self) -> int:
        """The place of the last row of this page."""
        return self.first - 1 + (len(self.page.rows) if self.page else 0)

    @property
    def bare(self) -> str:
        """The address of the list without any filter."""
        return url_for(self.listing.endpoint, **self._record)

    @property
    def kept(self) -> dict[str, Any]:
        """What the address says of the list itself, without page and selection."""
        asked = request.args.items()
        said = {name: value for name, value in asked if value and name not in _NOT_KEPT}
        return said | self._record

    @property
    def _record(self) -> dict[str, Any]:
        known = request.view_args or {}
        return {name: known[name] for name in self.listing.below}

    def address(self, **changes: Any) -> str:
        """Return the address of this list with other filters; None takes one off."""
        known = {name: value for name, value in (self.kept | changes).items() if value is not None}
        return url_for(self.listing.endpoint, **known)

    def file(self, kind: str) -> str:
        """Return the address of the whole list as a file."""
        return url_for(f"{self.listing.endpoint}_export", **(self.kept | {"as": kind}))

    def order(self, kind: str) -> str:
        """Return where the whole list is left to the worker, as it is large."""
        asked = self.kept | {"as": kind, "listing": self.listing.name}
        return url_for("exports.new", **asked)

    @property
    def bare_file(self) -> str:
        """The address to which a selection of rows is sent."""
        return url_for(f"{self.listing.endpoint}_export", **self._record)


def look(listing: Listing) -> Look:
    """Read the list that this request asks for."""
    listing = listing.whole()
    form = listing.filters(listing.sent(), who())
    if not form.validate():
        return Look(listing=listing, form=form, page=None, extent=None, sorts={})
    source = listing.ask(who(), form)
    return Look(
        listing=listing,
        form=form,
        page=source.page(request.args.get("page", ""), request.args.get("sort", "")),
        extent=None if current_user.in_the_field else source.extent(),
        sorts=source.sorts,
    )


def show(listing: Listing) -> ResponseReturnValue:
    """Draw the page of a list."""
    seen = look(listing)
    return _draw(seen), 200 if seen.page else 422


def page_of(listing: Listing) -> ResponseReturnValue:
    """Answer with the page that the list stands on, whichever address of it was asked for."""
    view: Callable[..., Any] = current_app.view_functions[listing.endpoint]
    answer: ResponseReturnValue = view(**(request.view_args or {}))
    return answer


def draw(listing: Listing, **beside: Any) -> str:
    """Draw the page with a form that will not do ``beside`` the list, as it is without filters."""
    return _draw(look(listing), **beside)


def _draw(seen: Look, **beside: Any) -> str:
    known = {**seen.listing.beside(), **beside}
    return render(seen.listing.template, block="list", list=seen, **known)


_SERVED: dict[str, Listing] = {}


def served() -> Mapping[str, Listing]:
    """Return every list by its name."""
    return _SERVED


def serve(
    bp: Blueprint, listing: Listing, *, path: str = "", index: str = "index", page: bool = True
) -> Listing:
    """Give ``bp`` a list's page at ``path`` and its files below it, under one rule of access.

    Without ``page`` the blueprint has a view of its own there, named ``index``.
    """
    from hsh.blueprints import files  # noqa: PLC0415 - a file is made of a list

    there = replace(listing, endpoint=f"{bp.name}.{index}")
    guarded = allow(listing.action)
    if page:
        bp.add_url_rule(path, index, guarded(lambda **_record: show(there)))
    send = guarded(lambda **_record: files.send(there))
    bp.add_url_rule(f"{path}/export", f"{index}_export", send)
    _SERVED[there.name] = there
    return there
