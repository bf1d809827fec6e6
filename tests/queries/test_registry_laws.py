"""The registry is what the audit log last said of it: a change by hand shows."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core.address import parse
from hsh.core.roles import Role
from hsh.core.words import EquipmentKind, RateScope, RateSubject, TaxCode
from hsh.db import db
from hsh.models.registry import Depot
from hsh.queries.law import Books
from hsh.queries.registry.laws import (
    people_are_as_audited,
    places_have_their_kind,
    registry_is_as_audited,
)
from hsh.services.registry.company import CompanyDetails, set_company
from hsh.services.registry.equipment import NewEquipment, add_equipment
from hsh.services.registry.places import NewDepot, add_depot
from hsh.services.registry.rates import (
    NewRate,
    NewTaxRate,
    set_rate,
    set_tax_rate,
    standard_price_list,
)
from hsh.services.registry.users import NewUser, add_user, switch_off
from tests import given

DETAILS = CompanyDetails(
    name="Hock Soon Heng LPG Pte Ltd", uen="199012345M", gst_number="M90312345A",
    address="1 Depot Road\nSingapore 609001", phone=None, email=None, logo=None,
    cash_rounding=False, is_demo=False,
)  # fmt: skip
FROM = date(2026, 1, 1)


@pytest.fixture
def registry(app):
    """A registry that was written as it should be, by the services."""
    set_company(DETAILS, by=None)
    add_depot(
        NewDepot(
            ref=uuid4(), code="JURONG", name="Jurong depot",
            address=parse("1 Depot Road,  S609001"),
        ),
        by=None,
    )  # fmt: skip
    size = add_equipment(
        NewEquipment(
            code="C127", name="CYL 12.7 kg", kind=EquipmentKind.CYLINDER,
            net_kg=Decimal("12.7"), tare_kg=Decimal("14.3"),
        ),
        by=None,
    )  # fmt: skip
    prices = standard_price_list(by=None)
    set_rate(
        NewRate(
            scope=RateScope.PRICE_LIST, scope_id=prices, subject=RateSubject.EQUIPMENT,
            subject_id=size, starts_on=FROM, amount=Decimal("31.8"),
        ),
        by=None,
    )  # fmt: skip
    set_tax_rate(NewTaxRate(code=TaxCode.STANDARD, starts_on=FROM, rate=Decimal("0.09")), by=None)


@pytest.fixture
def people(registry):
    for username, role in (("tan", Role.DRIVER), ("lim", Role.SUPERVISOR)):
        add_user(
            NewUser(
                username=username, name=username.title(), roles=frozenset({role}),
                password=given.PASSWORD,
                depots=frozenset({"JURONG"} if role == Role.SUPERVISOR else ()),
            ),
            by=None, demo=False,
        )  # fmt: skip


def details(tmp_path, law, *statements):
    """Return what ``law`` says once ``statements`` have run."""
    with db.engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        found = law.check(Books(connection=connection, data_dir=tmp_path)).detail
        connection.rollback()
    return found


@pytest.mark.parametrize(
    "law", [registry_is_as_audited, people_are_as_audited, places_have_their_kind]
)
def test_what_the_services_write_is_what_the_audit_says(people, tmp_path, law):
    assert details(tmp_path, law) == ""


def test_the_newest_entry_of_a_record_counts(people, tmp_path):
    set_company(DETAILS, by=None)
    switch_off("tan", by=None)
    assert details(tmp_path, registry_is_as_audited) == ""
    assert details(tmp_path, people_are_as_audited) == ""


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE rates SET amount = 1000", "rates 1: differs=amount"),
        ("UPDATE tax_rates SET rate = 0", "tax_rates 1: differs=rate"),
        ("UPDATE company SET gst_number = 'M1'", "company 1: differs=gst_number"),
        ("UPDATE equipment SET part_credit = 10000", "equipment 1: differs=part_credit"),
        ("UPDATE customers SET terms_days = 90", "customers 1: differs=terms_days"),
        (
            (
                "INSERT INTO rates (scope, scope_id, subject, subject_id, starts_on, amount)"
                " SELECT 'site', scope_id, subject, subject_id, starts_on, 1 FROM rates"
            ),
            "rates 2: audited=False",
        ),
        ("DELETE FROM rates", "rates 1: gone=True"),
        (
            "UPDATE places SET name = 'My depot' WHERE kind = 'depot'",
            "depots {depot}: differs=name",
        ),
        ("UPDATE places SET active = 0 WHERE kind = 'depot'", "depots {depot}: differs=active"),
    ],
)
def test_a_change_by_hand_shows(registry, tmp_path, statement, says):
    depot = db.session.scalar(select(Depot.place_id))
    assert details(tmp_path, registry_is_as_audited, statement) == says.format(depot=depot)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("INSERT INTO user_roles (user_id, role) SELECT id, 'admin' FROM users WHERE username = 'tan'",
         "user tan: differs=roles"),
        ("DELETE FROM user_roles WHERE role = 'driver'", "user tan: differs=roles"),
        ("DELETE FROM user_depots", "user lim: differs=depots"),
        ("UPDATE users SET active = 0 WHERE username = 'tan'", "user tan: differs=active"),
        ("UPDATE users SET name = 'Lim' WHERE username = 'tan'", "user tan: differs=name"),
    ],
)  # fmt: skip
def test_a_role_that_nobody_gave_shows(people, tmp_path, statement, says):
    assert details(tmp_path, people_are_as_audited, statement) == says


def test_someone_whom_nobody_added_shows(registry, tmp_path):
    given.an_admin(username="mallory")
    assert details(tmp_path, people_are_as_audited) == (
        "user mallory: differs=username,name,roles,depots"
    )


def test_customers_of_an_imported_file_are_known_by_its_one_entry(app, tmp_path):
    from hsh.services.registry.customer_import import (
        CustomerFile,
        ImportedCustomer,
        import_customers,
    )

    row = ImportedCustomer(
        name="Ah Hock",
        address=parse("282 Bishan Street 22,  S570282"),
        latitude=None,
        longitude=None,
    )
    import_customers(CustomerFile(name="a.csv", sha256="0" * 64, rows=[row]), by=None)
    assert details(tmp_path, registry_is_as_audited) == ""
    stranger = given.a_site(given.a_customer(name="Never imported"))
    assert f"sites {stranger.id}: audited=False" in details(tmp_path, registry_is_as_audited)
