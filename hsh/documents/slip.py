"""The lines of an 80 mm slip: one model, from which the bytes and the page's preview come."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hsh.documents.text import to_ascii

WIDTH = 48
"""Columns of an 80 mm roll in font A."""

Kind = Literal["text", "rule", "qr", "cut"]
Align = Literal["left", "center"]
Size = Literal["normal", "tall", "large"]


@dataclass(frozen=True)
class Line:
    """One line of a slip. ``text`` is printable ASCII; of a QR it is what the code says.

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
    for part in _wrapped(value, room):
        yield Line("text", " " * indent + part, bold, align, size)


def pair(
    left: str, right: str, *, bold: bool = False, size: Size = "normal", indent: int = 0
) -> Iterator[Line]:
    """Yield ``left`` with ``right`` at the right edge, on a line of its own if there is no room."""
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
