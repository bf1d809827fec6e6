"""A list as a file: CSV streamed as it is read, XLSX written row by row, paper for the printer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Response, abort, render_template, request, send_file, stream_with_context
from flask.typing import ResponseReturnValue

from hsh.blueprints import lists
from hsh.blueprints.access import who
from hsh.blueprints.filters import FilterForm
from hsh.blueprints.lists import Listing
from hsh.core import clock
from hsh.documents import sheets
from hsh.queries.lists import Source

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ON_PAPER = 1_000
"""Rows of a list that is printed."""
MOST_CHOSEN = 500
_SPOOLED = 2**20


def send(listing: Listing) -> ResponseReturnValue:
    """Answer with the list that the page shows, whole or the chosen rows, as a file."""
    listing = listing.whole()
    form = listing.filters(listing.sent(), who())
    if not form.validate():
        return lists.page_of(listing)
    source = chosen(listing.ask(who(), form), request.args.getlist("only"))
    kind = request.args.get("as", "")
    if kind == "paper":
        return _paper(listing, form, source)
    if kind not in KINDS:
        abort(404)
    answer = _csv(listing, source) if kind == "csv" else _xlsx(listing, source)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def chosen(source: Source, refs: list[str]) -> Source:
    """Return the rows that were ticked; all where none was."""
    wanted = [ref for ref in refs if ref][:MOST_CHOSEN]
    return source.only(wanted) if wanted else source


def file_name(listing: Listing, kind: str, part: int = 1) -> str:
    """Return what a file of the list is called; ``part``: of several."""
    which = f"-part{part}" if part > 1 else ""
    return f"{listing.name}-{clock.today():%Y%m%d}{which}.{kind}"


def cells(listing: Listing, source: Source) -> Iterator[list[Any]]:
    """Yield the rows of the file."""
    return map(listing.cells, source.rows(request.args.get("sort", "")))


def _csv(listing: Listing, source: Source) -> Response:
    lines = sheets.comma_separated(listing.heads, cells(listing, source))
    answer = Response(stream_with_context(lines), content_type=KINDS["csv"])
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(listing, "csv"))
    return answer


def _xlsx(listing: Listing, source: Source) -> Response:
    target = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115 - sent, then closed
    title = str(listing.title)
    sheets.spreadsheet(listing.heads, cells(listing, source), target, title=title)
    target.seek(0)
    return send_file(
        target, mimetype=KINDS["xlsx"], as_attachment=True, download_name=file_name(listing, "xlsx")
    )


def _paper(listing: Listing, form: FilterForm, source: Source) -> str:
    rows = list(islice(source.rows(request.args.get("sort", "")), MOST_ON_PAPER + 1))
    return render_template(
        "base/paper.html",
        listing=listing,
        called=listing.called(form) if listing.called else "",
        rows=rows[:MOST_ON_PAPER],
        more=len(rows) > MOST_ON_PAPER,
        sums=source.extent().sums if len(rows) <= MOST_ON_PAPER else {},
        chips=list(form.chips()),
        now=clock.now(),
    )
