"""A company that is ready to sell, and the sale that is measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy import select

from hsh.cli.demo.company import SUPERVISOR, open_company
from hsh.cli.demo.dice import Dice
from hsh.core import address
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.core.words import Condition, PaymentMethod, ReadingKind
from hsh.db import db
from hsh.models.registry import Customer, Depot, Meter, Place
from hsh.queries.registry import people
from hsh.services.logistics.corrections import AdjustStock, StockLine, correct_stock
from hsh.services.registry import assignments, customers, meters, places, users
from hsh.services.registry.passwords import DEMO_PASSWORD
from hsh.services.sales.orders import ConfirmSale, CountEntry, CylinderEntry, ReadingEntry
from hsh.services.sales.transactions import confirm_sale

OPENING = date(2024, 1, 1)
SIZES = ("CYL-9", "CYL-12.7", "CYL-14", "CYL-50")
SIZE = "CYL-12.7"
FEES = ("DELIVERY", "INSTALL", "SAFETY-CHECK")
"""What the demo company calls its goods."""
PLENTY = 1_000_000
"""Cylinders of a size on each truck: nobody runs out while time is taken."""
_FIRST_READING = 100


@dataclass(frozen=True, kw_only=True)
class Seller:
    """A driver with a truck of their own, and a site with a meter where nobody else sells."""

    actor: Actor
    truck: UUID
    site: UUID
    meter: UUID
    read: int
    """What the meter was last read as."""

    def sales(self) -> Iterator[ConfirmSale]:
        """Yield the sale that is measured, ready to be confirmed in this order.

        Usage, delivery, collection, a service, cash.
        """
        for read in count(self.read):
            yield self.sale(
                readings=(self.reading(read, read + 1),),
                cylinders=(CylinderEntry(equipment=SIZE, delivered=1, collected=1),),
                services=(CountEntry(code=FEES[0], quantity=1),),
            )

    def sale(self, **entered: object) -> ConfirmSale:
        """Return a sale of what was ``entered``, for cash unless that says otherwise."""
        return ConfirmSale(
            actor=self.actor,
            submission=uuid4(),
            site=self.site,
            source=self.truck,
            **{"payment_method": PaymentMethod.CASH} | entered,  # type: ignore[arg-type]
        )

    def reading(self, previous: int, current: int) -> ReadingEntry:
        """Return a normal reading of the meter."""
        return ReadingEntry(
            meter=self.meter,
            kind=ReadingKind.NORMAL,
            previous=Decimal(previous),
            current=Decimal(current),
        )


def found(sellers: int = 1) -> list[Seller]:
    """Open the demo company in the empty books; each seller has sold at their site before."""
    open_company(Dice("bench"), OPENING)
    supervisor = people.credentials(SUPERVISOR)
    depots = db.session.scalars(select(Depot.place_id)).all()
    buyers = db.session.scalars(select(Customer.id).where(Customer.terms_days.is_not(None))).all()
    if supervisor is None:
        raise AssertionError("the demo company has no supervisor")
    for number in range(1, sellers + 1):
        _add_seller(number, depots[number % len(depots)], buyers[number % len(buyers)])
    made = known()
    for seller in made:
        _load(supervisor.actor, seller.truck)
        _open_the_site(seller)
    return made


def known() -> list[Seller]:
    """Return the sellers of a company that was founded before."""
    sellers: list[Seller] = []
    while driver := people.credentials(f"driver-{len(sellers) + 1}"):
        number = len(sellers) + 1
        meter = db.session.scalars(select(Meter).where(Meter.serial == f"G4-{number:04d}")).one()
        sellers.append(
            Seller(
                actor=driver.actor,
                truck=_ref(f"GBX{number:04d}Z"),
                site=_ref(f"X{number:03d}"),
                meter=meter.ref,
                read=int(meter.last_reading),
            )
        )
    db.session.rollback()
    return sellers


def _ref(code: str) -> UUID:
    return db.session.scalars(select(Place.ref).where(Place.code == code)).one()


def _add_seller(number: int, depot: int, customer: int) -> None:
    plate = f"GBX{number:04d}Z"
    truck = places.NewTruck(ref=uuid4(), code=plate, name=plate, plate=plate, home_depot=depot)
    site = customers.NewSite(
        ref=uuid4(), customer=customer, code=f"X{number:03d}", name=f"Kitchen {number}",
        address=address.parse(f"{number} Kallang Place, #01-{number:02d},  S339150"),
    )  # fmt: skip
    meter = meters.NewMeter(
        ref=uuid4(), site=customers.add_site(site, by=None), serial=f"G4-{number:04d}", digits=6,
        decimals=1, opening_reading=Decimal(_FIRST_READING), opening_on=OPENING,
    )  # fmt: skip
    meters.add_meter(meter, by=None)
    _add_driver(f"driver-{number}", places.add_truck(truck, by=None))


def _add_driver(username: str, truck: int) -> None:
    new = users.NewUser(
        username=username, name=username.title(), roles=frozenset({Role.DRIVER}),
        password=DEMO_PASSWORD,
    )  # fmt: skip
    users.add_user(new, by=None, demo=True)
    driver = people.credentials(username)
    if driver is None:
        raise AssertionError(username)
    given = assignments.NewAssignment(driver=driver.actor.id, truck=truck, starts_on=OPENING)
    assignments.assign_truck(given, by=None)


def _load(supervisor: Actor, truck: UUID) -> None:
    lines = (StockLine(equipment=s, condition=Condition.FULL, quantity=PLENTY) for s in SIZES)
    correct_stock(
        AdjustStock(
            actor=supervisor, submission=uuid4(), place=truck, reason="bench", lines=tuple(lines)
        )
    )


def _open_the_site(seller: Seller) -> None:
    """Sell the first cylinders, so that every level that a sale touches is there."""
    for counts in ({"delivered": 100}, {"collected": 1, "returned_full": 1, "returned_part": 1}):
        entries = (CylinderEntry(equipment=size, **counts) for size in SIZES)
        confirm_sale(seller.sale(cylinders=tuple(entries)))
