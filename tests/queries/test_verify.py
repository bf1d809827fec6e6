"""Verify looks at one unmoving picture, whatever is written meanwhile."""

import pytest

from hsh.db import db
from hsh.queries.verify import LAWS, verify
from hsh.services.sales.orders import CountEntry
from tests import a_day, given

UNAUDITED = {"registry.as_audited", "registry.people_as_audited"}
"""A given world's registry rows come without audit entries."""


@pytest.fixture
def owner(app, books):
    return getattr(books, "owner", db.engine)


def test_no_two_laws_have_one_name(app):
    assert len({law.name for law in LAWS}) == len(LAWS)


def test_a_sale_between_two_laws_changes_nothing(owner, tmp_path):
    world = given.a_world(full_at_depot=0)
    a_day.count_in(world, 10)
    checks = verify(owner, data_dir=tmp_path)
    found = [next(checks)]
    a_day.sell(world, services=[CountEntry(code="DELIVERY", quantity=1)])
    a_day.load(world, {"C9": 2})
    found += checks
    assert [check.name for check in found if not check.ok and check.name not in UNAUDITED] == []
    assert len(found) == len(LAWS)


def test_a_second_look_sees_what_was_written(owner, tmp_path):
    before = {check.name: check.ok for check in verify(owner, data_dir=tmp_path)}
    given.a_driver()
    after = {check.name: check.ok for check in verify(owner, data_dir=tmp_path)}
    assert (before["registry.people_as_audited"], after["registry.people_as_audited"]) == (
        True,
        False,
    )
