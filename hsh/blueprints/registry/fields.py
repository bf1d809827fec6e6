"""Fields of registry forms."""

from __future__ import annotations

from typing import Any

from hsh.blueprints.fields import TextField
from hsh.services.registry import checks


class CodeField(TextField):
    """A code or plate: typed in any case and with blanks, kept in capitals without."""

    def __init__(self, label: Any, *, required: bool = True, **kwargs: Any) -> None:
        """Bound it."""
        super().__init__(
            label, most=checks.CODE_LENGTH, required=required, filters=(_squeezed,), **kwargs
        )


def _squeezed(text: str | None) -> str | None:
    return text and "".join(text.split()).upper()
