"""The registry: places, customers, what is sold, and its dated prices."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from hsh.core.words import (
    Condition,
    EquipmentKind,
    Owner,
    PermitKind,
    PlaceKind,
    RateScope,
    RateSubject,
    ServiceKind,
    TaxCode,
)
from hsh.db import Base
from hsh.models.types import (
    Code,
    Count,
    Day,
    Exact,
    Hash,
    Id,
    IdType,
    Name,
    Note,
    OnlyRow,
    UniqueRef,
    Word,
    code,
    one_of,
)


class Company(Base):
    """The one company whose books these are."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    id: Mapped[OnlyRow]
    name: Mapped[Name]
    uen: Mapped[Code]
    gst_number: Mapped[Code | None]
    """Without one the company charges no GST."""
    address: Mapped[Note]
    phone: Mapped[Code | None]
    email: Mapped[Name | None]
    logo: Mapped[Hash | None] = mapped_column(ForeignKey("logos.sha256"))
    cash_rounding: Mapped[bool]
    """Whether cash is rounded to 5 cents."""
    is_demo: Mapped[bool]
    """Demo data never goes into production."""
    version: Mapped[Count]


class ApprovalLimits(Base):
    """Above so many cylinders in one act a second person approves; None: never."""

    __tablename__ = "approval_limits"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)
    id: Mapped[OnlyRow]
    adjust: Mapped[Count | None]
    transfer: Mapped[Count | None]
    dump: Mapped[Count | None]
    write_off: Mapped[Count | None]
    version: Mapped[Count]


class StockMinimum(Base):
    """Of a size in a condition a depot should never have fewer; 0: any number will do."""

    __tablename__ = "stock_minimums"
    __table_args__ = (
        one_of("condition", Condition),
        CheckConstraint("quantity >= 0", name="quantity"),
    )
    depot_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"), primary_key=True)
    condition: Mapped[Word] = mapped_column("condition", primary_key=True)
    quantity: Mapped[Count]


class Logo(Base):
    """A picture that documents name by its hash, so that old documents keep theirs."""

    __tablename__ = "logos"
    sha256: Mapped[Hash] = mapped_column(primary_key=True)
    image: Mapped[bytes] = mapped_column(LargeBinary(2**20))


class Place(Base):
    """Where cylinders can be: a depot, a truck, a customer's site, or outside."""

    __tablename__ = "places"
    __table_args__ = (
        one_of("kind", PlaceKind),
        Index("ix_places_named", "kind", "name", "id"),
    )
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    kind: Mapped[Word]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    active: Mapped[bool]
    version: Mapped[Count]


class Depot(Base):
    """A store of cylinders of the company's own."""

    __tablename__ = "depots"
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    address: Mapped[Note]
    phone: Mapped[Code | None]
    cash_sale_site_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    """The site that stands for walk-in customers."""


class Vehicle(Base):
    """A truck."""

    __tablename__ = "vehicles"
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    plate: Mapped[Code] = mapped_column(unique=True)
    home_depot_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    licence_expires_on: Mapped[Day | None]
    max_gross_kg: Mapped[Exact | None]


class Assignment(Base):
    """A truck given to a driver from a day to a day; trucks can be shared."""

    __tablename__ = "assignments"
    __table_args__ = (
        Index("ix_assignments_driver", "driver_id", "truck_id", "starts_on"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="order"),
    )
    id: Mapped[Id]
    driver_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    truck_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    starts_on: Mapped[Day]
    ends_on: Mapped[Day | None]
    version: Mapped[Count] = mapped_column(default=1)


class Permit(Base):
    """What a driver needs to drive gas, and when it ends."""

    __tablename__ = "permits"
    __table_args__ = (one_of("kind", PermitKind),)
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    driver_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[Word]
    number: Mapped[Name]
    expires_on: Mapped[Day]
    active: Mapped[bool]
    version: Mapped[Count]


class PriceList(Base):
    """Prices for customers without their own, all with GST inside or all without."""

    __tablename__ = "price_lists"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    tax_inclusive: Mapped[bool]
    version: Mapped[Count]


class Customer(Base):
    """Who buys, owes and gets the documents."""

    __tablename__ = "customers"
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    natural_key: Mapped[Hash] = mapped_column(unique=True)
    """Hash of name and normalised address: the same row imported twice is one customer."""
    name: Mapped[Name] = mapped_column(index=True)
    uen: Mapped[Code | None]
    gst_number: Mapped[Code | None]
    billing_address: Mapped[Note]
    email: Mapped[Name | None]
    phone: Mapped[Code | None]
    terms_days: Mapped[Count | None]
    """Days of credit; None pays at once."""
    buyer_reference: Mapped[Name | None]
    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_lists.id"))
    active: Mapped[bool]
    version: Mapped[Count]


class Site(Base):
    """One address that cylinders are delivered to."""

    __tablename__ = "sites"
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    street: Mapped[Name]
    unit: Mapped[Code | None]
    building: Mapped[Name | None]
    postal_code: Mapped[Word | None] = mapped_column(index=True)
    latitude: Mapped[str | None] = mapped_column(code(24))
    longitude: Mapped[str | None] = mapped_column(code(24))
    """Positions as published, in degrees; nothing is computed from them here."""
    contact: Mapped[Name | None]
    phone: Mapped[Code | None]
    kg_limit: Mapped[Exact | None]
    household: Mapped[bool] = mapped_column(default=False)
    """Somebody's home: delivered between 7:00 and 21:00."""


class Equipment(Base):
    """A kind of thing tracked: a cylinder size of one owner, or an accessory."""

    __tablename__ = "equipment"
    __table_args__ = (one_of("kind", EquipmentKind), one_of("owner", Owner))
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[Word]
    owner: Mapped[Word]
    net_kg: Mapped[Exact | None]
    tare_kg: Mapped[Exact | None]
    gross_kg: Mapped[Exact | None]
    part_credit: Mapped[Exact]
    """Share of the price credited for a cylinder returned partly used (rulings: 0.5)."""
    tax_code: Mapped[Word]
    active: Mapped[bool]
    version: Mapped[Count]


class SiteEquipment(Base):
    """A size that a site pays for through the meter: delivered and tracked, charged 0.00."""

    __tablename__ = "site_equipment"
    site_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"), primary_key=True)
    through_meter: Mapped[bool]


class Service(Base):
    """A fixed fee, or a refundable deposit on one cylinder of a size."""

    __tablename__ = "services"
    __table_args__ = (
        one_of("kind", ServiceKind),
        CheckConstraint("(kind = 'deposit') = (equipment_id IS NOT NULL)", name="deposit_size"),
    )
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[Word]
    equipment_id: Mapped[int | None] = mapped_column(ForeignKey("equipment.id"))
    tax_code: Mapped[Word]
    active: Mapped[bool]
    version: Mapped[Count]


class Meter(Base):
    """A gas meter at a site. ``version`` counts its readings (optimistic lock)."""

    __tablename__ = "meters"
    __table_args__ = (
        CheckConstraint("decimals BETWEEN 0 AND 4", name="decimals"),
        CheckConstraint("digits BETWEEN 3 AND 9", name="digits"),
        Index("ix_meters_due", "active", "last_read_on", "id"),
    )
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    site_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    serial: Mapped[Code] = mapped_column(unique=True)
    unit: Mapped[Word]
    digits: Mapped[Count]
    decimals: Mapped[Count]
    opening_reading: Mapped[Exact]
    opening_on: Mapped[Day]
    last_reading: Mapped[Exact]
    """The last actual reading: the base of the next."""
    last_read_on: Mapped[Day]
    estimated: Mapped[Exact]
    """Usage that estimates have billed since the last actual reading."""
    active: Mapped[bool]
    version: Mapped[Count]


class MeterEnd(Base):
    """What a meter showed when it was taken down, and which one took its place."""

    __tablename__ = "meter_ends"
    meter_id: Mapped[int] = mapped_column(ForeignKey("meters.id"), primary_key=True)
    ended_on: Mapped[Day]
    final_reading: Mapped[Exact]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("meters.id"), unique=True)
    unbilled: Mapped[Exact]
    """Usage since the last reading that was not billed: the successor's first reading bills it."""


class Rate(Base):
    """A price from a day on, until the next row of the same key begins (law 6)."""

    __tablename__ = "rates"
    __table_args__ = (
        one_of("scope", RateScope),
        one_of("subject", RateSubject),
        UniqueConstraint(
            *("scope", "scope_id", "subject", "subject_id", "starts_on", "withdrawn"),
            name="uq_rates_key",
        ),
        CheckConstraint("amount >= 0", name="amount"),
    )
    id: Mapped[Id]
    scope: Mapped[Word]
    scope_id: Mapped[int] = mapped_column(IdType)
    """Id of the site, customer or price list."""
    subject: Mapped[Word]
    subject_id: Mapped[int] = mapped_column(IdType)
    """Id of the equipment or service; 0 for usage (a m3)."""
    starts_on: Mapped[Day]
    amount: Mapped[Exact]
    """Dollars per unit."""
    withdrawn: Mapped[int] = mapped_column(IdType, default=0, server_default="0")
    """0 for a price that holds; its own id once it was withdrawn, so that its day is free again."""


class TaxRate(Base):
    """A GST rate from a day on."""

    __tablename__ = "tax_rates"
    __table_args__ = (
        one_of("code", TaxCode),
        UniqueConstraint("code", "starts_on"),
    )
    id: Mapped[Id]
    code: Mapped[Word]
    starts_on: Mapped[Day]
    rate: Mapped[Exact]
    """As a fraction: 0.09."""
    note: Mapped[str] = mapped_column(String(100))
