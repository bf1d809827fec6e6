"""What cannot be printed is not sold: the document is rendered within the act (law 3)."""

import pytest

from hsh.db import db
from hsh.models.registry import Meter
from tests import given, selling


@pytest.fixture
def world(app):
    return given.a_world(full_on_truck=10)


def test_a_reading_in_a_unit_that_no_document_knows_rolls_the_sale_back(world):
    db.session.get_one(Meter, world.meter.id).unit = "barrel"
    db.session.commit()
    before = selling.everything()
    with pytest.raises(KeyError):
        selling.sell(
            world,
            readings=selling.reading(world.meter, "110"),
            cylinders=selling.size(delivered=2),
        )
    assert selling.everything() == before
