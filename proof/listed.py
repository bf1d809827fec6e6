"""The lists of the app and their files, each asked with a value in every filter that it has."""

from __future__ import annotations

from collections.abc import Iterator

import hsh.blueprints  # noqa: F401 - with them the lists are served
from hsh.blueprints import lists
from hsh.blueprints.fields import DayField, TextField
from hsh.blueprints.lists import Listing

_DAYS = {"since": "2026-01-01", "until": "2026-12-31"}


def pages() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the endpoint of each list and of its files, with what is asked there."""
    for listing in lists.served().values():
        asked = _asked(listing)
        yield listing.endpoint, asked | {"page": "", "sort": ""}
        yield f"{listing.endpoint}_export", asked | {"as": "csv", "only": ""}


def _asked(listing: Listing) -> dict[str, str]:
    """Return a value for each filter: text and days; nothing is chosen of what depends on books."""
    return {
        field.name: _DAYS.get(field.name, "")
        if isinstance(field, DayField)
        else "12" * isinstance(field, TextField)
        for field in listing.form()
    }
