"""The small company that every proof begins with, set up through the registry's services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import select

from hsh.core import clock
from hsh.core.address import natural_key, parse
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.core.words import (
    Condition,
    EquipmentKind,
    Outside,
    RateScope,
    RateSubject,
    TaxCode,
)
from hsh.db import atomic, db
from hsh.models.people import User
from hsh.models.registry import Place, PriceList
from hsh.services.logistics.corrections import AdjustStock, StockLine, correct_stock
from hsh.services.registry import (
    assignments,
    company,
    customers,
    equipment,
    meters,
    places,
    rates,
    records,
    services,
)
from proof import staff

LONG_AGO = date(2020, 1, 1)
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
"""When the company was set up: before everything that a proof does."""
AMPLE = 1_000_000
SITES = 8
ADDRESS = "282 Bishan Street 22, #01-1291, S570282"
PRICES = {"C9": "22.5", "C127": "31.85", "C50": "120", "REG": "18.9"}
FEE_PRICES = {"DELIVERY": "5", "DEP-C127": "40"}
USAGE_PRICE = "2.3456"
GST = "0.09"
OPENING = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place by its id and ref."""

    id: int
    ref: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who acts: a driver's ref stands in a plan."""

    ref: UUID
    actor: Actor


@dataclass(frozen=True, kw_only=True)
class MeterAt:
    """A meter at a site."""

    id: int
    ref: UUID


@dataclass(frozen=True, kw_only=True)
class World:
    """Two depots and their trucks, two drivers, two supervisors, customers, sizes and prices."""

    depots: tuple[Spot, ...]
    trucks: tuple[Spot, ...]
    sites: tuple[Spot, ...]
    meters: tuple[MeterAt, ...]
    """One at each site."""
    outside: dict[Outside, Spot]
    drivers: tuple[Person, ...]
    """Each has the truck of the same place in ``trucks``."""
    supervisors: tuple[Person, ...]
    """Both oversee both depots."""
    admin: Person
    equipment: dict[str, int]
    services: dict[str, int]
    price_lists: tuple[int, int]
    """GST-exclusive, and inclusive."""
    customers: tuple[int, ...]
    """Ids: the first pays in 30 days, the second at once and by prices with GST inside."""


def found_company() -> World:
    """Set the company up, as of long ago; needs an app context."""
    with clock.running(lambda: BEGAN):
        _letterhead()
        lists = rates.standard_price_list(by=None), _inclusive_list()
        depots = tuple(_depot(code) for code in ("JURONG", "TUAS"))
        trucks = tuple(_truck(f"T{n}", depot) for n, depot in enumerate(depots, 1))
        buyers = _customer("Kopi House", lists[0], terms=30), _customer("Satay Hut", lists[1], None)
        sites = tuple(_site(n, buyers[n % 2]) for n in range(SITES))
        sizes = _equipment()
        fees = _services(sizes)
        for price_list in lists:
            _prices(price_list, sizes, fees)
        return World(
            depots=depots,
            trucks=trucks,
            sites=sites,
            meters=tuple(_meter(site) for site in sites),
            outside={code: _outside(code) for code in Outside},
            drivers=tuple(_driver(n, truck) for n, truck in enumerate(trucks, 1)),
            supervisors=tuple(_person(f"supervisor-{n}", Role.SUPERVISOR) for n in (1, 2)),
            admin=_person("admin", Role.ADMIN),
            equipment=sizes,
            services=fees,
            price_lists=lists,
            customers=buyers,
        )


def stock_up(world: World, place: Spot, quantity: int = AMPLE, *codes: str) -> None:
    """Count so many full ones of each of ``codes``, or of everything, into ``place``."""
    correct_stock(
        AdjustStock(
            actor=world.supervisors[0].actor,
            submission=uuid4(),
            place=place.ref,
            reason="Opening count",
            lines=tuple(
                StockLine(equipment=code, condition=Condition.FULL, quantity=quantity)
                for code in codes or world.equipment
            ),
        )
    )


def _letterhead() -> None:
    company.set_company(
        company.CompanyDetails(
            name="Proof Gas Pte Ltd",
            uen="199012345M",
            gst_number="M90312345A",
            address="1 Depot Road\nSingapore 609001",
            phone=None,
            email=None,
            logo=None,
            cash_rounding=True,
            is_demo=False,
        ),
        by=None,
    )
    for code, rate in ((TaxCode.STANDARD, GST), (TaxCode.ZERO, "0"), (TaxCode.OUT_OF_SCOPE, "0")):
        rates.set_tax_rate(
            rates.NewTaxRate(code=code, starts_on=LONG_AGO, rate=Decimal(rate)), by=None
        )


@atomic
def _inclusive_list() -> int:
    row = PriceList(code="WITH-GST", name="Prices with GST", tax_inclusive=True, version=1)
    ref = records.ref_of(PriceList.__tablename__, row.code)
    return records.register(row, "price_list.add", None, ref=ref).id


def _depot(code: str) -> Spot:
    ref = uuid4()
    new = places.NewDepot(ref=ref, code=code, name=f"{code.title()} depot", address=parse(ADDRESS))
    return Spot(id=places.add_depot(new, by=None), ref=ref, code=code)


def _truck(code: str, depot: Spot) -> Spot:
    ref = uuid4()
    new = places.NewTruck(
        ref=ref, code=code, name=f"Truck {code}", plate=f"GB{code}", home_depot=depot.id
    )
    return Spot(id=places.add_truck(new, by=None), ref=ref, code=code)


def _customer(name: str, price_list: int, terms: int | None) -> int:
    return customers.add_customer(
        customers.NewCustomer(
            ref=uuid4(),
            name=name,
            natural_key=natural_key(name, parse(ADDRESS)),
            billing_address=ADDRESS,
            price_list=price_list,
            terms_days=terms,
        ),
        by=None,
    )


def _site(number: int, customer: int) -> Spot:
    ref, code = uuid4(), f"S{number}"
    new = customers.NewSite(
        ref=ref, customer=customer, code=code, name=f"Site {number}", address=parse(ADDRESS)
    )
    return Spot(id=customers.add_site(new, by=None), ref=ref, code=code)


def _meter(site: Spot) -> MeterAt:
    ref = uuid4()
    new = meters.NewMeter(
        ref=ref,
        site=site.id,
        serial=f"M-{site.code}",
        digits=6,
        decimals=1,
        opening_reading=OPENING,
        opening_on=LONG_AGO,
    )
    return MeterAt(id=meters.add_meter(new, by=None), ref=ref)


def _equipment() -> dict[str, int]:
    found = {}
    for code, net in (("C9", 9), ("C127", 12.7), ("C50", 50)):
        new = equipment.NewEquipment(
            code=code,
            name=f"CYL {net} kg",
            kind=EquipmentKind.CYLINDER,
            net_kg=Decimal(str(net)),
            tare_kg=Decimal(15),
        )
        found[code] = equipment.add_equipment(new, by=None)
    regulator = equipment.NewEquipment(
        code="REG", name="Regulator", kind=EquipmentKind.ACCESSORY, part_credit=Decimal(0)
    )
    return found | {"REG": equipment.add_equipment(regulator, by=None)}


def _services(sizes: dict[str, int]) -> dict[str, int]:
    fee = services.NewService(code="DELIVERY", name="Delivery")
    deposit = services.NewService(
        code="DEP-C127",
        name="Deposit 12.7 kg",
        equipment=sizes["C127"],
        tax_code=TaxCode.OUT_OF_SCOPE,
    )
    return {new.code: services.add_service(new, by=None) for new in (fee, deposit)}


def _prices(price_list: int, sizes: dict[str, int], fees: dict[str, int]) -> None:
    amounts = [
        *((RateSubject.EQUIPMENT, sizes[code], price) for code, price in PRICES.items()),
        *((RateSubject.SERVICE, fees[code], price) for code, price in FEE_PRICES.items()),
        (RateSubject.USAGE, rates.USAGE, USAGE_PRICE),
    ]
    for subject, subject_id, price in amounts:
        new = rates.NewRate(
            scope=RateScope.PRICE_LIST,
            scope_id=price_list,
            subject=subject,
            subject_id=subject_id,
            starts_on=LONG_AGO,
            amount=Decimal(price),
        )
        rates.set_rate(new, by=None)


def _driver(number: int, truck: Spot) -> Person:
    driver = _person(f"driver-{number}", Role.DRIVER)
    assignments.assign_truck(
        assignments.NewAssignment(driver=driver.actor.id, truck=truck.id, starts_on=LONG_AGO),
        by=None,
    )
    return driver


def _person(username: str, role: Role) -> Person:
    depots = frozenset({"JURONG", "TUAS"}) if role == Role.SUPERVISOR else frozenset()
    roles, name = frozenset({role}), username.title()
    ref = staff.add(username, name, role, depots)
    key = db.session.scalars(select(User.id).where(User.ref == ref)).one()
    return Person(ref=ref, actor=Actor(id=key, username=username, name=name, roles=roles))


def _outside(code: Outside) -> Spot:
    row = db.session.scalars(select(Place).where(Place.code == code)).one()
    return Spot(id=row.id, ref=row.ref, code=code)
