"""The office sees which tablets need looking after, and signs out one that was lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hsh.core import clock
from hsh.db import db
from hsh.models.books import AuditEntry
from hsh.models.device import Device
from tests import given
from tests.syncing import Tablet
from tests.visitor import Visitor, words


@pytest.fixture
def world(app):
    return given.a_world()


@pytest.fixture
def tablet(app, world):
    return Tablet(app, world.driver)


@pytest.fixture
def office(app, world):
    return Visitor(app).enter(world.supervisor)


def hello(tablet, **said):
    query = {"device_id": tablet.device} | said
    return tablet.get("/sync/hello", query_string=query)


def number():
    return db.session.scalars(select(Device.id)).one()


def test_a_tablet_on_which_nothing_waits_needs_no_looking_after(office, tablet):
    hello(tablet, name="Tab A9")
    said = words(office.get("/devices"))
    assert "Tab A9" in said
    assert "Not seen" not in said
    assert "Waiting for" not in said


def test_each_tablet_is_known_by_its_person_its_model_and_a_code(office, tablet):
    hello(tablet, device_id="c0ffee12-3a38-4f0e-9c43-0123456789ab", name="Android SM-X210")
    said = words(office.get("/devices"))
    assert "Android SM-X210 C0FF-EE12" in said
    assert "3a38" not in said


def test_a_tablet_unseen_for_a_day_is_marked(office, tablet):
    hello(tablet)
    later = clock.now() + timedelta(hours=23)
    with clock.running(lambda: later):
        assert "Not seen for a day" not in words(office.get("/devices"))
    later += timedelta(hours=2)
    with clock.running(lambda: later):
        office.enter(given.an_admin())
        assert "Not seen for a day" in words(office.get("/devices"))


@pytest.mark.parametrize(("minutes", "marked"), [(119, False), (121, True)])
def test_a_form_that_waits_for_two_hours_marks_the_tablet(office, tablet, minutes, marked):
    oldest = clock.now() - timedelta(minutes=minutes)
    hello(tablet, waiting="3", oldest_at=oldest.isoformat())
    assert ("Waiting for two hours" in words(office.get("/devices"))) is marked


def test_a_tablet_with_a_wrong_clock_is_not_marked_for_it(office, tablet):
    wrong = clock.now() + timedelta(days=3)
    oldest = wrong - timedelta(minutes=5)
    hello(tablet, waiting="3", oldest_at=oldest.isoformat(), device_now=wrong.isoformat())
    assert "Waiting for" not in words(office.get("/devices"))


def test_a_revoked_tablet_is_signed_out_at_once_and_no_other(app, office, tablet, world):
    other = Tablet(app, world.driver)
    other.device = "tablet-2"
    hello(other)
    other_number = number()
    hello(tablet)
    [mine] = db.session.scalars(select(Device.id).where(Device.id != other_number))
    assert office.post(f"/devices/{mine}/revoke").status_code == 303
    assert hello(tablet).status_code == 401
    assert hello(other).status_code == 200
    assert "Signed out by the office" in words(office.get("/devices"))
    assert db.session.scalars(select(AuditEntry).filter_by(action="device.revoke")).one()


def test_who_sends_another_persons_device_id_reports_only_themselves(app, tablet, world):
    hello(tablet, waiting="9")
    other = Tablet(app, given.a_driver(world.truck))
    hello(other, waiting="1")
    waiting = select(Device.waiting).order_by(Device.id)
    assert db.session.scalars(waiting).all() == [9, 1]


def test_only_who_oversees_the_driver_sees_and_revokes(app, tablet):
    hello(tablet, name="Tab A9")
    other = Visitor(app).enter(given.a_supervisor(given.a_depot()))
    assert "Tab A9" not in words(other.get("/devices"))
    assert other.post(f"/devices/{number()}/revoke").status_code == 404
    assert hello(tablet).status_code == 200


def test_a_person_has_twenty_tablets_at_most(tablet):
    for turn in range(22):
        tablet.device = f"tablet-{turn}"
        assert hello(tablet).status_code == 200
    kept = db.session.scalars(select(Device.device)).all()
    assert len(kept) == 20
    assert "tablet-0" not in kept
    assert "tablet-21" in kept
