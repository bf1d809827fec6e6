"""What somebody may mean who types a number."""

from __future__ import annotations

import re

from hsh.core import clock
from hsh.core.words import Series

_NUMBER = re.compile(r"[A-Z]{2,4}-[0-9]{4}-[0-9]{6,9}")
_COUNT = re.compile(r"[0-9]{1,9}")


def like(text: str, *series: Series) -> list[str]:
    """Return the numbers that ``text`` may mean: a whole one, or this year's by its count."""
    typed = text.strip().upper()
    if _COUNT.fullmatch(typed):
        year, count = clock.today().year, int(typed)
        return [f"{one}-{year}-{count:06d}" for one in series]
    return [typed] if _NUMBER.fullmatch(typed) else []
