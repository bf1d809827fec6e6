"""Opening stock: whether it may be counted in still, and where it was."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, or_, select

from hsh.core.words import CorrectionKind
from hsh.db import db
from hsh.models.books import StockMove
from hsh.models.logistics import Correction
from hsh.models.registry import Place


def is_over() -> bool:
    """Tell whether anything but opening stock has moved: from then on a supervisor adjusts."""
    other = (
        select(StockMove.id)
        .outerjoin(
            Correction,
            and_(StockMove.source_type == "correction", Correction.id == StockMove.source_id),
        )
        .where(or_(Correction.id.is_(None), Correction.kind != CorrectionKind.OPEN))
    )
    return db.session.scalar(other.limit(1)) is not None


def opened() -> set[UUID]:
    """Return the places (refs) whose opening stock was counted in."""
    query = select(Place.ref).join(Correction, Correction.to_place_id == Place.id)
    return set(db.session.scalars(query.where(Correction.kind == CorrectionKind.OPEN)))
