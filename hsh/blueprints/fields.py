"""Fields that take no more than the trade needs: bounded, without control characters, exact."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, override
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional, StopValidation
from wtforms.widgets import (
    CheckboxInput,
    HiddenInput,
    ListWidget,
    NumberInput,
    TextArea,
    TextInput,
)

from hsh.core.canonical import plain_decimal
from hsh.core.money import PLACES

_DIGITS = re.compile(r"[0-9]{1,9}")
_EXACT = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_YEARS = range(2000, 2101)


class Needed(InputRequired):
    """Asks for a value; blanks are none."""

    def __init__(self) -> None:
        """Say so in the person's language."""
        super().__init__(_l("This is needed."))

    @override
    def __call__(self, form: Any, field: Any) -> None:
        super().__call__(form, field)
        if field.data in {None, ""} and not field.process_errors:
            raise StopValidation(self.message or "")


def needed(*, required: bool) -> list[Any]:
    """Return the validator that asks for a value, or lets it be empty."""
    return [Needed()] if required else [Optional()]


class TextField(StringField):
    """Text of at most ``most`` characters, on one line unless ``lines``."""

    def __init__(
        self, label: Any, *, most: int, required: bool = True, lines: bool = False, **kwargs: Any
    ) -> None:
        """Bound the text."""
        kwargs.setdefault("widget", TextArea() if lines else TextInput())
        super().__init__(label, validators=needed(required=required), **kwargs)
        self.most, self.required, self.lines = most, required, lines
        self.render_kw = {"maxlength": most} | (self.render_kw or {})

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        text = unicodedata.normalize("NFC", str(valuelist[0])) if valuelist else ""
        self.data = text.replace("\r\n", "\n").strip()

    def pre_validate(self, _form: Any) -> None:
        """Refuse what no printer and no database should get."""
        text = self.data or ""
        if self.required and not text:
            raise StopValidation(_l("This is needed."))
        if len(text) > self.most:
            raise StopValidation(_l("At most %(most)s characters.", most=self.most))
        if _BIDI.search(text) or any(self._is_control(sign) for sign in text):
            raise StopValidation(_l("There are characters here that cannot be printed."))

    def _is_control(self, sign: str) -> bool:
        return unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} and not (
            self.lines and sign == "\n"
        )


class TicksField(SelectMultipleField):
    """Some of several choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        """Ask for at least one, unless none is ``required``."""
        super().__init__(label, **kwargs)
        self.required = required  # no validator says so, or a browser would ask for each box

    @override
    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.required and not self.data:
            raise StopValidation(_l("This is needed."))


class WholeField(Field):
    """A whole number from ``least`` to ``most``."""

    widget = NumberInput(step="1", min=0)

    def __init__(
        self, label: Any = None, *, least: int = 0, most: int = 9999, required: bool = True,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """Bound the number."""
        super().__init__(label, validators=needed(required=required), **kwargs)
        self.least, self.most = least, most
        self.render_kw = {"inputmode": "numeric", "min": least, "max": most} | (
            self.render_kw or {}
        )

    def _value(self) -> str:
        return _typed(self)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        if valuelist and str(valuelist[0]).strip():
            self.data = whole(str(valuelist[0]), least=self.least, most=self.most)


class ExactField(Field):
    """An exact number of at most four places: a reading, or kilograms."""

    widget = TextInput()

    def __init__(
        self,
        label: Any = None,
        *,
        least: Decimal | None = Decimal(0),
        required: bool = True,
        **kwargs: Any,
    ) -> None:
        """Bound the number from below; None lets it be negative."""
        super().__init__(label, validators=needed(required=required), **kwargs)
        self.least = least
        self.render_kw = {"inputmode": "decimal", "autocomplete": "off"} | (self.render_kw or {})

    def _value(self) -> str:
        if self.raw_data or self.data is None:
            return _typed(self)
        return plain_decimal(self.data)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            return
        if not _EXACT.fullmatch(text):
            raise ValueError(
                _l("Enter a number with at most %(places)s digits behind the point.", places=PLACES)
            )
        number = Decimal(text)
        if self.least is not None and number < self.least:
            raise ValueError(_l("At least %(least)s.", least=self.least))
        self.data = number


class RefField(Field):
    """A record's public address, or a submission's own: a UUID as 36 characters."""

    widget = HiddenInput()

    def __init__(self, label: Any = None, *, required: bool = True, **kwargs: Any) -> None:
        """Ask for it, or let it be empty."""
        super().__init__(label, validators=needed(required=required), **kwargs)

    def _value(self) -> str:
        return _typed(self)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if text and not _UUID.fullmatch(text):
            raise ValueError(_l("This page is damaged. Open it afresh."))
        self.data = UUID(text) if text else None


class InstantField(Field):
    """An instant with its offset from UTC, as a device writes it (law 10)."""

    widget = HiddenInput()

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        """May always be empty: then the act happens now."""
        super().__init__(label, validators=needed(required=False), **kwargs)

    def _value(self) -> str:
        return _typed(self)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = str(valuelist[0]).strip() if valuelist else ""
        if text:
            self.data = instant(text)


class DayField(DateField):
    """A date of this century, as YYYY-MM-DD."""

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        """Ask for it, or let it be empty."""
        super().__init__(label, validators=needed(required=required), **kwargs)

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        if valuelist and str(valuelist[0]).strip():
            self.data = _day(str(valuelist[0]).strip())


class CountsField(Field):
    """How many of each size: the inputs ``<name>-<code>``, read into {code: count above zero}.

    Which codes exist is the service's business; here they are bounded in length and number.
    """

    widget = HiddenInput()
    _MOST_SIZES = 100
    _CODE = re.compile(r"[A-Za-z0-9._/-]{1,40}")

    def __init__(self, label: Any = None, *, most: int = 9999, **kwargs: Any) -> None:
        """Bound each count."""
        self.most = most
        self.typed: dict[str, str] = {}
        self.problems: dict[str, str] = {}
        super().__init__(label, **kwargs)

    @override
    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.data = dict(data or {})
        self.typed = {code: str(count) for code, count in self.data.items()}
        if formdata:
            self._read(formdata)

    def value(self, code: str) -> str:
        """Return what stands in the input of ``code``."""
        return self.typed.get(code, "0")

    def pre_validate(self, _form: Any) -> None:
        """Refuse the form when one of the counts will do not."""
        if self.problems:
            raise StopValidation(_l("Look at the marked numbers."))

    def _read(self, formdata: Any) -> None:
        prefix = f"{self.name}-"
        sent = {key[len(prefix) :]: formdata[key] for key in formdata if key.startswith(prefix)}
        self.typed = {code: str(text).strip() for code, text in sent.items()}
        self.data, self.problems = {}, {}
        for code, text in self.typed.items():
            self._count(code, text)
        if len(sent) > self._MOST_SIZES:
            self.problems[""] = str(_l("Look at the marked numbers."))

    def _count(self, code: str, text: str) -> None:
        try:
            count = whole(text or "0", least=0, most=self.most)
        except ValueError as problem:
            self.problems[code] = str(problem)
            return
        if not self._CODE.fullmatch(code):
            self.problems[code] = str(_l("There is no such size."))
        elif count:
            self.data[code] = count


def whole(text: str, *, least: int, most: int) -> int:
    """Return the whole number that ``text`` says; raise ``ValueError`` with words for a reader."""
    text = text.strip()
    if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
        raise ValueError(
            _l("Enter a whole number from %(least)s to %(most)s.", least=least, most=most)
        )
    return int(text)


def _typed(field: Field) -> str:
    """Return what was typed, right or wrong, so that it can be put right."""
    if field.raw_data:
        return str(field.raw_data[0])
    return "" if field.data is None else str(field.data)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(_l("Enter a date as YYYY-MM-DD.")) from None
    if day.year not in _YEARS:
        raise ValueError(_l("Enter a date of this century."))
    return day


def instant(text: str) -> datetime:
    """Return the instant that a device wrote; raise ``ValueError`` with words for a reader."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_l("This page is damaged. Open it afresh.")) from None
    if at.tzinfo is None or at.year not in _YEARS:
        raise ValueError(_l("This page is damaged. Open it afresh."))
    return at
