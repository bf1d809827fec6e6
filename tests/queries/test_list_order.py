"""Each filter of a list finds its page in the order of an index: nothing is sorted for it."""

from datetime import date

import pytest
from sqlalchemy import event, select

from hsh.core.words import Condition, CorrectionKind
from hsh.db import db
from hsh.models.registry import Meter
from hsh.queries.books import approvals, exports, holders, statement
from hsh.queries.logistics import corrections, counts
from hsh.queries.registry import customer_lists, imports, meter_pages, prices
from tests import given

DAY = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}


def plans(source):
    """What SQLite does for each statement of the list's first page."""
    asked = []

    def listen(_connection, _cursor, sql, given_, *_more):
        asked.append((sql, given_))

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        source.page("", "")
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    connection = db.session.connection()
    return [
        " ".join(
            row.detail
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        )
        for sql, values in asked
        if " LIMIT " in sql
    ]  # fmt: skip


def lists(world):
    admin, kinds = given.an_admin().actor, ["customers", "stock"]
    place = world.depot.ref
    meter = db.session.scalars(select(Meter)).first()
    yield customer_lists.customers()
    yield customer_lists.sites()
    yield approvals.requests(admin, approvals.Filter())
    yield approvals.requests(admin, approvals.Filter(settled=True, op="stock.dump", **DAY))
    yield counts.counts(admin, counts.Filter())
    yield counts.counts(admin, counts.Filter(closed=True, **DAY))
    yield corrections.corrections(admin, corrections.Filter())
    yield corrections.corrections(admin, corrections.Filter(kind=CorrectionKind.DUMP, **DAY))
    yield corrections.corrections(admin, corrections.Filter(place=place, **DAY))
    yield statement.statement(admin, place, statement.Filter())
    yield statement.statement(
        admin, place, statement.Filter(size="C127", state=Condition.FULL, **DAY)
    )
    yield holders.holders()
    yield holders.holders(size="C127")
    yield imports.brought(kinds, imports.Filter())
    yield exports.mine(admin)
    yield prices.own_prices()
    yield meter_pages.readings(admin, meter.ref, **DAY)


def test_nothing_is_sorted_for_a_page(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("EXPLAIN QUERY PLAN is SQLite's")
    for source in lists(given.a_world()):
        found = plans(source)
        assert found
        for plan in found:
            assert "TEMP B-TREE FOR ORDER BY" not in plan, (source.ref, plan)
            assert "TEMP B-TREE FOR LAST" not in plan, (source.ref, plan)
