"""The demo company's customers: invented, at addresses that are written as real ones are."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from hsh.cli.demo.dice import Dice
from hsh.cli.demo.goods import EARLIEST, METERED
from hsh.core import address
from hsh.core.command import Actor
from hsh.core.words import RateScope, RateSubject
from hsh.services.registry import customers, equipment, meters, rates

_FILE = Path(__file__).with_name("customers.csv")
_USAGE = "USAGE"
_PHONE = "+65 6000 {:04d}"


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """A customer and their one site."""

    name: str
    address: str
    terms: int | None
    uen: str | None
    gst_number: str | None
    email: str | None
    contact: str | None
    meters: tuple[int, ...]
    """The decimals of each gas meter there."""
    rates: tuple[tuple[str, str], ...]
    """Own prices: code of a good, or USAGE for a m3, and dollars."""


def buyers() -> list[Buyer]:
    """Return all buyers; in the file meters and rates are separated by spaces."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return [_buyer(row) for row in csv.DictReader(file)]


def _buyer(row: dict[str, str]) -> Buyer:
    return Buyer(
        name=row["name"],
        address=row["address"],
        terms=int(row["terms"]) if row["terms"] else None,
        uen=row["uen"] or None,
        gst_number=row["gst_number"] or None,
        email=row["email"] or None,
        contact=row["contact"] or None,
        meters=tuple(map(int, row["meters"].split())),
        rates=tuple(
            (code, price) for code, _, price in (r.partition("=") for r in row["rates"].split())
        ),
    )


def add_all(dice: Dice, goods: dict[str, int], day: date, *, by: Actor | None) -> None:
    """Register every buyer with site, meters and own prices, as found on ``day``."""
    for number, buyer in enumerate(buyers(), 1):
        _add(dice, buyer, number, goods, day, by=by)


def _add(
    dice: Dice, buyer: Buyer, number: int, goods: dict[str, int], day: date, *, by: Actor | None
) -> None:
    where = address.parse(buyer.address)
    customer = _add_customer(dice, buyer, number, where, by=by)
    site = customers.add_site(
        customers.NewSite(
            ref=dice.uuid(),
            customer=customer,
            code=f"D{number:03d}",
            name=buyer.name,
            address=where,
            contact=buyer.contact,
            phone=_PHONE.format(number),
            kg_limit=Decimal(200) if buyer.meters else None,
        ),
        by=by,
    )
    for place, decimals in enumerate(buyer.meters, 1):
        _add_meter(dice, site, f"DEMO-G4-{number:03d}{place}", decimals, day, by=by)
    if buyer.meters:
        equipment.charge_through_meter(site, goods[METERED], by=by)
    for code, price in buyer.rates:
        _add_rate(customer, code, price, goods, by=by)


def _add_customer(
    dice: Dice, buyer: Buyer, number: int, where: address.Address, *, by: Actor | None
) -> int:
    new = customers.NewCustomer(
        ref=dice.uuid(),
        name=buyer.name,
        natural_key=address.natural_key(buyer.name, where),
        billing_address=customers.postal_lines(where),
        price_list=rates.standard_price_list(by=by),
        uen=buyer.uen,
        gst_number=buyer.gst_number,
        email=buyer.email,
        phone=_PHONE.format(number),
        terms_days=buyer.terms,
        buyer_reference=f"Vendor no. {7000 + number}" if buyer.gst_number else None,
    )
    return customers.add_customer(new, by=by)


def _add_meter(
    dice: Dice, site: int, serial: str, decimals: int, day: date, *, by: Actor | None
) -> None:
    new = meters.NewMeter(
        ref=dice.uuid(),
        site=site,
        serial=serial,
        digits=5,
        decimals=decimals,
        opening_reading=Decimal(dice.randrange(100, 99_900)),
        opening_on=day,
    )
    meters.add_meter(new, by=by)


def _add_rate(
    customer: int, code: str, price: str, goods: dict[str, int], *, by: Actor | None
) -> None:
    usage = code == _USAGE
    new = rates.NewRate(
        scope=RateScope.CUSTOMER,
        scope_id=customer,
        subject=RateSubject.USAGE if usage else RateSubject.EQUIPMENT,
        subject_id=rates.USAGE if usage else goods[code],
        starts_on=EARLIEST,
        amount=Decimal(price),
    )
    rates.set_rate(new, by=by)
