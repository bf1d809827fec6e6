"""The trade's vocabulary as it is stored: one word, one meaning (see docs/glossary.md)."""

from __future__ import annotations

from enum import StrEnum


class PlaceKind(StrEnum):
    """Where cylinders can be."""

    DEPOT = "depot"
    TRUCK = "truck"
    SITE = "site"
    OUTSIDE = "outside"


class Outside(StrEnum):
    """The codes of the places outside; the first migration makes them."""

    SUPPLIER = "SUPPLIER"
    COUNT = "COUNT"
    """Where a count that differs from the ledger comes from or goes to."""
    SCRAP = "SCRAP"
    LOSS = "LOSS"


class Condition(StrEnum):
    """What state a cylinder is in; nobody can see it at a customer's site: held."""

    FULL = "full"
    PART = "part"
    EMPTY = "empty"
    HELD = "held"


class MoveKind(StrEnum):
    """Why stock moved."""

    LOAD = "load"
    UNLOAD = "unload"
    DELIVERY = "delivery"
    COLLECTION = "collection"
    RETURN = "return"
    TRANSFER = "transfer"
    DUMP = "dump"
    WRITE_OFF = "write_off"
    ADJUSTMENT = "adjustment"


class CorrectionKind(StrEnum):
    """What is done to stock without truck or customer."""

    OPEN = "open"
    """Counted in when the company began with these books."""
    ADJUST = "adjust"
    TRANSFER = "transfer"
    DUMP = "dump"
    WRITE_OFF = "write_off"


CORRECTIONS = tuple(kind for kind in CorrectionKind if kind != CorrectionKind.OPEN)
"""What a supervisor does as long as there are books."""


class Direction(StrEnum):
    """Which way a distribution's line goes, seen from the depot."""

    OUT = "out"
    IN = "in"


class EquipmentKind(StrEnum):
    """A cylinder is lent and tracked for ever; an accessory is sold outright."""

    CYLINDER = "cylinder"
    ACCESSORY = "accessory"


class Owner(StrEnum):
    """Whose cylinder it is."""

    COMPANY = "company"
    CUSTOMER = "customer"
    FOREIGN = "foreign"


class PermitKind(StrEnum):
    """What a driver needs to drive gas."""

    DRIVING = "driving"
    HAZMAT = "hazmat"
    """To transport hazardous materials (Fire Safety Act)."""
    OTHER = "other"


class ServiceKind(StrEnum):
    """A fee is income; a deposit is a debt to the customer and carries no GST."""

    FEE = "fee"
    DEPOSIT = "deposit"


class ReadingKind(StrEnum):
    """How a meter reading came to be; each has its own rule (core.meters)."""

    NORMAL = "normal"
    ESTIMATED = "estimated"
    ROLLOVER = "rollover"
    CHANGE = "change"


class LineKind(StrEnum):
    """What a line of a sale stands for."""

    USAGE = "usage"
    DELIVERY = "delivery"
    COLLECTION = "collection"
    RETURN_FULL = "return_full"
    RETURN_PART = "return_part"
    ACCESSORY = "accessory"
    SERVICE = "service"
    DEPOSIT = "deposit"
    DEPOSIT_REFUND = "deposit_refund"


class PaymentMethod(StrEnum):
    """How a sale is paid; on account leaves the invoice due."""

    CASH = "cash"
    PAYNOW = "paynow"
    CARD = "card"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    ON_ACCOUNT = "on_account"


class DocumentKind(StrEnum):
    """The tax document of a transaction."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class TaxCode(StrEnum):
    """GST category: standard-rated, zero-rated, out of scope."""

    STANDARD = "SR"
    ZERO = "ZR"
    OUT_OF_SCOPE = "OS"


class RateScope(StrEnum):
    """Whose price a rate is; the narrowest that has begun wins: site, customer, price list."""

    SITE = "site"
    CUSTOMER = "customer"
    PRICE_LIST = "price_list"


class RateSubject(StrEnum):
    """What a rate prices."""

    EQUIPMENT = "equipment"
    SERVICE = "service"
    USAGE = "usage"


class Series(StrEnum):
    """The gapless number series, each counted by year."""

    DISTRIBUTION = "DIST"
    TRANSACTION = "TRX"
    INVOICE = "INV"
    CREDIT_NOTE = "CN"
    ADJUSTMENT = "ADJ"
    TRANSFER = "TRF"
    DUMP = "DMP"
    WRITE_OFF = "WOF"


class Verdict(StrEnum):
    """What a supervisor decided about a parked form."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Decision(StrEnum):
    """What became of a request for approval."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By whoever asked."""


class ExportKind(StrEnum):
    """What a list is made into while nobody waits."""

    CSV = "csv"
    XLSX = "xlsx"
    ZIP = "zip"
    """The PDFs of its rows."""
