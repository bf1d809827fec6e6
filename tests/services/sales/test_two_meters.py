"""A site may have several meters, read in one visit."""

from decimal import Decimal

from hsh.core.words import ReadingKind
from hsh.db import db
from hsh.models.registry import Meter
from hsh.services.sales.orders import ReadingEntry
from tests import given
from tests.selling import sell


def read(meter, previous, current):
    return ReadingEntry(
        meter=meter.ref,
        kind=ReadingKind.NORMAL,
        previous=Decimal(previous),
        current=Decimal(current),
    )


def test_each_meter_keeps_its_own_reading(app):
    world = given.a_world(full_on_truck=5)
    second = given.a_meter(world.site, last="7")
    sell(world, readings=(read(world.meter, 100, 112), read(second, 7, 9)))
    kept = {meter.id: meter for meter in db.session.query(Meter).populate_existing()}
    assert (kept[world.meter.id].last_reading, kept[second.id].last_reading) == (112, 9)
    assert {meter.version for meter in kept.values()} == {1}
