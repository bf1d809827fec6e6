"""What people typed, made safe to print: nothing in it can act, only be read."""

from __future__ import annotations

import re
import unicodedata

UNPRINTABLE = "\N{WHITE SQUARE}"
"""Stands on paper where a character cannot be printed, so that its absence shows."""

_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_TOWERS = re.compile(r"([\u0300-\u036f\u20d0-\u20ff]{2})[\u0300-\u036f\u20d0-\u20ff]+")
_LOOKALIKES = str.maketrans(
    {
        "\N{MINUS SIGN}": "-",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{FIGURE DASH}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{MIDDLE DOT}": "-",
        "\N{BULLET}": "-",
        "\N{RIGHTWARDS ARROW}": ">",
    }
)


def clean(text: str) -> str:
    """Drop control, bidi and invisible characters; line breaks and tabs become spaces."""
    if text.isascii() and text.isprintable():
        return text  # as most text is
    visible = unicodedata.normalize("NFC", text).translate(_VISIBLE)
    return _TOWERS.sub(r"\1", _INVISIBLE.sub("", visible))


def is_beyond_ascii(text: str) -> bool:
    """Tell whether ``text`` has letters, in Chinese, Tamil or their like, that ASCII cannot say."""
    return not text.isascii() and any(_is_beyond(char) for char in clean(text))


def _is_beyond(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN" and "?" in _folded(char)


def to_ascii(text: str) -> str:
    """Return one line of printable ASCII: accents fold, what has no equal becomes "?".

    Slip printers differ in their code pages, and many Chinese ones read two high bytes as one
    character; ASCII is the part on which all agree.
    """
    plain = clean(text).translate(_LOOKALIKES)
    folded = "".join(_folded(char) for char in plain)
    return " ".join(folded.split())


def _visible(char: str) -> str:
    match unicodedata.category(char):
        case "Cc":
            return " " if char.isspace() else ""
        case "Zl" | "Zp":
            return " "
        case "Cf":
            return ""
        case "Cs" | "Co" | "Cn":
            return UNPRINTABLE
    return char


def _folded(char: str) -> str:
    """Return the ASCII letters that ``char`` is written with, without its accents."""
    bare = [c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)]
    if unicodedata.combining(char):
        return ""
    return "".join(c if " " <= c <= "~" else "?" for c in bare)


class _Visible(dict[int, str]):
    """What each character becomes, remembered for those that most names are written with."""

    def __missing__(self, code: int) -> str:
        becomes = _visible(chr(code))
        if code < _REMEMBERED:
            self[code] = becomes
        return becomes


_REMEMBERED = 0x3000
_VISIBLE = _Visible()
