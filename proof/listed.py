"""The lists of the app and their files, each asked with a value in every filter that it has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import hsh.blueprints  # noqa: F401 - with them the lists are served
from hsh.blueprints import lists
from hsh.blueprints.fields import DayField, TextField
from hsh.blueprints.lists import Listing
from hsh.core import clock
from hsh.core.words import ExportKind
from hsh.db import db
from hsh.models.books import Export
from proof.errand import Aim, asking, get, post, submission

if TYPE_CHECKING:
    from proof.errands import Desk

_ASKED = '{"filters": {}, "sort": "", "only": []}'
_DAYS = {"since": "2026-01-01", "until": "2026-12-31"}


def _order(_desk: Desk, _person: str) -> Aim:
    return Aim(form=submission(listing="sales", kind="csv", asked=_ASKED))


def _made(desk: Desk, person: str) -> Aim:
    """Put an export of ``person`` in its place, with its file."""
    owner = desk.cast.login(person).id or desk.cast.login("off").id
    ref, now = uuid4(), clock.now()
    db.session.add(
        Export(
            ref=ref, owner_id=owner, listing="sales", kind=ExportKind.CSV, asked=_ASKED,
            asked_at=now, rows=0, made_at=now, size=0,
        )
    )  # fmt: skip
    db.session.commit()
    file = desk.books.home / "exports" / f"{ref}.csv"
    file.parent.mkdir(exist_ok=True)
    file.touch()
    return Aim(args={"ref": ref})


def _asked(listing: Listing) -> dict[str, str]:
    """Return a value for each filter: text and days; nothing is chosen of what depends on books."""
    return {
        field.name: _DAYS.get(field.name, "")
        if isinstance(field, DayField)
        else "12" * isinstance(field, TextField)
        for field in listing.form()
    }


def _pages() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the endpoint of each list and of its files, with what is asked there."""
    for listing in lists.served().values():
        if listing.below:  # their errands know a record
            continue
        asked = _asked(listing)
        yield listing.endpoint, asked | {"page": "", "sort": ""}
        yield f"{listing.endpoint}_export", asked | {"as": "csv", "only": ""}


ALL = (
    *(get(endpoint, asking(**query)) for endpoint, query in _pages()),
    get("exports.new", asking(**{"listing": "sales", "as": "csv"})),
    post("exports.order", _order, form="export.request"),
    get("exports.show", _made, "ref"),
    get("exports.take", _made, "ref"),
)
