"""Meters are put up, replaced and taken down by the office; no gas is lost between two of them."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core import clock
from hsh.core.roles import Role
from hsh.core.words import ReadingKind
from hsh.db import db
from hsh.models.registry import Meter
from hsh.models.sales import MeterReading
from hsh.queries.registry import meter_pages
from hsh.queries.verify import verify
from tests import given, selling
from tests.visitor import words


@pytest.fixture
def world(app):
    return given.a_world()


@pytest.fixture
def admin(world, signed_in):
    return signed_in(given.an_admin())


def today(days=0):
    return (clock.today() + timedelta(days=days)).isoformat()


DIAL = {"serial": "new-1", "digits": "5", "decimals": "2", "opening_reading": "3.25"}


def install(admin, world, **changes):
    address = f"/customers/sites/{world.site.ref}/meters/new"
    return admin.submit(address, DIAL | {"on": today()} | changes)


def replace(admin, meter, **changes):
    sent = DIAL | {"on": today(), "final": "112", "seen": "0"} | changes
    return admin.submit(f"/customers/meters/{meter.ref}/replace", sent)


def close(admin, meter, **changes):
    sent = {"on": today(), "final": "100", "seen": "0"} | changes
    return admin.submit(f"/customers/meters/{meter.ref}/close", sent)


def meter(serial="NEW-1"):
    db.session.expire_all()
    return db.session.scalars(select(Meter).where(Meter.serial == serial)).one()


def read(world, row, current, **changes):
    entry = selling.reading(row, current, previous=str(row.last_reading), **changes)
    return selling.sell(world, readings=entry)


def billed():
    return list(db.session.scalars(select(MeterReading.billed).order_by(MeterReading.id)))


def broken(tmp_path):
    return {c.name: c.detail for c in verify(db.engine, data_dir=tmp_path) if not c.ok}


def test_a_meter_is_put_up_and_read_from_its_opening(world, admin):
    assert install(admin, world).status_code == 303
    read(world, meter(), "10.5")
    assert billed() == [Decimal("7.25")]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("serial", "", "This is needed."),
        ("digits", "2", "Enter a whole number from 3 to 9."),
        ("opening_reading", "100000", "The dial has 5 digits and cannot show this."),
        ("opening_reading", "1.234", "The dial has 2 digits behind the point."),
        ("on", "2100-01-01", "This day is still to come."),
    ],
)
def test_a_dial_that_cannot_be_is_told_beside_its_field(world, admin, field, value, says):
    answer = install(admin, world, **{field: value})
    assert answer.status_code == 422
    assert says in words(answer)
    assert 'value="3.25"' in answer.text or field == "opening_reading"


def test_what_the_old_meter_had_not_billed_is_billed_with_the_new_ones_first_reading(
    world, admin, tmp_path
):
    before = broken(tmp_path)
    assert replace(admin, world.meter).status_code == 303
    assert not meter(world.meter.code).active
    read(world, meter(), "5.25")
    assert billed() == [Decimal(14)]  # (112 - 100) + (5.25 - 3.25)
    assert "meters.ended" not in broken(tmp_path)
    assert "meters.chain" not in broken(tmp_path)
    assert broken(tmp_path).get("submissions.kept") == before.get("submissions.kept")


def test_the_invoice_tells_of_the_meter_before(world, admin, signed_in):
    replace(admin, world.meter)
    sold = read(world, meter(), "5.25")
    page = signed_in(world.driver).get(f"/transactions/{sold.ref}")
    assert "And 12 m³ of the meter before it" in words(page)


def test_what_estimates_had_billed_is_not_billed_again(world, admin):
    read(world, world_meter(world), "108", kind=ReadingKind.ESTIMATED)
    assert replace(admin, world.meter, seen="1").status_code == 303
    read(world, meter(), "5.25")
    assert billed() == [Decimal(8), Decimal(6)]


def world_meter(world):
    return meter(world.meter.code)


def test_the_driver_is_told_before_reading(world, admin, signed_in):
    replace(admin, world.meter)
    page = words(signed_in(world.driver).get(f"/sites/{world.site.ref}/sale"))
    assert "This reading bills 12 m³ of the meter before it, too." in page
    assert world.meter.code not in page


def test_voiding_the_first_reading_hands_the_old_usage_on_again(world, admin, tmp_path):
    replace(admin, world.meter)
    sold = read(world, meter(), "5.25")
    selling.void(world, sold)
    read(world, meter(), "6.25")
    assert billed() == [Decimal(14), Decimal(-14), Decimal(15)]
    assert "meters.chain" not in broken(tmp_path)


def test_a_reading_of_a_meter_that_was_taken_down_gives_its_money_back_alone(
    world, admin, tmp_path
):
    sold = read(world, world_meter(world), "110")
    replace(admin, world.meter, seen="1")
    selling.void(world, sold)
    assert billed() == [Decimal(10)]
    assert world_meter(world).last_reading == 110
    assert "meters.ended" not in broken(tmp_path)


def test_a_meter_that_was_read_meanwhile_is_shown_as_it_is_now(world, admin):
    read(world, world_meter(world), "105")
    stale = replace(admin, world.meter)
    assert stale.status_code == 409
    assert "Not below 105." in words(stale)
    assert 'name="seen" value="1"' in stale.text
    assert replace(admin, world.meter, seen="1").status_code == 303


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"final": "99"}, "last reading cannot be below 100."),
        ({"final": "100.55"}, "The dial has 1 digits behind the point."),
        ({"on": "2019-12-31"}, "The meter was read later, on"),
        ({"serial": "TAKEN"}, "This is taken already."),
    ],
)
def test_a_replacement_that_cannot_be_changes_nothing(world, admin, changes, says):
    given.a_meter(world.site, serial="TAKEN")
    answer = replace(admin, world.meter, **changes)
    assert answer.status_code == 422
    assert says in words(answer)
    assert world_meter(world).active


def test_a_form_that_comes_twice_replaces_once(world, admin):
    form = str(uuid4())
    first, second = (replace(admin, world.meter, client_temp_id=form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert replace(admin, world.meter, serial="new-2").status_code == 422


def test_a_meter_that_is_taken_down_says_what_was_not_billed(world, admin, tmp_path):
    assert close(admin, world.meter, final="103").status_code == 303
    page = words(admin.get(f"/customers/meters/{world.meter.ref}"))
    assert "3 m³ since the last reading were not billed." in page
    assert "meters.ended" not in broken(tmp_path)


def test_a_meter_closed_by_hand_shows(world, tmp_path):
    world_meter(world).active = False
    db.session.commit()
    assert "active=False" in broken(tmp_path)["meters.ended"]


def test_the_history_is_a_chart_and_a_table(world, admin):
    for current in ("110", "150", "155"):
        read(world, world_meter(world), current)
    page = admin.get(f"/customers/meters/{world.meter.ref}")
    assert page.text.count("<rect ") == 3
    assert 'role="img" aria-label="Billed, in m³"' in page.text
    heights = [float(one) for one in re.findall(r'<rect [^>]*height="([\d.]+)"', page.text)]
    assert heights[1] == pytest.approx(4 * heights[0], abs=1)
    assert "110 150 40" in words(page)
    assert "style=" not in page.text


def test_older_readings_stand_on_the_next_page(world, admin, monkeypatch):
    monkeypatch.setattr(meter_pages, "PAGE", 2)
    for current in ("110", "120", "130"):
        read(world, world_meter(world), current)
    page = admin.get(f"/customers/meters/{world.meter.ref}")
    assert "Total 30" in words(page)
    after = re.search(r'rel="next" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert "100 110 10" in words(admin.get(after))


def test_the_office_looks_and_an_admin_alone_changes_meters(world, signed_in):
    visitor = signed_in(given.a_user(Role.ACCOUNTANT))
    page = visitor.get(f"/customers/meters/{world.meter.ref}")
    assert page.status_code == 200
    assert "Replace it" not in words(page)
    assert replace(visitor, world.meter).status_code == 403
    assert install(visitor, world).status_code == 403


def test_a_file_of_readings_for_a_wrong_day_says_so_on_the_meters_page(world, admin):
    answer = admin.get(f"/customers/meters/{world.meter.ref}/export?as=csv&since=soon")
    assert answer.status_code == 422
    assert world.meter.code in words(answer)
