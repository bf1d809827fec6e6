"""Bar charts as SVG in the page, drawn by the server; a table beside each says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

WIDTH, HEIGHT = 720, 160
_GAP = Decimal("0.25")
"""Share of a bar's room that stays free."""
_WIDEST = Decimal(64)
"""A few bars stand apart, and are no walls."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One value: ``label`` below it, ``words`` for who cannot see it."""

    label: str
    value: Decimal | int
    words: str


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A bar as the SVG has it."""

    x: str
    y: str
    width: str
    height: str
    words: str
    is_below: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Bars side by side, from nothing up, and down where a value is below it."""

    title: str
    bars: Sequence[Bar]
    heads: tuple[Any, Any] = ("", "")
    """What stands above the columns of its table."""

    @property
    def drawn(self) -> list[Drawn]:
        """The bars, each in its place."""
        if not self.bars:
            return []
        room = Decimal(WIDTH) / len(self.bars)
        return [self._drawn(bar, room * number, room) for number, bar in enumerate(self.bars)]

    @property
    def base(self) -> str:
        """Where nothing is, from the top."""
        return _written(self._high * self._scale)

    @property
    def ends(self) -> tuple[str, str]:
        """What the first and the last bar are called."""
        return self.bars[0].label, self.bars[-1].label

    @property
    def highest(self) -> str:
        """What the highest bar says."""
        return max(self.bars, key=lambda bar: bar.value).words

    def _drawn(self, bar: Bar, left: Decimal, room: Decimal) -> Drawn:
        value = Decimal(bar.value)
        width = min(room * (1 - _GAP), _WIDEST)
        return Drawn(
            x=_written(left + (room - width) / 2),
            y=_written((self._high - max(value, Decimal(0))) * self._scale),
            width=_written(width),
            height=_written(abs(value) * self._scale),
            words=f"{bar.label}: {bar.words}",
            is_below=value < 0,
        )

    @cached_property
    def _high(self) -> Decimal:
        return max(Decimal(0), *(Decimal(bar.value) for bar in self.bars))

    @cached_property
    def _scale(self) -> Decimal:
        low = min(Decimal(0), *(Decimal(bar.value) for bar in self.bars))
        return HEIGHT / ((self._high - low) or Decimal(1))


def _written(value: Decimal) -> str:
    return f"{value:.1f}"
