"""The world in one line: what a test finds in place before it begins.

Registry rows are put straight into their tables, so that the books are empty when a test begins;
stock comes through the service that counts it. Everything has a sensible default and a handle that
tells its ``id``, ``ref`` and ``code``.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from sqlalchemy import select

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.core.words import (
    Condition,
    EquipmentKind,
    Outside,
    Owner,
    PlaceKind,
    RateScope,
    RateSubject,
    ServiceKind,
    TaxCode,
)
from hsh.db import atomic, db
from hsh.models import people, registry
from hsh.queries.registry.places import outside
from hsh.services.books.submissions import once
from hsh.services.registry.limits import SetLimits, set_limits

PASSWORD = "a long enough password"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
LONG_AGO = date(2020, 1, 1)
NOBODYS_REF = "7d4c0b6e-6f0e-4c55-9a43-0d2f7a1e9b10"
"""A ref that no record has. A fixed one: tests that share their work know each other by name."""

_next = count(1)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone who can sign in with ``PASSWORD``."""

    id: int
    ref: UUID
    actor: Actor

    @property
    def username(self):
        return self.actor.username


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A row that a test speaks of: a place, a size, a customer ..."""

    id: int
    ref: UUID | None = None
    code: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class World:
    """A small company on an ordinary day; see ``a_world``."""

    depot: Thing
    truck: Thing
    driver: Person
    supervisor: Person
    customer: Thing
    site: Thing
    sizes: dict[str, Thing] = field(default_factory=dict)
    fee: Thing
    deposit: Thing
    meter: Thing


# --- people: an owner, a team mate, a stranger -----------------------------------------------


def a_user(*roles, username=None, name=None, depots=(), active=True):
    """A person with ``roles``; a supervisor oversees ``depots``."""
    username = username or f"{roles[0] if roles else 'user'}-{next(_next)}"
    row = put(
        people.User(
            ref=uuid4(),
            username=username,
            name=name or username.replace("-", " ").title(),
            password_hash=PASSWORD_HASH,
            active=active,
            locale="en",
            created_at=clock.now(),
            version=1,
        )
    )
    put(*(people.UserRole(user_id=row.id, role=role) for role in roles))
    put(*(people.UserDepot(user_id=row.id, depot_id=depot.id) for depot in depots))
    actor = Actor(id=row.id, username=username, name=row.name, roles=frozenset(roles))
    return Person(id=row.id, ref=row.ref, actor=actor)


def a_driver(truck=None, **kwargs):
    """A driver; ``truck`` is theirs since long ago."""
    driver = a_user(Role.DRIVER, **kwargs)
    if truck:
        assign(driver, truck)
    return driver


def a_supervisor(*depots, **kwargs):
    return a_user(Role.SUPERVISOR, depots=depots, **kwargs)


def an_admin(**kwargs):
    return a_user(Role.ADMIN, **kwargs)


def an_accountant(**kwargs):
    return a_user(Role.ACCOUNTANT, **kwargs)


def limits(quantity, *, version=0):
    """Above ``quantity`` cylinders in one act a second person approves; None: never."""
    wanted = dict.fromkeys(("adjust", "transfer", "dump", "write_off"), quantity)
    set_limits(
        SetLimits(actor=an_admin().actor, submission=uuid4(), version=version, **wanted)
    )  # fmt: skip


def assign(driver, truck, *, starts_on=LONG_AGO, ends_on=None):
    """Give ``truck`` to ``driver`` for these days."""
    put(
        registry.Assignment(
            driver_id=driver.id, truck_id=truck.id, starts_on=starts_on, ends_on=ends_on
        )
    )


# --- places ----------------------------------------------------------------------------------


def a_depot(code=None, name=None):
    """A depot, without a site for walk-in customers: see ``a_cash_sale_site``."""
    depot = _place(PlaceKind.DEPOT, code or f"D{next(_next)}", name)
    put(
        registry.Depot(
            place_id=depot.id, address="1 Depot Road\nSingapore 609001", phone=None,
            cash_sale_site_id=None,
        )
    )  # fmt: skip
    return depot


def a_truck(depot=None, code=None, name=None):
    """A truck that stands at ``depot`` at night."""
    code = code or f"T{next(_next)}"
    truck = _place(PlaceKind.TRUCK, code, name or f"Truck {code}")
    put(
        registry.Vehicle(
            place_id=truck.id, plate=f"GB{code}", home_depot_id=(depot or a_depot()).id,
            licence_expires_on=None, max_gross_kg=None,
        )
    )  # fmt: skip
    return truck


def a_driver_with_truck(depot=None):
    """A driver and the truck that is theirs: ``driver, truck = ...``."""
    truck = a_truck(depot)
    return a_driver(truck), truck


def a_price_list(*, tax_inclusive=False):
    code = f"PL{next(_next)}"
    row = put(
        registry.PriceList(code=code, name=f"List {code}", tax_inclusive=tax_inclusive, version=1)
    )
    return Thing(id=row.id, code=code, name=row.name)


def a_customer(name=None, *, price_list=None, terms_days=30, **fields):
    """A customer; ``terms_days=None`` pays at once."""
    name = name or f"Eatery {next(_next)}"
    values = {
        "uen": None,
        "gst_number": None,
        "billing_address": "2 Food Street\nSingapore 058000",
        "email": None,
        "phone": None,
        "buyer_reference": None,
    }
    row = put(
        registry.Customer(
            ref=uuid4(), natural_key=uuid4().hex, name=name, terms_days=terms_days,
            price_list_id=(price_list or a_price_list()).id, active=True, version=1,
            **values | fields,
        )
    )  # fmt: skip
    return Thing(id=row.id, ref=row.ref, name=name)


def a_site(customer=None, code=None, name=None, **fields):
    """A customer's address that cylinders are delivered to."""
    code = code or f"S{next(_next)}"
    place = _place(PlaceKind.SITE, code, name or f"Site {code}")
    values = {
        "street": "2 Food Street",
        "unit": "#01-02",
        "building": None,
        "postal_code": "058000",
        "latitude": None,
        "longitude": None,
        "contact": None,
        "phone": None,
        "kg_limit": None,
        "household": False,
    }
    put(
        registry.Site(
            place_id=place.id, customer_id=(customer or a_customer()).id, **values | fields
        )
    )
    return place


def a_cash_sale_site(depot, price_list=None):
    """The site that stands for walk-in customers of ``depot``."""
    customer = a_customer("Cash sale", price_list=price_list, terms_days=None)
    site = a_site(customer, code=f"CASH-{depot.code}", name="Cash sale")
    db.session.get_one(registry.Depot, depot.id).cash_sale_site_id = site.id
    db.session.commit()
    return site


# --- what is sold, and for how much ----------------------------------------------------------


def a_size(code="C127", *, net="12.7", tare="14.3", part_credit="0.5", name=None):
    """A cylinder size of the company's own."""
    row = put(
        registry.Equipment(
            code=code, name=name or f"CYL {net} kg", kind=EquipmentKind.CYLINDER,
            owner=Owner.COMPANY, net_kg=Decimal(net), tare_kg=Decimal(tare),
            gross_kg=Decimal(net) + Decimal(tare), part_credit=Decimal(part_credit),
            tax_code=TaxCode.STANDARD, active=True, version=1,
        )
    )  # fmt: skip
    return Thing(id=row.id, code=code, name=row.name)


def the_sizes():
    """The four sizes of the trade, by code."""
    return {
        code: a_size(code, net=net, tare=tare)
        for code, net, tare in (
            ("C9", "9", "10"),
            ("C127", "12.7", "14.3"),
            ("C14", "14", "15.5"),
            ("C50", "50", "45"),
        )
    }


def an_accessory(code="REG", name="Regulator"):
    row = put(
        registry.Equipment(
            code=code, name=name, kind=EquipmentKind.ACCESSORY, owner=Owner.COMPANY,
            net_kg=None, tare_kg=None, gross_kg=None, part_credit=Decimal(0),
            tax_code=TaxCode.STANDARD, active=True, version=1,
        )
    )  # fmt: skip
    return Thing(id=row.id, code=code, name=name)


def a_fee(code="DELIVERY", name="Delivery fee", tax_code=TaxCode.STANDARD):
    return _service(code, name, ServiceKind.FEE, None, tax_code)


def a_deposit(size, code=None):
    """The refundable deposit on one cylinder of ``size``: no GST."""
    code = code or f"DEP-{size.code}"
    return _service(code, f"Deposit {size.name}", ServiceKind.DEPOSIT, size, TaxCode.OUT_OF_SCOPE)


def a_meter(site, *, last="100", digits=6, decimals=1, serial=None):
    """A gas meter at ``site``, last read long ago."""
    row = put(
        registry.Meter(
            ref=uuid4(), site_id=site.id, serial=serial or f"M{next(_next)}", unit="m3",
            digits=digits, decimals=decimals, opening_reading=Decimal(last), opening_on=LONG_AGO,
            last_reading=Decimal(last), last_read_on=LONG_AGO, estimated=Decimal(0), active=True,
            version=0,
        )
    )  # fmt: skip
    return Thing(id=row.id, ref=row.ref, code=row.serial)


def through_meter(site, size):
    """``site`` pays for ``size`` by its meter: delivered and tracked, charged 0.00."""
    put(registry.SiteEquipment(site_id=site.id, equipment_id=size.id, through_meter=True))


def a_rate(dollars, *, of, what=RateSubject.EQUIPMENT, scope=RateScope.PRICE_LIST, item=None,
           starts_on=LONG_AGO):  # fmt: skip
    """Price ``item`` (a size, fee or deposit; None for a m3 of usage) for ``of``: a price list,
    a customer or a site."""
    put(
        registry.Rate(
            scope=scope, scope_id=of.id, subject=what, subject_id=item.id if item else 0,
            starts_on=starts_on, amount=Decimal(dollars),
        )
    )  # fmt: skip


def gst(rate="0.09", starts_on=LONG_AGO):
    """The rates of GST: standard, zero-rated, out of scope."""
    for code, fraction in (
        (TaxCode.STANDARD, rate),
        (TaxCode.ZERO, "0"),
        (TaxCode.OUT_OF_SCOPE, "0"),
    ):
        put(
            registry.TaxRate(
                code=code, starts_on=starts_on, rate=Decimal(fraction), note="for tests"
            )
        )


def a_company(*, gst_number="M90312345A", cash_rounding=False, is_demo=False):
    put(
        registry.Company(
            id=1, name="Hock Soon Heng LPG Pte Ltd", uen="199012345M", gst_number=gst_number,
            address="1 Depot Road\nSingapore 609001", phone="6123 4567",
            email="office@hsh.example", logo=None, cash_rounding=cash_rounding, is_demo=is_demo,
            version=1,
        )
    )  # fmt: skip


# --- stock -----------------------------------------------------------------------------------


def stock(place, quantities, *, condition=Condition.FULL):
    """Count so many of each size into ``place``: {size: 40}. A site holds them as held.

    As the correction service does it, but at any place, whosever it is.
    """
    from hsh.services.logistics import corrections

    lines = tuple(
        corrections.StockLine(equipment=size.code, condition=condition, quantity=quantity)
        for size, quantity in quantities.items()
    )
    command = corrections.AdjustStock(
        actor=a_user(Role.SUPERVISOR).actor, submission=uuid4(), place=place.ref,
        reason="Opening count", lines=lines,
    )  # fmt: skip
    _count_in(command)


@atomic
@once
def _count_in(command):
    from hsh.services.logistics import corrections

    place = db.session.scalars(select(registry.Place).filter_by(ref=command.place)).one()
    ends = (outside(Outside.COUNT), place)
    items = corrections.items_of(command.lines)
    moves = [corrections.move_of(command.kind, ends, line, items) for line in command.lines]
    return corrections.seal(command, command.kind, ends, moves)


def a_world(*, full_at_depot=100, full_on_truck=0, **company):
    """A company with a depot, a truck and its driver, a supervisor, and a site with prices for all."""
    a_company(**company)
    gst()
    depot = a_depot("JURONG", "Jurong depot")
    driver, truck = a_driver_with_truck(depot)
    prices = a_price_list()
    site = a_site(customer := a_customer(price_list=prices))
    sizes = the_sizes()
    fee, deposit = a_fee(), a_deposit(sizes["C127"])
    for size, dollars in zip(sizes.values(), ("22.5", "31.8", "35", "120"), strict=True):
        a_rate(dollars, of=prices, item=size)
    a_rate("1.2345", of=prices, what=RateSubject.USAGE)
    a_rate("10", of=prices, what=RateSubject.SERVICE, item=fee)
    a_rate("50", of=prices, what=RateSubject.SERVICE, item=deposit)
    for place, full in ((depot, full_at_depot), (truck, full_on_truck)):
        if full:
            stock(place, dict.fromkeys(sizes.values(), full))
    return World(
        depot=depot, truck=truck, driver=driver, supervisor=a_supervisor(depot),
        customer=customer, site=site, sizes=sizes, fee=fee, deposit=deposit, meter=a_meter(site),
    )  # fmt: skip


def put(*rows):
    """Put rows into their tables, as if they had always been there; return the only one."""
    db.session.add_all(rows)
    db.session.commit()
    return rows[0] if len(rows) == 1 else None


def _place(kind, code, name):
    row = put(
        registry.Place(
            ref=uuid4(), kind=kind, code=code, name=name or code.title(), active=True, version=1
        )
    )
    return Thing(id=row.id, ref=row.ref, code=code, name=row.name)


def _service(code, name, kind, size, tax_code):
    row = put(
        registry.Service(
            code=code, name=name, kind=kind, equipment_id=size.id if size else None,
            tax_code=tax_code, active=True, version=1,
        )
    )  # fmt: skip
    return Thing(id=row.id, code=code, name=name)
