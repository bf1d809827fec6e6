"""What every scene of a played day shares: the clock, the dice, and what was written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypedDict
from uuid import UUID

from hsh.cli.demo.dice import Dice
from hsh.core.clock import SINGAPORE
from hsh.core.command import Actor, Outcome

_LEAST_STEP = timedelta(seconds=1)


class StageClock:
    """Tells the time of the play; it never goes back and never stands still between two acts."""

    def __init__(self, start: datetime) -> None:
        """Begin at ``start``."""
        self._now = start

    def __call__(self) -> datetime:
        """Return the time of the play."""
        return self._now

    def reach(self, moment: datetime) -> None:
        """Go on to ``moment``, or a second on if it is past."""
        self._now = max(moment, self._now + _LEAST_STEP)


class Sender(TypedDict):
    """Who sends a form, and its UUID."""

    actor: Actor
    submission: UUID


@dataclass(kw_only=True)
class Played:
    """What a day left in the books, by number."""

    day: date
    distributions: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    sales: list[str] = field(default_factory=list)
    voids: list[str] = field(default_factory=list)


class Stage:
    """A day that is being played."""

    def __init__(self, day: date, dice: Dice, begins: time) -> None:
        """Raise the curtain on ``day``."""
        self.day = day
        self.dice = dice
        self.clock = StageClock(self.moment(begins))
        self.played = Played(day=day)

    def moment(self, at: time) -> datetime:
        """Return the instant of a time of this day in Singapore."""
        return datetime.combine(self.day, at, tzinfo=SINGAPORE)

    def sender(self, actor: Actor) -> Sender:
        """Return what ``actor``'s next form says of itself; each form takes a moment."""
        self.clock.reach(self.clock() + _LEAST_STEP)
        return Sender(actor=actor, submission=self.dice.uuid())


def number(outcome: Outcome) -> str:
    """Return the number that an act gave."""
    if outcome.number is None:
        raise AssertionError(outcome)
    return outcome.number
