"""A figure: what was measured, what it is held against, and whether that is good enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


class NotCountedError(Exception):
    """The books were wrong after the run, or the sides did unequal work: no figure."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. ``must`` and ``aim`` are held against ``ratio``."""

    name: str
    unit: str
    """Of ``ours`` and ``floor``."""
    ours: float
    floor: float | None = None
    ratio: float
    """What counts; the measured value itself where there is no floor."""
    spread: tuple[float, float] | None = None
    """The lowest and the highest ratio of the pairs."""
    must: float
    aim: float
    more_is_better: bool = False
    note: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether the must is met."""
        return self.reaches(self.must)

    def reaches(self, bar: float) -> bool:
        """Tell whether the ratio is as good as ``bar``."""
        return self.ratio >= bar if self.more_is_better else self.ratio <= bar


@dataclass(frozen=True, kw_only=True)
class Bars:
    """What a figure must reach and what it aims at."""

    must: float
    aim: float
    more_is_better: bool = False


@dataclass(frozen=True)
class Pairs:
    """Measurements of ours and the floor, taken in turn so that a busy machine meets both."""

    ours: Sequence[float]
    floor: Sequence[float]

    def figure(
        self, name: str, bars: Bars, *, unit: str, inverse: bool = False, note: str = ""
    ) -> Figure:
        """Return the medians and the spread of ours / floor; of floor / ours if ``inverse``."""
        sides = (self.floor, self.ours) if inverse else (self.ours, self.floor)
        ratios = [above / below for above, below in zip(*sides, strict=True)]
        return Figure(
            name=name,
            unit=unit,
            ours=median(self.ours),
            floor=median(self.floor),
            ratio=median(ratios),
            spread=(min(ratios), max(ratios)),
            must=bars.must,
            aim=bars.aim,
            more_is_better=bars.more_is_better,
            note=note,
        )


def in_turn(pairs: int, ours: Callable[[], float], floor: Callable[[], float]) -> Pairs:
    """Measure both sides ``pairs`` times, ours first: the floor repeats what ours left behind."""
    both = [(ours(), floor()) for _ in range(pairs)]
    return Pairs([one for one, _ in both], [other for _, other in both])


def alone(name: str, value: float, bars: Bars, *, unit: str, note: str = "") -> Figure:
    """Return a figure that is held against nothing but its bars."""
    return Figure(
        name=name,
        unit=unit,
        ours=value,
        ratio=value,
        must=bars.must,
        aim=bars.aim,
        more_is_better=bars.more_is_better,
        note=note,
    )
