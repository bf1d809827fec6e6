"""A stock move, and which moves the trade knows (design part 1)."""

from __future__ import annotations

from dataclasses import dataclass

from hsh.core.words import Condition, MoveKind, PlaceKind

_HOLDERS = {PlaceKind.DEPOT, PlaceKind.TRUCK}
_USABLE = {Condition.FULL, Condition.PART}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place with its kind, and the condition that cylinders have there."""

    place: int
    kind: PlaceKind
    condition: Condition


@dataclass(frozen=True, kw_only=True)
class Move:
    """So many of one equipment from a spot to a spot."""

    kind: MoveKind
    equipment: int
    source: Spot
    target: Spot
    quantity: int

    def reversed(self) -> Move:
        """Return the move that undoes this one, under the same kind."""
        return Move(
            kind=self.kind,
            equipment=self.equipment,
            source=self.target,
            target=self.source,
            quantity=self.quantity,
        )


def is_known(move: Move) -> bool:
    """Tell whether ``move``, or the move that it undoes, is one that the trade knows."""
    return move.quantity > 0 and (_forward(move) or _forward(move.reversed()))


def _forward(move: Move) -> bool:
    source, target = move.source, move.target
    kept = source.condition == target.condition
    ends = (source.kind, target.kind)
    match move.kind:
        case MoveKind.LOAD:
            return kept and ends == (PlaceKind.DEPOT, PlaceKind.TRUCK)
        case MoveKind.UNLOAD:
            return kept and ends == (PlaceKind.TRUCK, PlaceKind.DEPOT)
        case MoveKind.DELIVERY:
            return (
                source.kind in _HOLDERS
                and source.condition == Condition.FULL
                and target.condition == Condition.HELD
            )
        case MoveKind.COLLECTION:
            return (
                source.condition == Condition.HELD
                and target.kind in _HOLDERS
                and target.condition == Condition.EMPTY
            )
        case MoveKind.RETURN:
            return (
                source.condition == Condition.HELD
                and target.kind in _HOLDERS
                and target.condition in _USABLE
            )
        case MoveKind.TRANSFER:
            depot_or_outside = {PlaceKind.DEPOT, PlaceKind.OUTSIDE}
            return kept and set(ends) <= depot_or_outside and PlaceKind.DEPOT in ends
        case MoveKind.DUMP:
            return (
                source.place == target.place
                and source.condition in _USABLE
                and target.condition == Condition.EMPTY
            )
        case MoveKind.WRITE_OFF:
            return kept and target.kind == PlaceKind.OUTSIDE
        case MoveKind.ADJUSTMENT:
            return kept and ends.count(PlaceKind.OUTSIDE) == 1
