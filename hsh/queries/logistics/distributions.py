"""Distributions, as their pages and their services ask for them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.db import db
from hsh.models.logistics import Distribution
from hsh.queries import scope


def load(actor: Actor, ref: UUID, *, lock: bool = False) -> Distribution:
    """Return the distribution ``ref`` with its lines; a service locks its row.

    Raises:
        NotFound: there is none, or it is not theirs.

    """
    query = (
        select(Distribution)
        .where(Distribution.ref == ref, scope.distributions(actor))
        .options(selectinload(Distribution.lines))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query.with_for_update(of=Distribution) if lock else query)
    if found is None:
        raise NotFound(what="distribution")
    return found
