"""A slip's lines as ESC/POS bytes: initialise, bold, size, alignment, native QR, cut."""

from __future__ import annotations

from collections.abc import Iterable

from escpos import constants

from hsh.documents.slip import Align, Line, Size

INITIALISE: bytes = constants.HW_INIT
LINE_FEED: bytes = constants.CTL_LF
BOLD: dict[bool, bytes] = constants.TXT_STYLE["bold"]
QR_DOTS = 6
QR_FUNCTION: bytes = constants.GS + b"(k"
FEED_AND_CUT: bytes = constants.GS + b"V\x42\x00"
"""Feed to the knife, then cut: without the feed the last lines stay inside."""

ALIGN: dict[Align, bytes] = {
    "left": constants.TXT_STYLE["align"]["left"],
    "center": constants.TXT_STYLE["align"]["center"],
    "right": constants.TXT_STYLE["align"]["right"],
}
SIZE: dict[Size, bytes] = {
    "normal": constants.TXT_SIZE + b"\x00",
    "tall": constants.TXT_SIZE + b"\x01",
    "large": constants.TXT_SIZE + b"\x11",
}


def encode(lines: Iterable[Line]) -> bytes:
    """Return what the printer is sent. Nothing but ``lines`` decides it."""
    return INITIALISE + b"".join(_line(line) for line in lines)


def _line(line: Line) -> bytes:
    match line.kind:
        case "qr":
            return ALIGN[line.align] + _qr(line.text.encode("ascii"))
        case "cut":
            return FEED_AND_CUT
        case "picture":
            return _picture(line)
    style = ALIGN[line.align] + BOLD[line.bold] + SIZE[line.size]
    return style + line.text.encode("ascii") + LINE_FEED


def _picture(line: Line) -> bytes:
    from hsh.documents import picture  # noqa: PLC0415 - fonts and Pillow, for a few names alone

    return picture.raster(line)


def _qr(value: bytes) -> bytes:
    """Return the native QR command: model 2, dot size, error correction M, store, print."""
    return b"".join(
        QR_FUNCTION + (len(part) + 1).to_bytes(2, "little") + b"1" + part
        for part in (
            b"A2\x00",
            b"C" + bytes([QR_DOTS]),
            b"E" + b"1",
            b"P0" + value,
            b"Q0",
        )
    )
