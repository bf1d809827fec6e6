"""A QR code as a picture on a page: what the printer draws by itself, and what a phone reads."""

from __future__ import annotations

from dataclasses import dataclass

import segno


@dataclass(frozen=True)
class Picture:
    """An SVG path in a square of ``size`` units."""

    size: int
    path: str


def qr(text: str) -> Picture:
    """Return the code that says ``text``, with the error correction that the printer uses."""
    rows = segno.make_qr(text, error="m", boost_error=False).matrix
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return Picture(size=len(rows), path=path)
