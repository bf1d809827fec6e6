from __future__ import annotations

import pytest

from hsh.core.stock import Move, Spot, is_known
from hsh.core.words import Condition as C
from hsh.core.words import MoveKind as K
from hsh.core.words import PlaceKind as P


def move(kind: K, source: tuple[P, C], target: tuple[P, C], quantity: int = 1, same: bool = False):
    spots = [
        Spot(place=1 if same else n, kind=place, condition=condition)
        for n, (place, condition) in enumerate((source, target))
    ]
    return Move(kind=kind, equipment=1, source=spots[0], target=spots[1], quantity=quantity)


@pytest.mark.parametrize(
    ("kind", "source", "target"),
    [
        (K.LOAD, (P.DEPOT, C.FULL), (P.TRUCK, C.FULL)),
        (K.UNLOAD, (P.TRUCK, C.EMPTY), (P.DEPOT, C.EMPTY)),
        (K.DELIVERY, (P.TRUCK, C.FULL), (P.SITE, C.HELD)),
        (K.DELIVERY, (P.DEPOT, C.FULL), (P.SITE, C.HELD)),
        (K.COLLECTION, (P.SITE, C.HELD), (P.TRUCK, C.EMPTY)),
        (K.RETURN, (P.SITE, C.HELD), (P.TRUCK, C.PART)),
        (K.TRANSFER, (P.OUTSIDE, C.FULL), (P.DEPOT, C.FULL)),
        (K.WRITE_OFF, (P.DEPOT, C.EMPTY), (P.OUTSIDE, C.EMPTY)),
        (K.ADJUSTMENT, (P.OUTSIDE, C.HELD), (P.SITE, C.HELD)),
    ],
)
def test_the_trade_knows_these_moves_and_how_to_undo_them(kind, source, target):
    assert is_known(move(kind, source, target))
    assert is_known(move(kind, source, target).reversed())


@pytest.mark.parametrize(
    ("kind", "source", "target"),
    [
        (K.LOAD, (P.DEPOT, C.FULL), (P.TRUCK, C.EMPTY)),
        (K.LOAD, (P.DEPOT, C.FULL), (P.SITE, C.FULL)),
        (K.DELIVERY, (P.TRUCK, C.EMPTY), (P.SITE, C.HELD)),
        (K.COLLECTION, (P.SITE, C.HELD), (P.TRUCK, C.FULL)),
        (K.TRANSFER, (P.TRUCK, C.FULL), (P.DEPOT, C.FULL)),
        (K.ADJUSTMENT, (P.DEPOT, C.FULL), (P.TRUCK, C.FULL)),
    ],
)
def test_the_trade_knows_no_other_moves(kind, source, target):
    assert not is_known(move(kind, source, target))


def test_dumping_empties_a_cylinder_in_its_place():
    assert is_known(move(K.DUMP, (P.DEPOT, C.PART), (P.DEPOT, C.EMPTY), same=True))
    assert not is_known(move(K.DUMP, (P.DEPOT, C.PART), (P.TRUCK, C.EMPTY)))


def test_a_move_of_nothing_is_no_move():
    assert not is_known(move(K.LOAD, (P.DEPOT, C.FULL), (P.TRUCK, C.FULL), quantity=0))
