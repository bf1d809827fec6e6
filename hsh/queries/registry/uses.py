"""What stands in the way of closing a registry record, or of opening it again."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from hsh.core.words import PlaceKind
from hsh.db import db
from hsh.models.books import StockLevel
from hsh.models.logistics import Distribution
from hsh.models.registry import Place, Vehicle
from hsh.models.sales import DepositBalance


def holds_anything(place: int) -> bool:
    """Tell whether there is stock at ``place``."""
    return _is_there(StockLevel.place_id == place)


def is_somewhere(equipment: int) -> bool:
    """Tell whether a depot, truck or site holds any of ``equipment``."""
    return _is_there(
        StockLevel.equipment_id == equipment, StockLevel.place_kind != PlaceKind.OUTSIDE
    )


def has_trucks(depot: int) -> bool:
    """Tell whether a truck that is not closed is at home at ``depot``."""
    query = (
        select(Vehicle.place_id)
        .join(Place, Place.id == Vehicle.place_id)
        .where(Vehicle.home_depot_id == depot, Place.active)
    )
    return db.session.scalar(query.limit(1)) is not None


def has_drafts(place: int) -> bool:
    """Tell whether a distribution that was not confirmed or dropped is about ``place``."""
    query = select(Distribution.id).where(
        or_(Distribution.truck_id == place, Distribution.depot_id == place),
        Distribution.confirmed_at.is_(None),
        Distribution.dropped_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def is_open(place: int) -> bool:
    """Tell whether ``place`` is not closed."""
    found = db.session.scalar(select(Place.id).where(Place.id == place, Place.active))
    return found is not None


def holds_deposits(service: int) -> bool:
    """Tell whether a site holds a deposit of the ``service`` that it may want back."""
    query = select(DepositBalance.site_id).where(
        DepositBalance.service_id == service, DepositBalance.quantity > 0
    )
    return db.session.scalar(query.limit(1)) is not None


def _is_there(*which: ColumnElement[bool]) -> bool:
    query = select(StockLevel.place_id).where(*which, StockLevel.quantity != 0)
    return db.session.scalar(query.limit(1)) is not None
