"""Customers and their sites as they become: changed with a version check, closed, reopened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import Invalid, StaleVersion
from hsh.core.roles import require
from hsh.db import atomic, db
from hsh.models.registry import Customer, Depot, Equipment, Place, Site, SiteEquipment
from hsh.services.books.submissions import once
from hsh.services.registry import checks, customers, equipment, finding, records
from hsh.services.registry.customers import CustomerDetails, SiteDetails

EDIT = "registry.edit"


@dataclass(frozen=True, kw_only=True)
class EditCustomer(Command):
    """What an admin changes of a customer, as they saw it at ``version``."""

    op: ClassVar[str] = "customer.edit"
    ref: UUID
    version: int
    details: CustomerDetails
    price_list: str


@dataclass(frozen=True, kw_only=True)
class EditSite(Command):
    """What an admin changes of a site, as they saw it at ``version``."""

    op: ClassVar[str] = "site.edit"
    ref: UUID
    version: int
    site: SiteDetails
    through_meter: frozenset[str]
    """Codes of the sizes that the site pays for by its meter."""


@atomic
@once
def edit_customer(command: EditCustomer) -> Outcome:
    """Change what the office knows of a customer; documents keep what they froze.

    Raises:
        NotFound: there is no such customer.
        StaleVersion: someone changed it meanwhile.
        Invalid: a value will not do.

    """
    require(command.actor.roles, command.op)
    row = finding.customer(command.ref, lock=True)
    _check_version(row, command.version)
    before = records.picture(row)
    _put(row, customers.customer_values(command.details))
    row.price_list_id = customers.price_list(command.price_list)
    row.version += 1
    records.changed(row, command.op, command, ref=row.ref, before=before)
    return Outcome(record=Customer.__tablename__, ref=row.ref)


@atomic
@once
def edit_site(command: EditSite) -> Outcome:
    """Change what the office knows of a site, and which sizes it pays for by its meter.

    Raises:
        NotFound: there is no such site.
        StaleVersion: someone changed it meanwhile.
        Invalid: a value will not do.

    """
    require(command.actor.roles, command.op)
    row, place = finding.site(command.ref, lock=True)
    _check_version(place, command.version)
    before = records.picture(row)
    place.name = checks.name(command.site.name)
    place.version += 1
    _put(row, customers.site_values(command.site))
    records.changed(row, command.op, command, ref=place.ref, before=before)
    _charge_by_meter(place.id, command.through_meter, by=command.actor)
    return Outcome(record=Site.__tablename__, ref=place.ref)


@atomic
def close_customer(ref: UUID, *, by: Actor, seen: int | None = None) -> None:
    """Sell to a customer no more; what they hold and owe stays as it is.

    Raises:
        NotFound: there is no such customer.
        StaleVersion: it is no more the version that was ``seen``.
        Invalid: it stands for whoever walks in.

    """
    _open_customer(ref, active=False, action="customer.close", by=by, seen=seen)


@atomic
def reopen_customer(ref: UUID, *, by: Actor, seen: int | None = None) -> None:
    """Sell to a customer again.

    Raises:
        NotFound: there is no such customer.
        StaleVersion: it is no more the version that was ``seen``.

    """
    _open_customer(ref, active=True, action="customer.reopen", by=by, seen=seen)


@atomic
def close_site(ref: UUID, *, by: Actor, seen: int | None = None) -> None:
    """Deliver to a site no more; what stands there stays in the books.

    Raises:
        NotFound: there is no such site.
        StaleVersion: it is no more the version that was ``seen``.
        Invalid: it stands for whoever walks in.

    """
    _open_site(ref, active=False, action="site.close", by=by, seen=seen)


@atomic
def reopen_site(ref: UUID, *, by: Actor, seen: int | None = None) -> None:
    """Deliver to a site again.

    Raises:
        NotFound: there is no such site.
        StaleVersion: it is no more the version that was ``seen``.

    """
    _open_site(ref, active=True, action="site.reopen", by=by, seen=seen)


def _open_customer(ref: UUID, *, active: bool, action: str, by: Actor, seen: int | None) -> None:
    require(by.roles, EDIT)
    row = finding.customer(ref, lock=True)
    _check_version(row, seen)
    walk_in = select(Site.place_id).join(Depot, Depot.cash_sale_site_id == Site.place_id)
    if db.session.scalar(walk_in.where(Site.customer_id == row.id).limit(1)):
        raise Invalid(reason="walk_in")
    before = records.picture(row)
    row.active = active
    row.version += 1
    records.changed(row, action, by, ref=row.ref, before=before)


def _open_site(ref: UUID, *, active: bool, action: str, by: Actor, seen: int | None) -> None:
    require(by.roles, EDIT)
    row, place = finding.site(ref, lock=True)
    _check_version(place, seen)
    if db.session.scalar(select(Depot.place_id).where(Depot.cash_sale_site_id == place.id)):
        raise Invalid(reason="walk_in")
    before = records.picture(row)
    place.active = active
    place.version += 1
    records.changed(row, action, by, ref=place.ref, before=before)


def _charge_by_meter(site: int, codes: Collection[str], *, by: Actor) -> None:
    """Let ``site`` pay for these sizes, and no others, by its meter."""
    finding.sizes(codes)  # an unknown one is refused
    rows = db.session.execute(
        select(Equipment.id, Equipment.code, SiteEquipment)
        .outerjoin(
            SiteEquipment,
            (SiteEquipment.equipment_id == Equipment.id) & (SiteEquipment.site_id == site),
        )
        .order_by(Equipment.id)
    ).all()
    for size, code, row in rows:
        wanted = code in codes
        if row is None and wanted:
            equipment.charge_through_meter(site, size, by=by)
        elif row is not None and row.through_meter != wanted:
            before = records.picture(row)
            row.through_meter = wanted
            ref = records.ref_of(SiteEquipment.__tablename__, site, size)
            records.changed(row, "site.through_meter", by, ref=ref, before=before)


def _check_version(row: Customer | Place, seen: int | None) -> None:
    if seen is not None and row.version != seen:
        raise StaleVersion(what=row.__tablename__)


def _put(row: Customer | Site, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
