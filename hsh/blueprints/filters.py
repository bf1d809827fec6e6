"""What a list is narrowed to: a form in the address, and a chip for each filter that is set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.widgets import HiddenInput

from hsh.blueprints import formats
from hsh.blueprints.fields import DayField
from hsh.blueprints.forms import Form
from hsh.core import clock
from hsh.core.command import Actor


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter that is set: its field, and what it says."""

    name: str
    label: str
    value: str


class FilterForm(Form):
    """The filters of a list; every field may be empty."""

    def offer(self, actor: Actor) -> None:
        """Fill in the choices that depend on the person; none unless a list says so."""

    def chips(self) -> Iterator[Chip]:
        """Yield what the list is narrowed to now, without what is wrong and what nobody typed."""
        for field in self:
            if field.data and not field.errors and not isinstance(field.widget, HiddenInput):
                yield Chip(name=field.name, label=str(field.label.text), value=_said(field))


class DaysForm(FilterForm):
    """Filters of a list whose rows have a day."""

    since = DayField(_l("From"), required=False)
    until = DayField(_l("To"), required=False)

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day that were asked for."""
        return self.since.data, self.until.data


def quick_days() -> list[tuple[Any, date, date]]:
    """Return the spans of days that are asked for most: words, first day, last day."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    return [
        (_l("Today"), today, today),
        (_l("Yesterday"), today - timedelta(days=1), today - timedelta(days=1)),
        (_l("This week"), monday, today),
        (_l("This month"), first, today),
        (_l("Last month"), last_month.replace(day=1), last_month),
    ]


def _said(field: Any) -> str:
    if isinstance(field.data, date):
        return formats.day(field.data)
    if isinstance(field, SelectField):
        words = {str(value): str(label) for value, label, *_more in field.iter_choices()}
        return words.get(str(field.data), str(field.data))
    return str(getattr(field, "chosen", None) or field.data)
