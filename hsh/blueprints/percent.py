"""A share that is typed as a percentage."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, override

from flask_babel import lazy_gettext as _l

from hsh.blueprints.fields import ExactField
from hsh.core.canonical import plain_decimal
from hsh.core.money import PLACES

_PLACES = PLACES - 2


class PercentField(ExactField):
    """A share from 0 to 1, typed and shown as a percentage of at most two places."""

    @override
    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data is None:
            return
        if self.data > 100 or self.data != round(self.data, _PLACES):  # noqa: PLR2004 - per cent
            self.data = None
            raise ValueError(_l("Enter a percentage from 0 to 100, like 9 or 8.5."))
        self.data /= 100

    @override
    def _value(self) -> str:
        if self.raw_data or self.data is None:
            return super()._value()
        return plain_decimal(Decimal(self.data) * 100)
