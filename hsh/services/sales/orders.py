"""What a driver enters at a visit: the command of a sale and its parts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, override
from uuid import UUID

from hsh.core.command import Command
from hsh.core.words import PaymentMethod, ReadingKind


@dataclass(frozen=True, kw_only=True)
class ReadingEntry:
    """A meter as read. ``previous`` is the last reading that the page showed: the version."""

    meter: UUID
    kind: ReadingKind
    previous: Decimal
    current: Decimal
    final: Decimal | None = None
    first: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class CylinderEntry:
    """The counts of one size (by code) at a visit."""

    equipment: str
    delivered: int = 0
    collected: int = 0
    returned_full: int = 0
    returned_part: int = 0


@dataclass(frozen=True, kw_only=True)
class CountEntry:
    """So many of one accessory, service or deposit (by code)."""

    code: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class ConfirmSale(Command):
    """One visit at one site, sold from a truck or, by a supervisor, from a depot.

    ``accept_shortfall``: the driver was warned that the site's ledger holds fewer cylinders
    than they collect, and goes on. ``claimed``: the payable in cents that the tablet computed.
    ``agreed``: refs of the prices agreed for one sale that the page had shown.
    """

    op: ClassVar[str] = "sale.confirm"
    site: UUID
    source: UUID
    readings: tuple[ReadingEntry, ...] = ()
    cylinders: tuple[CylinderEntry, ...] = ()
    accessories: tuple[CountEntry, ...] = ()
    services: tuple[CountEntry, ...] = ()
    deposits: tuple[CountEntry, ...] = ()
    refunds: tuple[CountEntry, ...] = ()
    payment_method: PaymentMethod
    purchase_order: str = ""
    note: str = ""
    accept_shortfall: bool = False
    claimed: int | None = None
    agreed: tuple[UUID, ...] = ()

    @override
    def content(self) -> dict[str, object]:
        """Return what was asked for; agreed prices only where the page had shown some."""
        said = super().content()
        return said if self.agreed else {name: said[name] for name in said if name != "agreed"}
