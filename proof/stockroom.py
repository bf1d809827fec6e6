"""Errands about stock: what is where, what moved, and who holds our cylinders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hsh.db import db
from hsh.models.registry import Customer, Site
from proof.cast import side
from proof.errand import Aim, asking, get

if TYPE_CHECKING:
    from proof.errands import Desk


def _depot(desk: Desk, person: str) -> Aim:
    depot = desk.books.world.depots[side(person)]
    query = {"since": "2026-01-01", "until": "2026-12-31", "size": "C127", "state": "", "page": ""}
    return Aim(args={"ref": depot.ref}, query=query)


def _customer(desk: Desk, person: str) -> Aim:
    site = desk.books.world.sites[side(person)]
    its = select(Customer.ref).join(Site, Site.customer_id == Customer.id)
    return Aim(args={"ref": db.session.scalars(its.where(Site.place_id == site.id)).one()})


ALL = (
    get("stock.index", asking(place="", size="C127", at="2026-11-20T14:30")),
    get("statements.customer", _customer, "ref"),
    get("statements.customers", asking(q="Site", size="C127", after="")),
    get("statements.place", _depot, "ref"),
)
