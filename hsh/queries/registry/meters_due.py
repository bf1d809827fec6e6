"""Meters that nobody read for a while."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from hsh.db import db
from hsh.models.registry import Customer, Meter, Place, Site
from hsh.queries.keyset import Order
from hsh.queries.lists import MOST, Long

AFTER = timedelta(days=35)
"""A meter is read each month; it is due when a month and some days have passed."""


def due(day: date) -> Long:
    """Return the meters that are to be read, the longest unread first."""
    query = (
        select(
            Meter.ref,
            Meter.serial,
            Meter.last_reading,
            Meter.last_read_on,
            Meter.unit,
            Place.name.label("site"),
            Place.code.label("site_code"),
            Place.ref.label("site_ref"),
            Customer.name.label("customer"),
        )
        .join(Place, Place.id == Meter.site_id)
        .join(Site, Site.place_id == Meter.site_id)
        .join(Customer, Customer.id == Site.customer_id)
    )
    return Long(
        query=query,
        ref=Meter.ref,
        orders={"last_read_on": Order(Meter.last_read_on, Meter.id, falling=False)},
        where=_is_due(day),
    )


def count(day: date) -> int:
    """Return how many are to be read, counted up to a bound."""
    some = select(Meter.id).where(*_is_due(day)).limit(MOST).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _is_due(day: date) -> tuple[ColumnElement[bool], ...]:
    return Meter.active.is_(True), Meter.last_read_on < day - AFTER
