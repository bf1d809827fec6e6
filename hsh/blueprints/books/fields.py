"""Fields of the stock pages: a size to filter by, and a moment as people say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, override

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField
from wtforms.widgets import DateTimeLocalInput

from hsh.blueprints.choices import options
from hsh.core.clock import SINGAPORE
from hsh.queries.logistics.stock import Size

_YEARS = range(2000, 2101)


class SizeField(SelectField):
    """One of the sizes, by code, or all of them."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        """Begin with all sizes: the page fills in the others."""
        super().__init__(label, default="", choices=options([("", _l("All"))]), **kwargs)

    def offer(self, sizes: Iterable[Size]) -> None:
        """Let each of ``sizes`` be chosen."""
        named = [(size.code, size.name) for size in sizes]
        self.choices = options([("", _l("All")), *named])


class MomentField(Field):
    """A moment in Singapore to the minute, as ``2026-11-20T14:30``; its data is the instant."""

    widget = DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data.astimezone(SINGAPORE):%Y-%m-%dT%H:%M}" if self.data else ""

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if text:
            self.data = _moment(text)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_l("Enter a moment as YYYY-MM-DDTHH:MM.")) from None
    if moment.tzinfo is not None or moment.year not in _YEARS:
        raise ValueError(_l("Enter a moment of this century."))
    return moment.replace(tzinfo=SINGAPORE)
