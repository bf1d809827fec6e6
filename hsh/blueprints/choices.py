"""What can be chosen in a form, as WTForms wants it said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms.fields import choices


def options(pairs: Iterable[tuple[str, Any]]) -> Any:
    """Return pairs of a value and its words, which may be lazy, as choices of a field."""
    made = choices.SelectChoice  # type: ignore[attr-defined] # the published types lag behind
    return [made(value=value, label=label) for value, label in pairs]
