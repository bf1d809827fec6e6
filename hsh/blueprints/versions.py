"""Forms that change a record: nobody overwrites what they have not seen (law 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from flask import request
from flask_babel import gettext as _
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    SelectField,
    SelectMultipleField,
)
from wtforms.widgets import HiddenInput

from hsh.blueprints import formats
from hsh.blueprints.fields import CountsField, WholeField
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.percent import PercentField
from hsh.core.refusals import Invalid
from hsh.queries.registry import spoken

_MOST_VERSION = 2**31 - 1
_NOTHING = "\N{EN DASH}"
_ENVELOPE = frozenset({*vars(SubmissionForm), "version"})
"""Names of the fields that are not about the record."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a field says in the books now, and what was typed into it."""

    label: str
    now: str
    typed: str


class VersionForm(SubmissionForm):
    """What is wanted of a record, and the version of it that was shown."""

    version = WholeField(most=_MOST_VERSION, widget=HiddenInput())
    """0 for what was never set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin as the only one who changes the record."""
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] | None = None
        """What to look at when someone else changed the record first; None: nobody did."""

    def beside(self, now: Self) -> Self:
        """Compare what was typed with the record as it stands ``now``.

        When it is not the version that was shown, both are told, and sending again replaces it.
        """
        if self.version.data != now.version.data:
            self.version.data, self.version.raw_data = now.version.data, None
            self.differences = list(_differences(self, now))
        return self


def seen() -> int | None:
    """Return the version that was shown, if the form says it: an undo does.

    Raises:
        Invalid: it says something else.

    """
    said = request.form.get("version")
    if said is not None and not re.fullmatch("[0-9]{1,9}", said):
        raise Invalid(field="version", reason="not_a_whole_number")
    return None if said is None else int(said)


def _differences(typed: VersionForm, now: VersionForm) -> list[Difference]:
    pairs = [
        pair
        for field, there in zip(typed, now, strict=True)
        if field.name not in _ENVELOPE and not isinstance(field, FileField)
        for pair in _compared(field, there)
    ]
    return [pair for pair in pairs if pair.now != pair.typed]


def _compared(field: Field, there: Field) -> Iterator[Difference]:
    """Yield what a field says in both versions; of counts, each size for itself."""
    if not isinstance(field, CountsField):
        yield Difference(label=field.label.text, now=said(there), typed=said(field))
        return
    codes = sorted(field.data.keys() | there.data.keys())
    names = spoken.names(codes)
    for code in codes:
        yield Difference(
            label=_("%(size)s, %(column)s", size=names.get(code, code), column=field.label.text),
            now=str(there.data.get(code, 0)),
            typed=field.typed.get(code) or str(field.data.get(code, 0)),
        )


def said(field: Field) -> str:
    """Return what ``field`` holds, as a reader would say it."""
    match field:
        case BooleanField():
            return str(_("yes") if field.data else _("no"))
        case SelectMultipleField() | SelectField():
            return ", ".join(_chosen(field)) or _NOTHING
        case DateField() if field.data:
            return formats.day(field.data)
        case PercentField() if field.data is not None:
            return formats.percent(field.data)
    if isinstance(field.data, Decimal):
        return formats.exact(field.data)
    return str(field.data or _NOTHING)


def _chosen(field: Any) -> list[str]:
    return [str(choice.label) for choice in field.iter_choices() if choice.selected]
