"""Driver and supervisor are warned, and stopped by nothing of it."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from hsh.core import clock
from hsh.core.words import Condition, PermitKind
from hsh.db import db
from hsh.models.registry import Permit, Vehicle
from hsh.services.logistics.distributions import ConfirmDistribution, confirm_distribution
from hsh.services.logistics.drafts import plan_distribution
from tests import given
from tests.distributing import lines, plan_order
from tests.visitor import words

TOO_HEAVY = "With this load the truck carries"


@pytest.fixture
def world():
    return given.a_world(full_on_truck=2)


def ahead(days):
    return clock.today() + timedelta(days=days)


def truck(world, **told):
    row = db.session.get_one(Vehicle, world.truck.id)
    for name, value in told.items():
        setattr(row, name, value)
    db.session.commit()


def a_permit(driver, ends, *, active=True):
    given.put(
        Permit(
            ref=uuid4(), driver_id=driver.id, kind=PermitKind.HAZMAT, number="HT 1",
            expires_on=ends, active=active, version=1,
        )
    )  # fmt: skip


def a_draft(world, **counts):
    return plan_distribution(plan_order(world, lines=lines(**counts or {"out": {"C9": 1}}))).ref


def pages(signed_in, world, draft):
    """What driver and supervisor read on the draft's page and on the form of it."""
    return [
        words(signed_in(person).get(f"/distributions/{draft}{form}"))
        for person in (world.driver, world.supervisor)
        for form in ("", "/edit")
    ]


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "licence was over on"), (3, "licence ends on"), (31, None)]
)
def test_a_licence_that_ends_is_told_to_both(signed_in, world, days, said):
    truck(world, licence_expires_on=ahead(days))
    for page in pages(signed_in, world, a_draft(world)):
        assert (said in page) if said else ("licence" not in page)


@pytest.mark.parametrize(
    ("days", "active", "said"),
    [(-1, True, ": over on"), (30, True, ": ends on"), (31, True, None), (-1, False, None)],
)
def test_a_permit_that_ends_is_told_to_both(signed_in, world, days, active, said):
    a_permit(world.driver, ahead(days), active=active)
    for page in pages(signed_in, world, a_draft(world)):
        words_of_it = "Permit to transport hazardous materials"
        assert (words_of_it + said in page) if said else (words_of_it not in page)


def test_another_drivers_permit_is_not_told(signed_in, world):
    a_permit(given.a_driver(), ahead(-1))
    assert all("Permit to" not in page for page in pages(signed_in, world, a_draft(world)))


@pytest.mark.parametrize(
    ("counts", "heavy"),
    [
        ({"out": {"C127": 3}}, "422"),  # two of each are on it, 341 kg; and 81
        ({"out": {"C127": 3}, "full": {"C50": 1}}, None),  # 95 kg go off
        ({"out": {"C127": 1}}, None),
        ({"out": {"C9": 3}}, "398"),
    ],
)
def test_a_load_over_the_trucks_limit_is_told(signed_in, world, counts, heavy):
    truck(world, max_gross_kg=Decimal(390))
    for page in pages(signed_in, world, a_draft(world, **counts)):
        said = f"{TOO_HEAVY} {heavy} kg gross; it may carry 390 kg."
        assert (said in page) if heavy else (TOO_HEAVY not in page)


def test_empty_cylinders_weigh_their_tare(signed_in, world):
    given.stock(world.truck, {world.sizes["C50"]: 2}, condition=Condition.EMPTY)
    truck(world, max_gross_kg=Decimal(430))
    assert f"{TOO_HEAVY} 450 kg" in pages(signed_in, world, a_draft(world))[0]


def test_what_is_warned_of_can_be_done_all_the_same(signed_in, world):
    truck(world, max_gross_kg=Decimal(1), licence_expires_on=ahead(-1))
    a_permit(world.driver, ahead(-1))
    draft = a_draft(world)
    driver = signed_in(world.driver)
    assert driver.submit(f"/distributions/{draft}/confirm").status_code == 303
    assert TOO_HEAVY in words(driver.get(f"/distributions/{draft}"))


def test_the_past_is_not_warned_of(signed_in, world):
    truck(world, licence_expires_on=ahead(-1), max_gross_kg=Decimal(1))
    order = plan_order(world, planned_on=ahead(-3), lines=lines(out={"C9": 1}))
    draft = plan_distribution(order).ref
    confirm_distribution(
        ConfirmDistribution(actor=world.driver.actor, submission=uuid4(), distribution=draft)
    )
    page = words(signed_in(world.driver).get(f"/distributions/{draft}"))
    assert TOO_HEAVY not in page
    assert "licence" not in page


def test_a_form_under_way_is_weighed_as_typed(signed_in, world):
    truck(world, max_gross_kg=Decimal(390))
    sent = {
        "way": "load", "depot": str(world.depot.ref), "truck": str(world.truck.ref),
        "driver": str(world.driver.ref), "planned_on": clock.today().isoformat(),
        "out_full-C127": "3",
    }  # fmt: skip
    driver = signed_in(world.driver)
    assert f"{TOO_HEAVY} 422 kg" in words(driver.submit("/distributions/plan/look", sent))
    light = driver.submit("/distributions/plan/look", sent | {"out_full-C127": "1"})
    assert TOO_HEAVY not in words(light)
