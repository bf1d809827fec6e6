"""The registry's writing side: each record is checked, written once and audited whole."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from hsh.core import address
from hsh.core.refusals import Invalid
from hsh.core.words import EquipmentKind, RateScope, RateSubject, TaxCode
from hsh.db import Base, db
from hsh.models.books import AuditEntry
from hsh.models.registry import (
    Assignment,
    Company,
    Customer,
    Depot,
    Equipment,
    Logo,
    Meter,
    Place,
    PriceList,
    Rate,
    Service,
    Site,
    TaxRate,
    Vehicle,
)
from hsh.services.registry import (
    assignments,
    company,
    customers,
    equipment,
    meters,
    places,
    rates,
    services,
)
from tests import given

pytestmark = pytest.mark.usefixtures("app")

DAY = date(2026, 11, 2)
WHERE = address.parse("12 Tuas Avenue 7, #01-02,  S639212")

COMPANY = company.CompanyDetails(
    name="Hock Soon Heng LPG Pte Ltd", uen="199912345K", gst_number="M2-1234567-8",
    address="12 Tuas Avenue 7\nSingapore 639212", phone="+65 6000 0000", email="a@hsh.example",
    logo=b"<svg/>", cash_rounding=True, is_demo=False,
)  # fmt: skip
DEPOT = places.NewDepot(ref=uuid4(), code="TUAS", name="Tuas depot", address=WHERE)
CYLINDER = equipment.NewEquipment(
    code="CYL-14", name="LPG cylinder 14 kg", kind=EquipmentKind.CYLINDER,
    net_kg=Decimal(14), tare_kg=Decimal("14.8"),
)  # fmt: skip


def new_customer(**fields):
    values = {
        "ref": uuid4(),
        "name": "Ah Huat",
        "natural_key": address.natural_key("Ah Huat", WHERE),
        "billing_address": "12 Tuas Avenue 7\nSingapore 639212",
        "price_list": rates.standard_price_list(by=None),
    }
    return customers.NewCustomer(**values | fields)


def new_meter(site, **fields):
    values = {
        "ref": uuid4(), "site": site.id, "serial": "G4-1", "digits": 5, "decimals": 3,
        "opening_reading": Decimal("12.345"), "opening_on": DAY,
    }  # fmt: skip
    return meters.NewMeter(**values | fields)


def only(model):
    db.session.rollback()
    return db.session.scalars(select(model)).one()


def audited(action):
    bodies = db.session.scalars(
        select(AuditEntry.body).where(AuditEntry.action == action).order_by(AuditEntry.sequence)
    )
    return [json.loads(body) for body in bodies]


def refused(reason, act, *args, field=None):
    """``act`` refuses for ``reason`` and leaves nothing behind."""
    db.session.rollback()
    before = rows()
    with pytest.raises(Invalid) as refusal:
        act(*args, by=None)
    assert refusal.value.params["reason"] == reason
    assert field is None or refusal.value.field == field
    assert rows() == before


def rows():
    counts = {
        name: db.session.scalar(select(func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
    }
    db.session.rollback()
    return counts


# --- company ---------------------------------------------------------------------------------


def test_the_company_is_one_row_and_old_logos_stay():
    company.set_company(COMPANY, by=None)
    company.set_company(replace(COMPANY, name="HSH Pte Ltd", logo=b"<svg>new</svg>"), by=None)
    row = only(Company)
    assert (row.name, row.version) == ("HSH Pte Ltd", 2)
    assert db.session.scalar(select(func.count()).select_from(Logo)) == 2
    first, second = audited("company.set")
    assert first["before"] is None
    assert second["before"]["name"] == "Hock Soon Heng LPG Pte Ltd"
    assert second["after"]["name"] == "HSH Pte Ltd"


def test_the_audit_names_who_changed_the_company():
    admin = given.an_admin()
    company.set_company(COMPANY, by=admin.actor)
    assert audited("company.set")[0]["actor"]["username"] == admin.username


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", " ", "missing"),
        ("name", "x" * 201, "too_long"),
        ("name", "A\x1b@", "control_characters"),
        ("uen", "not a code", "not_a_code"),
        ("gst_number", "x" * 41, "not_a_code"),
        ("address", "A\n\nB", "missing"),
        ("address", "\n".join(["x" * 100] * 10), "too_long"),
        ("phone", "1" * 41, "too_long"),
        ("phone", "6000 000\u0661", "not_plain"),
    ],
)
def test_details_that_will_not_do_are_refused(field, value, reason):
    refused(reason, company.set_company, replace(COMPANY, **{field: value}), field=field)


# --- places ----------------------------------------------------------------------------------


def test_a_depot_brings_its_site_for_walk_in_customers():
    depot = places.add_depot(DEPOT, by=None)
    row = only(Depot)
    assert row.place_id == depot
    assert row.address == "12 Tuas Avenue 7\n#01-02\nSingapore 639212"
    counter = db.session.get_one(Place, row.cash_sale_site_id)
    assert (counter.kind, counter.code, counter.name) == (
        "site",
        "CASH-TUAS",
        "Cash sale (Tuas depot)",
    )
    buyer = only(Customer)
    assert (buyer.name, buyer.terms_days) == ("Cash sale", None)
    assert only(PriceList).code == "STANDARD"


def test_two_depots_at_one_address_have_each_their_own_cash_sale():
    places.add_depot(DEPOT, by=None)
    places.add_depot(replace(DEPOT, ref=uuid4(), code="YARD", name="Yard"), by=None)
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 2


def test_a_code_is_used_once():
    places.add_depot(DEPOT, by=None)
    refused("taken", places.add_depot, replace(DEPOT, ref=uuid4()), field="code")


def test_a_truck_has_a_plate_of_its_own_and_a_home():
    depot = given.a_depot()
    new = places.NewTruck(
        ref=uuid4(), code="T1", name="Truck 1", plate="GBA1A", home_depot=depot.id
    )
    truck = places.add_truck(new, by=None)
    row = only(Vehicle)
    assert (row.place_id, row.plate, row.home_depot_id) == (truck, "GBA1A", depot.id)
    refused("taken", places.add_truck, replace(new, ref=uuid4(), code="T2"), field="plate")


def test_a_truck_is_given_to_drivers_only():
    truck, driver = given.a_truck(), given.a_driver()
    given_to = assignments.NewAssignment(driver=driver.id, truck=truck.id, starts_on=DAY)
    assignments.assign_truck(given_to, by=None)
    assert only(Assignment).ends_on is None
    clerk = given.an_accountant()
    refused(
        "lacks_role", assignments.assign_truck, replace(given_to, driver=clerk.id), field="driver"
    )
    backwards = replace(given_to, ends_on=date(2026, 11, 1))
    refused("ends_before_start", assignments.assign_truck, backwards, field="ends_on")


# --- customers -------------------------------------------------------------------------------


def test_a_customer_and_a_site_are_audited_whole():
    new = new_customer(terms_days=30, email="a@ahhuat.example")
    buyer = customers.add_customer(new, by=None)
    site = customers.NewSite(ref=uuid4(), customer=buyer, code="S1", name="Ah Huat", address=WHERE)
    place = customers.add_site(site, by=None)
    assert only(Site).place_id == place
    (entry,) = audited("customer.add")
    assert entry["record"] == {"type": "customers", "ref": str(new.ref), "number": None}
    assert entry["after"]["terms_days"] == 30
    assert audited("site.add")[0]["after"]["street"] == "12 Tuas Avenue 7"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"terms_days": -1}, "terms_days"),
        ({"terms_days": 366}, "terms_days"),
        ({"name": "\u200b"}, "control_characters"),
        ({"uen": "201 234"}, "not_a_code"),
        ({"phone": "6000 000\u0661"}, "not_plain"),
        ({"billing_address": ""}, "missing"),
        ({"email": f"a@{'x' * 200}"}, "too_long"),
        ({"email": "a@b.example, c@d.example"}, "not_an_email"),
        ({"email": "Ah Huat <a@b.example>"}, "not_an_email"),
    ],
)
def test_a_customer_that_will_not_do_is_refused(fields, reason):
    refused(reason, customers.add_customer, new_customer(**fields))


def test_the_same_business_at_the_same_address_is_one_customer():
    customers.add_customer(new_customer(), by=None)
    refused("customer_known", customers.add_customer, new_customer(), field="name")


# --- equipment and services ------------------------------------------------------------------


def test_a_cylinder_weighs_net_and_tare_together():
    equipment.add_equipment(CYLINDER, by=None)
    row = only(Equipment)
    assert (row.net_kg, row.tare_kg, row.gross_kg) == (
        Decimal(14),
        Decimal("14.8"),
        Decimal("28.8"),
    )
    assert row.part_credit == Decimal("0.5")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"net_kg": None}, "cylinder_needs_weights"),
        ({"tare_kg": Decimal(0)}, "cylinder_needs_weights"),
        ({"net_kg": Decimal(-1)}, "below_zero"),
        ({"net_kg": Decimal("NaN")}, "below_zero"),
        ({"net_kg": Decimal("0.00001")}, "too_many_places"),
        ({"part_credit": Decimal("1.1")}, "share_above_one"),
        ({"part_credit": Decimal(-1)}, "below_zero"),
        ({"part_credit": Decimal("NaN")}, "below_zero"),
        ({"code": "cyl 14"}, "not_a_code"),
    ],
)
def test_equipment_that_will_not_do_is_refused(fields, reason):
    refused(reason, equipment.add_equipment, replace(CYLINDER, **fields))


def test_a_deposit_is_never_taxed():
    size = equipment.add_equipment(CYLINDER, by=None)
    services.add_service(
        services.NewService(code="DEP-14", name="Deposit", equipment=size), by=None
    )
    row = only(Service)
    assert (row.kind, row.tax_code) == ("deposit", "OS")
    zero = services.NewService(code="D2", name="D", equipment=size, tax_code=TaxCode.ZERO)
    refused("deposit_has_no_tax", services.add_service, zero)


def test_a_fee_is_taxed_as_told():
    fee = services.NewService(code="EXPORT", name="Export papers", tax_code=TaxCode.ZERO)
    services.add_service(fee, by=None)
    assert (only(Service).kind, only(Service).tax_code) == ("fee", "ZR")


# --- meters ----------------------------------------------------------------------------------


def test_a_meters_opening_reading_is_the_base_of_its_first_bill():
    meters.add_meter(new_meter(given.a_site()), by=None)
    row = only(Meter)
    assert row.last_reading == row.opening_reading == Decimal("12.345")
    assert (row.last_read_on, row.estimated, row.version) == (DAY, Decimal(0), 0)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"digits": 2}, "meter_digits"),
        ({"digits": 10}, "meter_digits"),
        ({"decimals": 5}, "meter_decimals"),
        ({"opening_reading": Decimal(100_000)}, "reading_beyond_dial"),
        ({"opening_reading": Decimal(-1)}, "reading_beyond_dial"),
        ({"opening_reading": Decimal("1.0001")}, "reading_decimals"),
        ({"serial": ""}, "not_a_code"),
    ],
)
def test_a_meter_that_cannot_be_is_refused(fields, reason):
    refused(reason, meters.add_meter, new_meter(given.a_site(), **fields))


# --- rates -----------------------------------------------------------------------------------


def test_a_price_holds_from_its_day_and_is_not_changed():
    new = rates.NewRate(
        scope=RateScope.PRICE_LIST, scope_id=rates.standard_price_list(by=None),
        subject=RateSubject.USAGE, starts_on=DAY, amount=Decimal("4.8500"),
    )  # fmt: skip
    rates.set_rate(new, by=None)
    refused("taken", rates.set_rate, replace(new, amount=Decimal(5)), field="starts_on")
    rates.set_rate(replace(new, starts_on=date(2027, 1, 1), amount=Decimal(5)), by=None)
    prices = db.session.scalars(select(Rate.amount).order_by(Rate.starts_on))
    assert list(prices) == [Decimal("4.85"), Decimal(5)]


@pytest.mark.parametrize("amount", ["-0.01", "Infinity", "1.00001"])
def test_a_price_that_cannot_be_is_refused(amount):
    new = rates.NewRate(
        scope=RateScope.CUSTOMER, scope_id=1, subject=RateSubject.USAGE, starts_on=DAY,
        amount=Decimal(amount),
    )  # fmt: skip
    with pytest.raises(Invalid):
        rates.set_rate(new, by=None)


def test_gst_is_a_dated_fraction():
    nine = rates.NewTaxRate(code=TaxCode.STANDARD, starts_on=DAY, rate=Decimal("0.09"))
    rates.set_tax_rate(nine, by=None)
    assert only(TaxRate).rate == Decimal("0.09")
    refused("taken", rates.set_tax_rate, replace(nine, rate=Decimal("0.1")), field="starts_on")
    too_much = replace(nine, starts_on=date(2027, 1, 1), rate=Decimal(9))
    refused("share_above_one", rates.set_tax_rate, too_much, field="rate")


def test_the_standard_price_list_is_made_once():
    assert rates.standard_price_list(by=None) == rates.standard_price_list(by=None)
    assert len(audited("price_list.add")) == 1
