"""What the demo company handles and what it asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hsh.core.command import Actor
from hsh.core.words import EquipmentKind, RateScope, RateSubject, TaxCode
from hsh.services.registry import equipment, rates, services
from hsh.services.registry.equipment import NewEquipment
from hsh.services.registry.rates import NewRate, NewTaxRate
from hsh.services.registry.services import NewService

EARLIEST = date(2023, 1, 1)
"""The demo's price list and GST begin here."""
_NEW_PRICES = date(2025, 1, 1)
_GST_RAISED = date(2024, 1, 1)
_GST = Decimal("0.09")
_GST_BEFORE = Decimal("0.08")


@dataclass(frozen=True)
class Good:
    """A size or an accessory: price in dollars without GST, weights in kg."""

    code: str
    name: str
    price: str
    net_kg: str = ""
    tare_kg: str = ""
    deposit: str = ""

    @property
    def is_cylinder(self) -> bool:
        """Tell whether it is lent and comes back."""
        return bool(self.net_kg)


GOODS = (
    Good("CYL-9", "LPG cylinder 9 kg", "31.50", net_kg="9", tare_kg="9.5", deposit="40"),
    Good("CYL-12.7", "LPG cylinder 12.7 kg", "38.80", net_kg="12.7", tare_kg="13.6", deposit="50"),
    Good("CYL-14", "LPG cylinder 14 kg", "42.00", net_kg="14", tare_kg="14.8", deposit="50"),
    Good("CYL-50", "LPG cylinder 50 kg", "142.00", net_kg="50", tare_kg="42", deposit="150"),
    Good("REG-LP", "Regulator, low pressure", "18.50"),
    Good("HOSE-1.5", "Gas hose 1.5 m, with clips", "9.80"),
)
"""A cylinder's tare is what is stamped on one of that size."""
METERED = "CYL-50"
"""The size that stands behind a gas meter."""
DELIVERY_FEE = "DELIVERY"
INSTALLATION = "INSTALL"
_FEES = {
    INSTALLATION: ("Installation of a cylinder point", "80.00"),
    DELIVERY_FEE: ("Delivery at a time of your choice", "6.00"),
    "SAFETY-CHECK": ("Safety check with certificate", "60.00"),
}
USAGE_PRICE = "4.8500"
"""Dollars for a m3 of metered gas."""
_RISE = Decimal("0.96")
"""Prices before 2025 were this share of today's."""


def deposit_code(good: str) -> str:
    """Return the code of the deposit on a size."""
    return f"DEP-{good.removeprefix('CYL-')}"


def add_all(*, by: Actor | None) -> dict[str, int]:
    """Register GST, goods, fees and deposits with their prices; return the ids of the goods."""
    for starts_on, rate in ((EARLIEST, _GST_BEFORE), (_GST_RAISED, _GST)):
        gst = NewTaxRate(code=TaxCode.STANDARD, starts_on=starts_on, rate=rate, note="GST")
        rates.set_tax_rate(gst, by=by)
    ids = {good.code: _add_good(good, by=by) for good in GOODS}
    for code, (name, price) in _FEES.items():
        fee = services.add_service(NewService(code=code, name=name), by=by)
        _price(RateSubject.SERVICE, fee, price, by=by)
    _price(RateSubject.USAGE, rates.USAGE, USAGE_PRICE, by=by)
    return ids


def _add_good(good: Good, *, by: Actor | None) -> int:
    new = NewEquipment(
        code=good.code,
        name=good.name,
        kind=EquipmentKind.CYLINDER if good.is_cylinder else EquipmentKind.ACCESSORY,
        net_kg=Decimal(good.net_kg) if good.is_cylinder else None,
        tare_kg=Decimal(good.tare_kg) if good.is_cylinder else None,
    )
    id_ = equipment.add_equipment(new, by=by)
    _price(RateSubject.EQUIPMENT, id_, good.price, by=by)
    if good.is_cylinder:
        _add_deposit(good, id_, by=by)
    return id_


def _add_deposit(good: Good, id_: int, *, by: Actor | None) -> None:
    new = NewService(code=deposit_code(good.code), name=f"Deposit, {good.name}", equipment=id_)
    deposit = services.add_service(new, by=by)
    _rate(RateSubject.SERVICE, deposit, EARLIEST, Decimal(good.deposit), by=by)


def _price(subject: RateSubject, id_: int, price: str, *, by: Actor | None) -> None:
    """Put a price on the standard list, and the lower one that it had before."""
    today = Decimal(price)
    _rate(subject, id_, EARLIEST, round(today * _RISE, 1), by=by)
    _rate(subject, id_, _NEW_PRICES, today, by=by)


def _rate(
    subject: RateSubject, id_: int, starts_on: date, amount: Decimal, *, by: Actor | None
) -> None:
    new = NewRate(
        scope=RateScope.PRICE_LIST,
        scope_id=rates.standard_price_list(by=by),
        subject=subject,
        subject_id=id_,
        starts_on=starts_on,
        amount=amount,
    )
    rates.set_rate(new, by=by)
