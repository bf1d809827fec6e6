"""Opening stock: what was there when the company began with these books, counted in once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hsh.core.command import Outcome
from hsh.core.refusals import Invalid
from hsh.core.words import CorrectionKind
from hsh.db import atomic
from hsh.queries.logistics import openings
from hsh.services.books.submissions import once
from hsh.services.logistics.corrections import CorrectStock, read_correction, seal

REASON = "Opening stock"
"""It stands in the books, so in one language."""


@dataclass(frozen=True, kw_only=True)
class OpenStock(CorrectStock):
    """What was at ``place``, a depot or truck, when the company began with these books."""

    op: ClassVar[str] = "stock.open"
    kind: ClassVar[CorrectionKind] = CorrectionKind.OPEN
    reason: str = REASON


@atomic
@once
def open_stock(command: OpenStock) -> Outcome:
    """Count in what a depot or truck holds, once, before anything else has moved.

    Raises:
        NotFound: there is no such depot or truck.
        Invalid: it was counted in before, other stock has moved, or a line will not do.

    """
    kind, ends, moves = read_correction(command)
    if openings.is_over() or command.place in openings.opened():
        raise Invalid(reason="stock_is_open")
    if any(line.quantity <= 0 for line in command.lines):
        raise Invalid(field="lines", reason="line_not_possible")
    return seal(command, kind, ends, moves)
