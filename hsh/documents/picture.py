"""A line that no code page has, drawn as a picture: names in Chinese, Tamil and their like.

Printers agree on ASCII alone (see ``text.to_ascii``), but every one prints a raster (GS v 0). The
tablet draws such a line with its own fonts (js/print/slip/picture.js): the same lines of the same
size in the same places, with other dots in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from PIL import Image, ImageDraw, ImageFont

from hsh.documents import fonts
from hsh.documents.slip import COLUMN_DOTS, WIDTH, Line
from hsh.documents.text import UNPRINTABLE

DOTS = WIDTH * COLUMN_DOTS
"""Dots across the paper: 80 mm rolls print 576 of them."""
HEIGHT = {"normal": 32, "tall": 64, "large": 64}
RASTER = b"\x1dv0\x00"
_LETTERS = 24
_INK = 128
_WEIGHTS = {False: 400, True: 600}


@lru_cache(maxsize=256)
def raster(line: Line) -> bytes:
    """Return the raster command that prints ``line`` over the paper's whole width."""
    height = HEIGHT[line.size]
    bits = _drawn(line, height).tobytes()
    return RASTER + (DOTS // 8).to_bytes(2, "little") + height.to_bytes(2, "little") + bits


def _drawn(line: Line, height: int) -> Image.Image:
    """Return the line in black on the paper, one bit a dot, ink set."""
    words = line.text.lstrip(" ")
    indent = (len(line.text) - len(words)) * COLUMN_DOTS
    scale = height // HEIGHT["normal"]
    text = _letters(words, _LETTERS * scale, bold=line.bold)
    room = DOTS - indent
    if text.width > room:
        text = text.resize((room, text.height))
    free = room - text.width
    left = indent + {"left": 0, "center": free // 2, "right": free}[line.align]
    paper = Image.new("L", (DOTS, height))
    paper.paste(text, (left, max(0, (height - text.height) // 2)))
    return paper.point(lambda shade: 255 if shade >= _INK else 0).convert(
        "1", dither=Image.Dither.NONE
    )


def _letters(words: str, size: int, *, bold: bool) -> Image.Image:
    """Return ``words`` in white on black, each run of letters in a font that has them."""
    runs = [(_font(name, size, bold), text) for name, text in _runs(words)]
    width = sum(round(font.getlength(text)) for font, text in runs)
    image = Image.new("L", (max(width, 1), round(size * 4 / 3)))
    draw, left = ImageDraw.Draw(image), 0
    for font, text in runs:
        draw.text((left, size), text, fill=255, font=font, anchor="ls")
        left += round(font.getlength(text))
    return image


def _runs(words: str) -> Iterator[tuple[str, str]]:
    """Yield the letters in runs of one font; what no font has is a visible mark."""
    marked = "".join(char if fonts.drawn_by(char) else UNPRINTABLE for char in words)
    for name, chars in groupby(marked, key=fonts.drawn_by):
        yield name, "".join(chars)


@lru_cache(maxsize=64)
def _font(name: str, size: int, bold: bool) -> ImageFont.FreeTypeFont:  # noqa: FBT001 - a key
    file = fonts.drawing_file(name, bold=bold)
    font = ImageFont.truetype(str(file), size)
    if file.suffix == ".woff2":
        font.set_variation_by_axes([_WEIGHTS[bold]])
    return font
