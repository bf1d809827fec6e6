"""The lines of an 80 mm slip: one model, from which the bytes and the page's preview come."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hsh.documents.text import clean, is_beyond_ascii, to_ascii

WIDTH = 48
"""Columns of an 80 mm roll in font A."""
COLUMN_DOTS = 12

Kind = Literal["text", "picture", "rule", "qr", "cut"]
Align = Literal["left", "center", "right"]
Size = Literal["normal", "tall", "large"]


@dataclass(frozen=True)
class Line:
    """One line of a slip. ``text`` is printable ASCII; of a QR it is what the code says.

    A ``picture`` is a line whose letters no code page has; it alone may stand at the right.
    ``tall`` is twice as high; ``large`` is twice as high and as wide, so half as many columns.
    """

    kind: Kind
    text: str = ""
    bold: bool = False
    align: Align = "left"
    size: Size = "normal"


RULE = Line("rule", "-" * WIDTH)
BLANK = Line("text")
CUT = Line("cut")


def says(
    value: str, *, bold: bool = False, align: Align = "left", size: Size = "normal", indent: int = 0
) -> Iterator[Line]:
    """Yield ``value`` as lines no wider than the paper; nothing for an empty value."""
    room = (WIDTH // 2 if size == "large" else WIDTH) - indent
    kind, parts = _broken(value, room)
    for part in parts:
        yield Line(kind, " " * indent + part, bold, align, size)


def pair(
    left: str, right: str, *, bold: bool = False, size: Size = "normal", indent: int = 0
) -> Iterator[Line]:
    """Yield ``left`` with ``right`` at the right edge, on a line of its own if there is no room.

    When one of them has to be drawn, each has lines of its own.
    """
    if is_beyond_ascii(left) or is_beyond_ascii(right):
        yield from says(left, bold=bold, size=size, indent=indent)
        kind, ends = _broken(right, WIDTH)
        for part in ends:
            text = part if kind == "picture" else part.rjust(WIDTH)
            yield Line(kind, text, bold, "right" if kind == "picture" else "left", size)
        return
    value = to_ascii(right)
    parts = [" " * indent + part for part in _wrapped(left, WIDTH - indent)] or [""]
    if len(parts[-1]) + 1 + len(value) > WIDTH:
        parts.append("")
    *before, last = parts
    for part in before:
        yield Line("text", part, bold, size=size)
    for part in _wrapped(value, WIDTH)[:-1]:
        yield Line("text", part.rjust(WIDTH), bold, size=size)
    end = (_wrapped(value, WIDTH) or [""])[-1]
    yield Line("text", last + end.rjust(WIDTH - len(last)), bold, size=size)


def qr(value: str) -> Line:
    """Return a QR code that says ``value``, drawn by the printer itself."""
    return Line("qr", to_ascii(value), align="center")


def _wrapped(value: str, room: int) -> list[str]:
    return textwrap.wrap(to_ascii(value), room, break_on_hyphens=False)


_SECOND = "\0"
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
    "\U00020000-\U0003fffd]"
)
"""As wide as two columns; ``_SECOND`` stands for the second one while a line is broken."""


def _broken(value: str, room: int) -> tuple[Kind, list[str]]:
    """Return how ``value`` is printed, as text or as pictures, and the parts that fit the room."""
    if not is_beyond_ascii(value):
        return "text", _wrapped(value, room)
    wide = _WIDE.sub(lambda found: found[0] + _SECOND, " ".join(clean(value).split()))
    parts = textwrap.wrap(wide, room, break_on_hyphens=False)
    return "picture", [part.replace(_SECOND, "") for part in parts]
