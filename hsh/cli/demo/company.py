"""The demo company: Hock Soon Heng, with depots, trucks, people, goods and customers."""

from __future__ import annotations

from datetime import date

from hsh.cli.demo import customers, goods
from hsh.cli.demo.dice import Dice
from hsh.core import address
from hsh.core.roles import Role
from hsh.db import atomic
from hsh.queries.registry import people
from hsh.services.registry import assignments, company, places, users
from hsh.services.registry.passwords import DEMO_PASSWORD

DEPOTS = {
    "TUAS": ("Tuas depot", "12 Tuas Avenue 7,  S639212"),
    "KAKIBUKIT": ("Kaki Bukit depot", "48 Kaki Bukit Road 3,  S415848"),
}
TRUCKS = {
    "GBD1001A": ("Truck 1", "TUAS", "driver"),
    "GBD2002B": ("Truck 2", "TUAS", "driver2"),
    "GBD3003C": ("Truck 3", "KAKIBUKIT", "driver3"),
}
"""Plate: name, home depot, who drives it."""
SUPERVISOR = "supervisor"
_PEOPLE = {
    "driver": ("Tan Ah Seng", Role.DRIVER),
    "driver2": ("Muthu Krishnan", Role.DRIVER),
    "driver3": ("Mohamed Faizal", Role.DRIVER),
    SUPERVISOR: ("Lim Bee Leng", Role.SUPERVISOR),
    "admin": ("Siti Nurhaliza Rahman", Role.ADMIN),
    "accountant": ("Grace Ong", Role.ACCOUNTANT),
}

_LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">
<circle cx="48" cy="48" r="46" fill="#0b4f6c"/>
<path fill="#f4a300" d="M48 12c6 14 22 22 22 42a22 22 0 0 1-44 0c0-9 4-15 9-20 1 5 3 8 6 10
1-12 3-22 7-32z"/>
<path fill="#fff4d6" d="M48 46c4 7 10 11 10 19a10 10 0 0 1-20 0c0-8 7-11 10-19z"/>
</svg>
"""


@atomic
def open_company(dice: Dice, day: date) -> None:
    """Put the demo company into empty books, all or nothing, as it stands before ``day``."""
    company.set_company(_DETAILS, by=None)
    ids = {code: _add_depot(dice, code) for code in DEPOTS}
    for username, (name, role) in _PEOPLE.items():
        _add_person(username, name, role)
    for plate, (name, depot, driver) in TRUCKS.items():
        _add_truck(dice, plate, name, ids[depot], driver, day)
    customers.add_all(dice, goods.add_all(by=None), day, by=None)


_DETAILS = company.CompanyDetails(
    name="Hock Soon Heng LPG Pte Ltd",
    uen="DEMO-199912345K",
    gst_number="DEMO-M2-1234567-8",
    address="12 Tuas Avenue 7\nSingapore 639212",
    phone="+65 6000 0000",
    email="accounts@hsh.example",
    logo=_LOGO,
    cash_rounding=True,
    is_demo=True,
)


def _add_depot(dice: Dice, code: str) -> int:
    name, where = DEPOTS[code]
    new = places.NewDepot(
        ref=dice.uuid(), code=code, name=name, address=address.parse(where), phone="+65 6000 0000"
    )
    return places.add_depot(new, by=None)


def _add_person(username: str, name: str, role: Role) -> None:
    new = users.NewUser(
        username=username,
        name=name,
        roles=frozenset({role}),
        password=DEMO_PASSWORD,
        depots=frozenset(DEPOTS) if role == Role.SUPERVISOR else frozenset(),
    )
    users.add_user(new, by=None, demo=True)


def _add_truck(dice: Dice, plate: str, name: str, depot: int, driver: str, day: date) -> None:
    new = places.NewTruck(ref=dice.uuid(), code=plate, name=name, plate=plate, home_depot=depot)
    truck = places.add_truck(new, by=None)
    person = people.credentials(driver)
    if person is None:
        raise AssertionError(driver)
    given = assignments.NewAssignment(driver=person.actor.id, truck=truck, starts_on=day)
    assignments.assign_truck(given, by=None)
