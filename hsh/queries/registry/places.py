"""Places by what they are."""

from __future__ import annotations

from sqlalchemy import select

from hsh.core.words import Outside
from hsh.db import db
from hsh.models.registry import Place


def outside(code: Outside) -> Place:
    """Return one of the places outside."""
    return db.session.scalars(select(Place).where(Place.code == code)).one()
