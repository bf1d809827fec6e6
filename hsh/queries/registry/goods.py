"""Sizes, services, the tax on them and the letterhead, for the one who looks after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, select

from hsh.core.refusals import NotFound
from hsh.core.words import EquipmentKind, Owner, ServiceKind, TaxCode
from hsh.db import db
from hsh.models.registry import Company, Equipment, Service, TaxRate


@dataclass(frozen=True, kw_only=True)
class SizeRecord:
    """A size or an accessory as the registry keeps it."""

    id: int
    code: str
    name: str
    kind: EquipmentKind
    owner: Owner
    net_kg: Decimal | None
    tare_kg: Decimal | None
    gross_kg: Decimal | None
    part_credit: Decimal
    tax_code: TaxCode
    active: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class ServiceRecord:
    """A fee, or the deposit on a cylinder of ``size`` (its name), as the registry keeps it."""

    id: int
    code: str
    name: str
    kind: ServiceKind
    size: str | None
    tax_code: TaxCode
    active: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class TaxRecord:
    """A GST rate from a day on."""

    code: TaxCode
    starts_on: date
    rate: Decimal
    note: str
    holds: bool
    """Whether it is the one that holds today."""


@dataclass(frozen=True, kw_only=True)
class CompanyRecord:
    """The letterhead as the registry keeps it."""

    name: str
    uen: str
    gst_number: str | None
    address: str
    phone: str | None
    email: str | None
    cash_rounding: bool
    has_logo: bool
    version: int


def sizes() -> list[SizeRecord]:
    """Return cylinders from the smallest up, then accessories; closed ones last."""
    return _sizes()


def size(key: int) -> SizeRecord:
    """Return a size or an accessory.

    Raises:
        NotFound: there is none.

    """
    found = _sizes(Equipment.id == key)
    if not found:
        raise NotFound(what="equipment")
    return found[0]


def open_cylinders() -> list[tuple[str, str]]:
    """Return the code and name of each cylinder size that is open."""
    return [
        (one.code, one.name)
        for one in _sizes(Equipment.active.is_(True), Equipment.kind == EquipmentKind.CYLINDER)
    ]


def services() -> list[ServiceRecord]:
    """Return fees, then deposits; closed ones last."""
    return _services()


def service(key: int) -> ServiceRecord:
    """Return a fee or a deposit.

    Raises:
        NotFound: there is none.

    """
    found = _services(Service.id == key)
    if not found:
        raise NotFound(what="service")
    return found[0]


def tax_rates(on: date) -> list[TaxRecord]:
    """Return all GST rates by code, the newest first, and which hold on a day."""
    query = select(TaxRate).order_by(TaxRate.code.desc(), TaxRate.starts_on.desc())
    found: list[TaxRecord] = []
    holding: set[str] = set()
    for row in db.session.scalars(query):
        holds = row.starts_on <= on and row.code not in holding
        if holds:
            holding.add(row.code)
        found.append(
            TaxRecord(
                code=TaxCode(row.code),
                starts_on=row.starts_on,
                rate=row.rate,
                note=row.note,
                holds=holds,
            )
        )
    return found


def company() -> CompanyRecord:
    """Return the letterhead.

    Raises:
        NotFound: there is none yet.

    """
    row = db.session.scalar(select(Company))
    if row is None:
        raise NotFound(what="company")
    return CompanyRecord(
        name=row.name,
        uen=row.uen,
        gst_number=row.gst_number,
        address=row.address,
        phone=row.phone,
        email=row.email,
        cash_rounding=row.cash_rounding,
        has_logo=row.logo is not None,
        version=row.version,
    )


def _sizes(*which: ColumnElement[bool]) -> list[SizeRecord]:
    rows = db.session.scalars(
        select(Equipment)
        .where(*which)
        .order_by(Equipment.active.desc(), Equipment.kind.desc(), Equipment.net_kg, Equipment.code)
    )
    return [
        SizeRecord(
            id=row.id,
            code=row.code,
            name=row.name,
            kind=EquipmentKind(row.kind),
            owner=Owner(row.owner),
            net_kg=row.net_kg,
            tare_kg=row.tare_kg,
            gross_kg=row.gross_kg,
            part_credit=row.part_credit,
            tax_code=TaxCode(row.tax_code),
            active=row.active,
            version=row.version,
        )
        for row in rows
    ]


def _services(*which: ColumnElement[bool]) -> list[ServiceRecord]:
    rows = db.session.execute(
        select(Service, Equipment.name)
        .outerjoin(Equipment, Equipment.id == Service.equipment_id)
        .where(*which)
        .order_by(Service.active.desc(), Service.kind.desc(), Service.name, Service.id)
    )
    return [
        ServiceRecord(
            id=row.id,
            code=row.code,
            name=row.name,
            kind=ServiceKind(row.kind),
            size=size_name,
            tax_code=TaxCode(row.tax_code),
            active=row.active,
            version=row.version,
        )
        for row, size_name in rows
    ]
