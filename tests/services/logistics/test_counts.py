"""A stock count: held against the ledger of its moment, and put right when it is closed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from hsh.core import clock
from hsh.core.refusals import (
    CountClosed,
    Invalid,
    NotAllowed,
    NotEnoughStock,
    NotFound,
    StaleVersion,
)
from hsh.core.words import Condition
from hsh.db import db
from hsh.models.logistics import Correction
from hsh.queries.logistics import counts
from hsh.services.logistics.corrections import AdjustStock, DumpStock, correct_stock
from hsh.services.logistics.counts import (
    CloseCount,
    CountLine,
    OpenCount,
    SaveCount,
    close_count,
    open_count,
    save_count,
)
from tests import given
from tests.services.books.test_approvals import approve, broken, limit
from tests.services.logistics.test_correct_stock import EMPTY, FULL, asked, level


@pytest.fixture
def world(app):
    return given.a_world(full_at_depot=10)


@pytest.fixture
def count(world):
    return opened(world).ref


def opened(world, *, actor=None, place=None):
    return open_count(
        OpenCount(
            actor=actor or world.supervisor.actor, submission=uuid4(),
            place=(place or world.depot).ref,
        )
    )  # fmt: skip


def save(world, count, counted, *, version=1, at=None, actor=None):
    lines = [CountLine(equipment=c, condition=FULL, counted=n) for c, n in counted.items()]
    return save_count(
        SaveCount(
            actor=actor or world.supervisor.actor, submission=uuid4(), count=count,
            version=version, counted_at=at, lines=tuple(lines),
        )
    )  # fmt: skip


def close(world, count, *, version=2, actor=None):
    return close_count(
        CloseCount(
            actor=actor or world.supervisor.actor, submission=uuid4(), count=count,
            version=version, reason="Counted twice",
        )
    )  # fmt: skip


def variances(world, count):
    found = counts.show(world.supervisor.actor, count)
    return {(line.code, line.condition.value): line.variance for line in found.lines}


def test_what_differs_is_put_right_by_one_adjustment(world, count, tmp_path):
    save(world, count, {"C127": 8, "C9": 10, "C50": 13})
    assert variances(world, count) == {("C127", "full"): -2, ("C9", "full"): 0, ("C50", "full"): 3}
    close(world, count)
    sizes = world.sizes
    left = [level(world.depot, sizes[code]) for code in ("C127", "C9", "C50", "C14")]
    assert left == [8, 10, 13, 10]
    made = counts.show(world.supervisor.actor, count).correction
    assert (made.kind, "Counted twice" in made.reason) == ("adjust", True)
    assert broken(tmp_path) == []


def test_what_was_not_counted_stays_and_zero_is_a_figure(world, count):
    save(world, count, {"C127": 0})
    close(world, count)
    assert level(world.depot, world.sizes["C127"]) == 0
    assert level(world.depot, world.sizes["C9"]) == 10


def test_nothing_is_moved_where_nothing_differs(world, count, tmp_path):
    save(world, count, {"C127": 10})
    close(world, count)
    shown = counts.show(world.supervisor.actor, count)
    assert (shown.correction, shown.row.closed_by) == (None, world.supervisor.id)
    assert broken(tmp_path) == []


def test_what_moved_between_counting_and_closing_is_kept(world, count):
    save(world, count, {"C127": 9})
    correct_stock(asked(DumpStock, world, 4))
    close(world, count)
    assert level(world.depot, world.sizes["C127"]) == 5
    assert level(world.depot, world.sizes["C127"], EMPTY) == 4


def test_a_count_of_an_earlier_moment_is_held_against_the_books_of_that_moment(world, count):
    before = clock.now()
    correct_stock(asked(DumpStock, world, 4))
    save(world, count, {"C127": 10}, at=before)
    assert variances(world, count) == {("C127", "full"): 0}
    save(world, count, {"C127": 10}, version=2)
    assert variances(world, count) == {("C127", "full"): 4}


def test_a_moment_to_come_is_none(world, count):
    with pytest.raises(Invalid) as no:
        save(world, count, {"C127": 10}, at=clock.now() + timedelta(minutes=1))
    assert no.value.params["reason"] == "moment_to_come"


def test_counting_again_takes_the_place_of_what_was_entered(world, count):
    save(world, count, {"C127": 8, "C9": 1})
    save(world, count, {"C127": 9}, version=2)
    assert variances(world, count) == {("C127", "full"): -1}


def test_who_comes_second_is_told(world, count):
    save(world, count, {"C127": 8})
    with pytest.raises(StaleVersion):
        save(world, count, {"C127": 9})
    with pytest.raises(StaleVersion):
        close(world, count, version=1)


def test_a_closed_count_stands(world, count):
    save(world, count, {"C127": 8})
    close(world, count)
    with pytest.raises(CountClosed):
        close(world, count, version=3)
    with pytest.raises(CountClosed):
        save(world, count, {"C127": 8}, version=3)


def test_what_is_missing_by_the_count_and_gone_since_is_said(world, count):
    save(world, count, {"C127": 2})
    correct_stock(asked(DumpStock, world, 9))
    with pytest.raises(NotEnoughStock):
        close(world, count)
    assert counts.load(world.supervisor.actor, count).closed_at is None


def test_much_that_differs_is_approved_by_another(world, count, tmp_path):
    limit(3)
    save(world, count, {"C127": 8, "C9": 12})
    request = close(world, count)
    assert request.record == "request"
    assert level(world.depot, world.sizes["C127"]) == 10
    approve(given.a_supervisor(world.depot), request)
    assert level(world.depot, world.sizes["C127"]) == 8
    assert counts.load(world.supervisor.actor, count).closed_at
    assert broken(tmp_path) == []


def test_figures_that_changed_since_it_was_asked_for_are_not_closed(world, count):
    limit(3)
    save(world, count, {"C127": 6})
    request = close(world, count)
    save(world, count, {"C127": 1}, version=2)
    with pytest.raises(StaleVersion):
        approve(given.a_supervisor(world.depot), request)
    assert level(world.depot, world.sizes["C127"]) == 10


def test_sites_and_other_depots_are_not_counted_by_them(world, count):
    with pytest.raises(NotFound):
        opened(world, place=world.site)
    stranger = given.a_supervisor(given.a_depot()).actor
    with pytest.raises(NotFound):
        save(world, count, {"C127": 1}, actor=stranger)
    with pytest.raises(NotAllowed):
        opened(world, actor=given.an_admin().actor)


def test_a_form_sent_twice_counts_once(world, count):
    wanted = SaveCount(
        actor=world.supervisor.actor, submission=uuid4(), count=count, version=1,
        lines=(CountLine(equipment="C127", condition=Condition.FULL, counted=8),),
    )  # fmt: skip
    assert save_count(wanted) == save_count(wanted)
    done = CloseCount(
        actor=world.supervisor.actor, submission=uuid4(), count=count, version=2, reason="Seen"
    )
    first = close_count(done)
    assert first.ref == count
    adjusted = select(Correction.id).where(Correction.reason.contains("Seen"))
    assert len(db.session.scalars(adjusted).all()) == 1
    assert correct_stock(asked(AdjustStock, world)).record == "correction"
