"""The test page of a slip printer: each thing that a receipt needs of it, once."""

from __future__ import annotations

from collections.abc import Iterator

from hsh.documents import printer
from hsh.documents.environment import translations
from hsh.documents.slip import CUT, RULE, WIDTH, Line, pair, qr, says

_RULER = "".join(str(column % 10) for column in range(1, WIDTH + 1))


def escpos() -> bytes:
    """Return the bytes for the printer."""
    return printer.encode(_lines())


def _lines() -> Iterator[Line]:
    _ = translations("en").gettext
    yield from says(_("Test page"), bold=True, align="center", size="large")
    yield from says(_("The line below fills the width of the paper:"))
    yield from says(_RULER)
    yield RULE
    yield from pair(_("Left"), _("Right"))
    yield from says(_("Bold"), bold=True)
    yield from says(_("Tall"), size="tall")
    yield from says(_("Large"), size="large")
    yield from says(_("A QR code follows, then the knife"), align="center")
    yield qr("HSH")
    yield CUT
