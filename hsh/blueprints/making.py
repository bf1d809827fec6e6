"""How the worker makes an export: the same list, asked again for the same person."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from hsh.blueprints import files, lists
from hsh.blueprints.language import LOCALES
from hsh.blueprints.lists import Listing
from hsh.core.refusals import NotAllowed
from hsh.core.roles import require
from hsh.core.words import ExportKind
from hsh.documents import sheets
from hsh.queries.keyset import Page
from hsh.services.books.exports import Job
from hsh.services.sales import papers
from hsh.services.sales.papers import Press

MOST_PAPERS = 5_000
"""PDFs in one ZIP; of more, the next part is made when one is done."""

type Tell = Callable[[int], None]


def register(app: Flask) -> None:
    """Let the worker, which knows no pages, have lists made into files."""
    app.extensions["hsh_make"] = make


def make(job: Job, target: IO[bytes], tell: Tell, *, press: Press) -> str:
    """Write the file of ``job`` to ``target``; what its owner may not see today is not in it.

    Returns what the next part is to be asked; empty when this was all.

    Raises:
        NotAllowed: they may not read the list any more, or a filter is wrong.

    """
    listing = lists.served()[job.listing].whole()
    require(job.actor.roles, listing.action)
    asked = json.loads(job.asked)
    with force_locale(LOCALES["en"]):
        form = listing.filters(MultiDict(asked["filters"]), job.actor)
        if not form.validate():
            raise NotAllowed(action=listing.action)
        source = files.chosen(listing.ask(job.actor, form), asked["only"])
        if job.kind == ExportKind.ZIP:
            pages = source.batches("", asked.get("after", ""))
            after = _zip(job, pages, target, tell, press)
            part = asked.get("part", 1) + 1
            return json.dumps(asked | {"after": after, "part": part}) if after else ""
        _sheet(job.kind, listing, _counted(source.rows(asked["sort"]), tell), target)
        return ""


def _sheet(kind: ExportKind, listing: Listing, rows: Iterator[Any], target: IO[bytes]) -> None:
    cells = map(listing.cells, rows)
    if kind == ExportKind.XLSX:
        sheets.spreadsheet(listing.heads, cells, target, title=str(listing.title))
    else:
        target.writelines(sheets.comma_separated(listing.heads, cells))


def _zip(job: Job, pages: Iterator[Page], target: IO[bytes], tell: Tell, press: Press) -> str:
    """Put the PDF of each row into ``target``; those not stored yet are made now.

    Returns the cursor behind which the next part begins; empty when all are in.
    """
    done = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as pack:
        for page in pages:
            for row in page.rows:
                paper = papers.fetch(job.actor, row.ref, press)
                pack.writestr(f"{row.number}.pdf", paper.body)
                done += 1
                tell(done)
            if page.after and done >= MOST_PAPERS:
                return page.after
    return ""


def _counted(rows: Iterator[Any], tell: Tell) -> Iterator[Any]:
    for number, row in enumerate(rows, 1):
        yield row
        tell(number)
