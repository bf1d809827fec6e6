"""How many of each size and condition a depot should never have fewer of."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.refusals import Invalid, StaleVersion
from hsh.core.roles import require
from hsh.core.words import Condition
from hsh.db import atomic, db
from hsh.models.registry import Equipment, StockMinimum
from hsh.queries.registry import minimums
from hsh.services.registry import records

MOST = 9_999


@atomic
def set_minimums(
    depot: UUID, wanted: Mapping[tuple[str, Condition], int], *, token: str, by: Actor
) -> None:
    """Set the minimums of a depot, by code of the size and condition; what is not named is 0.

    ``token``: of the minimums as they were shown.

    Raises:
        NotFound: there is no such depot, or it is not theirs.
        StaleVersion: someone changed them meanwhile.
        Invalid: a size is unknown, or a figure beyond reason.

    """
    require(by.roles, "minimum.edit")
    place = minimums.depot(by, depot, lock=True)
    if minimums.token(place.id) != token:
        raise StaleVersion(what="minimums")
    ids = dict(db.session.execute(select(Equipment.code, Equipment.id)).all())
    for (code, _state), quantity in wanted.items():
        if code not in ids:
            raise Invalid(field="full", reason="unknown_equipment")
        if not 0 <= quantity <= MOST:
            raise Invalid(field="full", reason="too_many", most=MOST)
    kept = minimums.of(place.id)
    for code, state in sorted(kept.keys() | wanted.keys()):
        quantity = wanted.get((code, state), 0)
        if quantity != kept.get((code, state), 0):
            _set(place.id, ids[code], state, quantity, by)


def _set(depot: int, equipment: int, state: Condition, quantity: int, by: Actor) -> None:
    ref = records.ref_of(StockMinimum.__tablename__, depot, equipment, state)
    row = db.session.get(StockMinimum, (depot, equipment, state))
    if row is None:
        row = StockMinimum(
            depot_id=depot, equipment_id=equipment, condition=state, quantity=quantity
        )
        records.register(row, "minimum.set", by, ref=ref)
        return
    before = records.picture(row)
    row.quantity = quantity
    records.changed(row, "minimum.set", by, ref=ref, before=before)
