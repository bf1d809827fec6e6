"""A file of customers, each with one site; the same rows by the command line and in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from hsh.core import address
from hsh.core.command import Actor
from hsh.core.refusals import Invalid
from hsh.db import db
from hsh.models.registry import PriceList
from hsh.queries.registry.customers import known_keys
from hsh.services.imports import cells
from hsh.services.imports.cells import KNOWN, Cells, Column
from hsh.services.registry import checks, customer_import, customers
from hsh.services.registry.customer_import import ImportedCustomer

if TYPE_CHECKING:
    from hsh.services.imports.kinds import Batch, Pictures, Read

COLUMNS = (
    Column(name="name", needed=True, spelled=("customer", "business", "company", "shop")),
    Column(name="address", needed=True, spelled=("site address", "delivery address")),
    Column(name="latitude", spelled=("lat",)),
    Column(name="longitude", spelled=("lon", "lng", "long")),
    Column(name="phone", spelled=("telephone", "tel", "mobile", "contact number")),
    Column(name="email", spelled=("e-mail", "mail")),
    Column(name="contact", spelled=("contact person", "person in charge")),
    Column(name="uen", spelled=("registration number", "company registration")),
    Column(name="gst_number", spelled=("gst number", "gst reg no", "gst no")),
    Column(name="terms_days", spelled=("terms", "credit days", "payment terms")),
    Column(name="price_list", spelled=("prices", "pricelist")),
    Column(name="kg_limit", spelled=("limit", "max kg", "licence kg")),
    Column(name="household", spelled=("home", "residential")),
)


def read(row: Cells) -> ImportedCustomer:
    """Return the customer that a row is.

    Raises:
        Invalid: the row will not do.

    """
    name = address.tidy(cells.needed(row, "name"))
    where = address.parse(cells.needed(row, "address"))
    checks.plain(where.unit, field="address")
    terms = cells.whole(row, "terms_days")
    limit = cells.amount(row, "kg_limit")
    found = ImportedCustomer(
        name=name,
        address=where,
        latitude=_position(row, "latitude"),
        longitude=_position(row, "longitude"),
        uen=cells.code(row, "uen"),
        gst_number=cells.code(row, "gst_number"),
        phone=checks.plain(cells.text(row, "phone"), field="phone"),
        email=checks.email(cells.text(row, "email")),
        contact=cells.text(row, "contact"),
        terms_days=terms,
        kg_limit=limit,
        household=cells.yes(row, "household"),
        price_list=cells.code(row, "price_list"),
    )
    customers.customer_values(found.details())
    customers.site_values(found.site())
    return found


def read_all(rows: Sequence[Cells], _by: Actor) -> list[Read]:
    """Return what each row is; a second row of the same customer is refused."""
    lists = set(db.session.scalars(select(PriceList.code)))
    found: list[Read] = [cells.attempted(partial(_of_a_list, row, lists)) for row in rows]
    known = known_keys(one.key() for one in found if isinstance(one, ImportedCustomer))
    first: set[str] = set()
    for at, one in enumerate(found):
        if isinstance(one, ImportedCustomer):
            key = one.key()
            if key in known:
                found[at] = KNOWN
            elif key in first:
                found[at] = Invalid(field="name", reason="row_again_above")
            first.add(key)
    return found


def take(rows: Sequence[object], batch: Batch) -> Pictures:
    """Add the customers with their sites."""
    added = customer_import.add(
        [cast("ImportedCustomer", row) for row in rows], by=batch.by, within=batch.ref
    )
    return customer_import.pictures(added)


def _of_a_list(row: Cells, lists: set[str]) -> ImportedCustomer:
    found = read(row)
    if found.price_list and found.price_list not in lists:
        raise Invalid(field="price_list", reason="no_such_price_list")
    return found


def _position(row: Cells, column: str) -> str | None:
    value = cells.text(row, column)
    return checks.position(value, field=column) if value else None
