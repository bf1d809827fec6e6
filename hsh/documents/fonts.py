"""Which packaged font prints which character.

Latin, Greek, Cyrillic and Tamil come as whole fonts. Chinese comes as about a hundred pieces, of
which a document takes only those that it needs.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from hsh.documents.errors import MissingFontsError
from hsh.documents.text import UNPRINTABLE

FONTS = Path(__file__).parent / "fonts"
TEXT = FONTS / "text"
HAN = FONTS / "han"
CONFIGURATION = Path(__file__).parent / "stationery" / "fonts.conf"
SCHEME = "font:"


def require() -> None:
    """Raise ``MissingFontsError`` unless the set-up has brought the fonts."""
    if not any(TEXT.glob("*.ttf")) or not (HAN / "unicode.json").is_file():
        raise MissingFontsError(f"No fonts in {FONTS}: type `make run` once to bring them.")


def printable(html: str) -> tuple[str, list[str]]:
    """Return ``html`` with a visible mark for what no font has, and the Chinese pieces it needs."""
    pieces: set[str] = set()
    marked = {}
    for char in set(html) - {"\n"}:
        code = ord(char)
        if code in text_coverage():
            continue
        piece = han_piece(code)
        if piece:
            pieces.add(piece)
        else:
            marked[code] = UNPRINTABLE
    return html.translate(marked), sorted(pieces)


def han_css(pieces: list[str]) -> str:
    """Return the style sheet that adds Chinese ``pieces`` to the text fonts.

    Each piece is a family of its own: pieces under one name would be taken for one font file.
    """
    if not pieces:
        return ""
    faces = [
        f'@font-face {{ font-family: "{piece}"; src: url("{SCHEME}{piece}"); }}' for piece in pieces
    ]
    families = ", ".join(f'"{piece}"' for piece in pieces)
    return "\n".join([*faces, f'html {{ font-family: Inter, "Noto Sans Tamil", {families}; }}'])


def piece_bytes(piece: str) -> bytes:
    """Return the font file of a Chinese piece that ``printable`` named; KeyError for any other."""
    _promises()[piece]
    return (HAN / f"{piece}.woff2").read_bytes()


def drawn_by(char: str) -> str:
    """Return which font draws ``char``: a family, a Chinese piece, or nothing."""
    code = ord(char)
    family = next((name for name in _FAMILIES if code in _characters(_whole(name))), None)
    return family or han_piece(code) or ""


def drawing_file(name: str, *, bold: bool = False) -> Path:
    """Return the file of a font that ``drawn_by`` named; a Chinese piece has every weight in it."""
    return _whole(name, bold=bold) if name in _FAMILIES else HAN / f"{name}.woff2"


def _whole(family: str, *, bold: bool = False) -> Path:
    require()
    return TEXT / f"{family}_{'600SemiBold' if bold else '400Regular'}.ttf"


_FAMILIES = ("Inter", "NotoSansTamil")


@cache
def text_coverage() -> frozenset[int]:
    """Return every character that the whole fonts print."""
    require()
    return frozenset().union(*(_characters(file) for file in TEXT.glob("*.ttf")))


@cache
def han_piece(code: int) -> str | None:
    """Return the name of the Chinese piece that prints ``code``, if one does."""
    for piece, ranges in _promises().items():
        if any(code in span for span in ranges) and code in _characters(HAN / f"{piece}.woff2"):
            return piece
    return None


@cache
def _promises() -> dict[str, list[range]]:
    """Return what the package says of each piece; it promises more than some pieces hold."""
    said: dict[str, str] = json.loads((HAN / "unicode.json").read_text())
    return {
        f"noto-sans-sc-{name.strip('[]')}-wght-normal": [_span(part) for part in spans.split(",")]
        for name, spans in said.items()
        if name.startswith("[")
    }


def _span(text: str) -> range:
    first, _, last = text.removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


@cache
def _characters(file: Path) -> frozenset[int]:
    with TTFont(file, lazy=True) as font:
        return frozenset(font.getBestCmap())
