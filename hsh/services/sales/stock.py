"""The stock side of a sale: which cylinders move, and what a site lacks in the ledger (law 2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hsh.core.pricing import Line
from hsh.core.stock import Move, Spot
from hsh.core.words import Condition, LineKind, MoveKind, Outside, PlaceKind
from hsh.models.registry import Place
from hsh.queries.registry.places import outside
from hsh.services.books import ledger
from hsh.services.books.ledger import Key, Levels

_KINDS = {
    LineKind.DELIVERY: (MoveKind.DELIVERY, Condition.FULL),
    LineKind.ACCESSORY: (MoveKind.DELIVERY, Condition.FULL),
    LineKind.COLLECTION: (MoveKind.COLLECTION, Condition.EMPTY),
    LineKind.RETURN_FULL: (MoveKind.RETURN, Condition.FULL),
    LineKind.RETURN_PART: (MoveKind.RETURN, Condition.PART),
}


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """A site gives back ``quantity`` more of a size than its ledger holds."""

    equipment: int
    held: int
    wanted: int

    @property
    def quantity(self) -> int:
        """Return how many the ledger lacks."""
        return self.wanted - self.held


def moves_of(lines: Iterable[Line], *, source: Place, site: Place) -> list[Move]:
    """Return the moves that ``lines`` stand for, between the truck or depot and the site."""
    return [_move(line, source, site) for line in lines if line.kind in _KINDS]


def shortfalls(moves: Iterable[Move], site: Place, levels: Levels) -> list[Shortfall]:
    """Return what the site would lack: its cylinders leave before new ones arrive."""
    leaving: Counter[int] = Counter()
    for move in moves:
        if move.source.place == site.id:
            leaving[move.equipment] += move.quantity
    found = []
    for equipment, wanted in sorted(leaving.items()):
        held = levels[Key(site.id, equipment, Condition.HELD)]
        if wanted > held:
            found.append(Shortfall(equipment=equipment, held=held, wanted=wanted))
    return found


def cover(lacking: Sequence[Shortfall], site: Place) -> list[Move]:
    """Return the moves from outside that let the ledger follow what happened at ``site``."""
    if not lacking:
        return []
    count = outside(Outside.COUNT)
    return [
        Move(
            kind=MoveKind.ADJUSTMENT,
            equipment=lack.equipment,
            source=Spot(place=count.id, kind=PlaceKind.OUTSIDE, condition=Condition.HELD),
            target=Spot(place=site.id, kind=PlaceKind.SITE, condition=Condition.HELD),
            quantity=lack.quantity,
        )
        for lack in lacking
    ]


def lock_with(moves: Sequence[Move], extra: Sequence[Move], levels: Levels) -> Levels:
    """Return ``levels`` with those of ``extra`` locked too."""
    return levels | ledger.lock([*moves, *extra]) if extra else levels


def _move(line: Line, source: Place, site: Place) -> Move:
    kind, condition = _KINDS[line.kind]
    truck = Spot(place=source.id, kind=PlaceKind(source.kind), condition=condition)
    there = Spot(place=site.id, kind=PlaceKind.SITE, condition=Condition.HELD)
    out = kind == MoveKind.DELIVERY
    return Move(
        kind=kind,
        equipment=line.equipment or 0,
        source=truck if out else there,
        target=there if out else truck,
        quantity=abs(int(line.quantity)),
    )
