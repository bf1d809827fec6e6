from datetime import timedelta

import pytest
from sqlalchemy import select

from hsh.db import db
from hsh.models.sales import Transaction
from hsh.queries import keyset
from tests import given
from tests.selling import NOON, at, sell

QUERY = select(Transaction.confirmed_on, Transaction.id)
ORDER = keyset.Order(Transaction.confirmed_on, Transaction.id)


@pytest.fixture
def world(app):
    return given.a_world()


@pytest.fixture
def ids(world):
    """Eight sales on two days, newest first."""
    for back in (1, 0):
        with at(NOON - timedelta(days=back)):
            for _ in range(4):
                sell(world)
    return sorted(db.session.scalars(select(Transaction.id)), reverse=True)


def page(cursor=""):
    return keyset.page(QUERY, ORDER, cursor, size=3)


def walk(start, way):
    found = [start]
    while cursor := getattr(found[-1], way):
        found.append(page(cursor))
    return found


def shown(pages):
    return [[row.id for row in one.rows] for one in pages]


def test_every_row_is_shown_once_on_the_way_to_the_oldest(ids):
    assert shown(walk(page(), "after")) == [ids[:3], ids[3:6], ids[6:]]


def test_the_way_back_shows_every_row_too(ids):
    last = walk(page(), "after")[-1]
    back = shown(walk(last, "before"))
    assert [row for one in reversed(back) for row in one] == ids
    assert all(len(one) == 3 for one in back[1:])


def test_the_first_page_leads_nowhere_newer_and_the_last_nowhere_older(ids):
    pages = walk(page(), "after")
    assert (pages[0].before, pages[-1].after) == (None, None)
    assert walk(pages[-1], "before")[-1].before is None


def test_a_row_that_arrives_meanwhile_moves_nothing(world, ids):
    cursor = page().after
    before = shown([page(cursor)])
    with at(NOON):
        sell(world)
    assert shown([page(cursor)]) == before


def test_an_empty_list_has_one_empty_page(app):
    assert page() == keyset.Page(rows=[], after=None, before=None)


@pytest.mark.parametrize(
    "cursor", ["x", "b2026-13-01.1", "b2026-11-20." + "9" * 30, "c2026-11-20.1"]
)
def test_an_unknown_cursor_leads_to_the_first_page(ids, cursor):
    assert shown([page(cursor)]) == [ids[:3]]
