"""Chance that falls the same way every time for the same seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from uuid import UUID


class Dice(random.Random):
    """A seeded source of choices and of UUIDs. Never used for anything secret."""

    def one_in(self, times: int) -> bool:
        """Tell whether something happens that happens once in so many times."""
        return self.randrange(times) == 0

    def uuid(self) -> UUID:
        """Return a UUID of version 4 made from the seed."""
        return UUID(int=self.getrandbits(128), version=4)

    def weighed[T](self, weights: Mapping[T, int]) -> T:
        """Return one of the keys, each as often as its weight says."""
        return self.choices(list(weights), weights=list(weights.values()))[0]
