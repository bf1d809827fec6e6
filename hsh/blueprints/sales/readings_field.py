"""Meter readings in a form: for each meter a kind, the reading, and for a change two more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, override
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput

from hsh.core.words import ReadingKind
from hsh.services.sales.orders import ReadingEntry

type Key = tuple[UUID, str]
"""A meter, and a part of its reading."""

PARTS = ("kind", "previous", "current", "final", "first")
_EXACT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
_INPUT = re.compile(r"(?P<meter>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(?P<part>[a-z]+)")
_MOST_METERS = 50


class ReadingsField(Field):
    """The inputs ``<name>-<meter>-<part>``, read into a ``ReadingEntry`` for each meter read.

    A meter whose reading was left empty was not read. Which meters there are, and whether their
    dials can show what was typed, is the service's business.
    """

    widget = HiddenInput()

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        """Begin with nothing read."""
        self.typed: dict[Key, str] = {}
        self.problems: dict[Key, str] = {}
        super().__init__(label, **kwargs)

    @override
    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.data: tuple[ReadingEntry, ...] = ()
        if formdata:
            self.typed = dict(_typed(formdata, f"{self.name}-"))
            meters = sorted({meter for meter, _part in self.typed}, key=str)
            self.data = tuple(filter(None, map(self._entry, meters[:_MOST_METERS])))
            for meter in meters[_MOST_METERS:]:
                self._complain(meter, "current", _l("This page is damaged. Open it afresh."))

    def value(self, meter: UUID, part: str) -> str:
        """Return what was typed there."""
        return self.typed.get((meter, part), "")

    def problem(self, meter: UUID, part: str) -> str:
        """Return what is wrong with it, or nothing."""
        return self.problems.get((meter, part), "")

    def kind(self, meter: UUID) -> str:
        """Return the kind of reading that was chosen."""
        return self.value(meter, "kind") or ReadingKind.NORMAL

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms calls it so
        """Refuse the form when one of the readings will not do."""
        if self.problems:
            raise StopValidation(_l("Look at the marked numbers."))

    def _entry(self, meter: UUID) -> ReadingEntry | None:
        current, final, first = (self._number(meter, p) for p in ("current", "final", "first"))
        kind = self._kind(meter)
        is_change = kind == ReadingKind.CHANGE
        if current is None:
            if is_change and (final is not None or first is not None):
                self._complain(meter, "current", _l("Enter the reading."))
            return None
        previous = self._number(meter, "previous")
        if previous is None or kind is None:
            self._complain(meter, "current", _l("This page is damaged. Open it afresh."))
            return None
        return ReadingEntry(
            meter=meter,
            kind=kind,
            previous=previous,
            current=current,
            final=final if is_change else None,
            first=first if is_change else None,
        )

    def _number(self, meter: UUID, part: str) -> Decimal | None:
        text = self.value(meter, part)
        if not text:
            return None
        if not _EXACT.fullmatch(text):
            self._complain(meter, part, _l("Enter the digits as the dial shows them."))
            return None
        return Decimal(text)

    def _kind(self, meter: UUID) -> ReadingKind | None:
        try:
            return ReadingKind(self.kind(meter))
        except ValueError:
            return None

    def _complain(self, meter: UUID, part: str, problem: Any) -> None:
        self.problems[meter, part] = str(problem)


def _typed(formdata: Any, prefix: str) -> Iterable[tuple[Key, str]]:
    for name in formdata:
        found = _INPUT.fullmatch(name.removeprefix(prefix)) if name.startswith(prefix) else None
        if found and found["part"] in PARTS:
            values: Sequence[Any] = formdata.getlist(name)
            yield (UUID(found["meter"]), found["part"]), str(values[0]).strip().replace(",", "")
