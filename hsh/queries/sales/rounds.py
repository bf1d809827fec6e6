"""A seller's round: the sites whose pages the tablet keeps for when there is no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select

from hsh.core.command import Actor
from hsh.db import db
from hsh.models.registry import Place
from hsh.models.sales import Transaction

WEEKS = timedelta(weeks=4)
"""A site that was not sold to for so long is not on the round."""

MOST = 60
"""So many sites are kept at most: a lost tablet shall not hold the whole registry."""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A site on the round."""

    ref: UUID
    name: str


def of(actor: Actor, day: date) -> Sequence[Stop]:
    """Return the sites that ``actor`` sold to in the four weeks up to ``day``, newest first."""
    rows = db.session.execute(
        select(Place.ref, Place.name)
        .join(Transaction, Transaction.site_id == Place.id)
        .where(Transaction.seller_id == actor.id, Transaction.confirmed_on >= day - WEEKS)
        .group_by(Place.id, Place.ref, Place.name)
        .order_by(func.max(Transaction.id).desc())
        .limit(MOST)
    )
    return [Stop(ref=ref, name=name) for ref, name in rows]
