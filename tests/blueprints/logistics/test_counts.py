"""/stock/counts: the sheet, what differs, and closing it."""

from datetime import timedelta

import pytest

from hsh.core import clock
from tests import given
from tests.services.books.test_approvals import limit
from tests.services.logistics.test_correct_stock import level
from tests.visitor import location, words


@pytest.fixture
def world(app):
    return given.a_world(full_at_depot=10)


@pytest.fixture
def supervisor(world, signed_in):
    return signed_in(world.supervisor)


@pytest.fixture
def count(world, supervisor):
    return location(supervisor.submit("/stock/counts", {"place": str(world.depot.ref)}))


def test_a_count_goes_from_the_sheet_to_its_adjustment(world, supervisor, count):
    assert 'name="full-C127"' in supervisor.get(count).text
    answer = supervisor.submit(count, {"full-C127": "8", "full-C9": "10", "version": "1"})
    assert answer.status_code == 303
    assert "CYL 12.7 kg full 8 10 -2" in words(supervisor.get(count))
    assert 'value="8"' in supervisor.get(count).text
    supervisor.submit(f"{count}/close", {"reason": "Nobody knows", "version": "2"})
    seen = words(supervisor.get(count))
    assert "ADJ-" in seen
    assert "Hold it against the books" not in seen
    assert level(world.depot, world.sizes["C127"]) == 8
    assert "Closed ADJ-" in words(supervisor.get("/stock/counts"))


def test_a_large_difference_waits_for_another(world, supervisor, count):
    limit(1)
    supervisor.submit(count, {"full-C127": "8", "version": "1"})
    answer = supervisor.submit(f"{count}/close", {"reason": "Nobody knows", "version": "2"})
    assert location(answer).startswith("/approvals/")
    assert count in supervisor.get(location(answer)).text


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"full-C127": "-1"}, 422),
        ({"full-C127": "many"}, 422),
        ({"full-C1": "1"}, 422),
        ({"counted_at": "yesterday"}, 422),
        ({"counted_at": f"{clock.today() + timedelta(days=2)}T10:00"}, 422),
        ({"version": "7"}, 409),
        ({"version": ""}, 422),
    ],
)
def test_a_sheet_that_will_not_do_says_so_and_keeps_what_was_typed(
    supervisor, count, wrong, status
):
    answer = supervisor.submit(count, {"full-C9": "7", "version": "1"} | wrong)
    assert answer.status_code == status
    assert 'value="7"' in answer.text


def test_a_count_is_not_closed_without_a_reason(supervisor, count):
    supervisor.submit(count, {"full-C127": "8", "version": "1"})
    answer = supervisor.submit(f"{count}/close", {"reason": "", "version": "2"})
    assert answer.status_code == 422


def test_a_place_is_chosen_first(supervisor):
    assert supervisor.submit("/stock/counts", {"place": ""}).status_code == 422


def test_counts_of_another_depot_are_not_there(count, signed_in):
    other = signed_in(given.a_supervisor(given.a_depot()))
    assert other.get(count).status_code == 404
    assert count not in other.get("/stock/counts").text
    assert other.submit(count, {"full-C127": "8", "version": "1"}).status_code == 404


def test_an_accountant_reads_counts(count, supervisor, signed_in):
    supervisor.submit(count, {"full-C127": "8", "version": "1"})
    seen = signed_in(given.an_accountant()).get(count)
    assert "CYL 12.7 kg full 8 10 -2" in words(seen)
    assert '<form class="stack"' not in seen.text
