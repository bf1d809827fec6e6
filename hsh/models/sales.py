"""The sales world: between truck and customer. Everything here but balances is a fact for ever."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hsh.core.words import DocumentKind, LineKind, PaymentMethod, ReadingKind, TaxCode
from hsh.db import Base
from hsh.models.types import (
    Cents,
    Count,
    Day,
    Exact,
    Hash,
    Id,
    Instant,
    Long,
    Name,
    Note,
    Number,
    UniqueRef,
    Word,
    one_of,
)


class Transaction(Base):
    """One sale at one site, or the void of one. Its numbers stand on its document."""

    __tablename__ = "transactions"
    __table_args__ = (
        one_of("payment_method", PaymentMethod),
        Index("ix_transactions_source", "source_id", "confirmed_on", "id"),
        Index("ix_transactions_depot", "depot_id", "confirmed_on", "id"),
        Index("ix_transactions_site", "site_id", "confirmed_on", "id"),
        Index("ix_transactions_seller", "seller_id", "confirmed_on", "id"),
        Index("ix_transactions_day", "confirmed_on", "id"),
    )
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    """The truck, or at the counter the depot, that the cylinders come from."""
    depot_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    """The depot that the source belongs to."""
    seller_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[Instant]
    confirmed_on: Mapped[Day]
    """The server's Singapore date: it numbers the documents (law 10)."""
    captured_at: Mapped[Instant | None]
    supply_on: Mapped[Day]
    """The device's date of the act: it chooses rates and tax."""
    payment_method: Mapped[Word]
    purchase_order: Mapped[Name | None]
    note: Mapped[Note | None]
    tax_inclusive: Mapped[bool]
    """Whether the unit prices have GST inside; a document uses one basis (law 9)."""
    net: Mapped[Cents]
    tax: Mapped[Cents]
    deposits: Mapped[Cents]
    rounding: Mapped[Cents]
    payable: Mapped[Cents]
    """net + tax + deposits + rounding, in cents; negative is owed to the customer."""
    claimed: Mapped[Cents | None]
    """What the tablet had computed."""
    voids_id: Mapped[int | None] = mapped_column(ForeignKey("transactions.id"), unique=True)
    reason: Mapped[Note | None]


class TransactionLine(Base):
    """A line of a sale with the price and tax that it froze."""

    __tablename__ = "transaction_lines"
    __table_args__ = (
        one_of("kind", LineKind),
        one_of("tax_code", TaxCode),
        UniqueConstraint("transaction_id", "position"),
        Index("ix_transaction_lines_equipment", "equipment_id", "transaction_id"),
    )
    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id"))
    position: Mapped[Count]
    kind: Mapped[Word]
    equipment_id: Mapped[int | None] = mapped_column(ForeignKey("equipment.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    meter_id: Mapped[int | None] = mapped_column(ForeignKey("meters.id"))
    quantity: Mapped[Exact]
    unit_price: Mapped[Exact]
    amount: Mapped[Cents]
    tax_code: Mapped[Word]
    tax_rate: Mapped[Exact]


class MeterReading(Base):
    """A reading as taken, with what it billed; its meter's version makes its place unique."""

    __tablename__ = "meter_readings"
    __table_args__ = (
        one_of("kind", ReadingKind),
        UniqueConstraint("meter_id", "version"),
    )
    id: Mapped[Id]
    meter_id: Mapped[int] = mapped_column(ForeignKey("meters.id"))
    version: Mapped[Count]
    """The meter's version after this reading."""
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id"), index=True)
    kind: Mapped[Word]
    read_on: Mapped[Day]
    previous: Mapped[Exact]
    previous_on: Mapped[Day]
    previous_estimated: Mapped[Exact]
    """What estimates had billed before this reading."""
    current: Mapped[Exact]
    final: Mapped[Exact | None]
    first: Mapped[Exact | None]
    billed: Mapped[Exact]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("meter_readings.id"), unique=True)


class PriceAgreement(Base):
    """A price that a site pays for a size at one sale; the sale that used it up, until a void."""

    __tablename__ = "price_agreements"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_price_agreements_open", "site_id", "used_by_id"),
    )
    id: Mapped[Id]
    ref: Mapped[UniqueRef]
    site_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"))
    amount: Mapped[Exact]
    """Dollars per unit."""
    valid_until: Mapped[Day]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("transactions.id"), index=True)


class Document(Base):
    """The tax document of one transaction: it seals it with both numbers and the audit anchor.

    The PDF is a pure function of content, numbers, anchor and layout version (law 8).
    """

    __tablename__ = "documents"
    __table_args__ = (
        one_of("kind", DocumentKind),
        Index("ix_documents_customer", "customer_id", "issued_on", "id"),
        Index("ix_documents_day", "issued_on", "id"),
        Index("ix_documents_kind", "kind", "issued_on", "id"),
    )
    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id"), unique=True)
    transaction_number: Mapped[Number] = mapped_column(unique=True)
    kind: Mapped[Word]
    number: Mapped[Number] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    issued_on: Mapped[Day]
    due_on: Mapped[Day | None]
    total: Mapped[Cents]
    content: Mapped[Long]
    content_hash: Mapped[Hash]
    layout: Mapped[Count]
    anchor_sequence: Mapped[int]
    anchor_hash: Mapped[Hash]


class StoredPdf(Base):
    """Where a document's PDF was stored, once, and the hash of its bytes."""

    __tablename__ = "stored_pdfs"
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    path: Mapped[Name]
    """Below the data directory: invoices/YYYYMM/TRX-YYYYMMDD-NNNNNN.pdf."""
    sha256: Mapped[Hash]
    size: Mapped[Count]
    stored_at: Mapped[Instant]


class Payment(Base):
    """Money that changed hands with a sale or a void, in cents; paid back is negative."""

    __tablename__ = "payments"
    __table_args__ = (one_of("method", PaymentMethod),)
    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id"), index=True)
    method: Mapped[Word]
    amount: Mapped[Cents]
    received_at: Mapped[Instant]


class DepositBalance(Base):
    """Deposits that a site holds with us, by size: what its deposit lines add up to."""

    __tablename__ = "deposit_balances"
    __table_args__ = (CheckConstraint("quantity >= 0", name="quantity"),)
    site_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), primary_key=True)
    quantity: Mapped[Count]
    amount: Mapped[Cents]


class Discrepancy(Base):
    """A site gave back more than its ledger held; a supervisor looks into it (law 2)."""

    __tablename__ = "discrepancies"
    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    equipment_id: Mapped[int] = mapped_column(ForeignKey("equipment.id"))
    quantity: Mapped[Count]
    created_at: Mapped[Instant]


class Flag(Base):
    """A supervisor is to look into this sale: discrepancies, or a total that was not claimed."""

    __tablename__ = "flags"
    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id"), unique=True)
    created_at: Mapped[Instant]


class FlagReview(Base):
    """What came of a flag, if the sale stands; its seller reads the reason."""

    __tablename__ = "flag_reviews"
    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id"), unique=True)
    reason: Mapped[Note]
    reviewed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reviewed_at: Mapped[Instant]


class ReceiptPrint(Base):
    """A receipt handed out as bytes; copy 0 is the original."""

    __tablename__ = "receipt_prints"
    __table_args__ = (UniqueConstraint("transaction_id", "copy"),)
    id: Mapped[Id]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id"))
    copy: Mapped[Count]
    printed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    printed_at: Mapped[Instant]
