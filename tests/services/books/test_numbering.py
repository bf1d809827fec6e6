"""Numbers without gaps and without duplicates, each series and year for itself (law 4)."""

from contextlib import suppress

import pytest

from hsh.core.words import Series
from hsh.db import apart, atomic
from hsh.services.books import numbering

INVOICE, SALE, LOAD = Series.INVOICE, Series.TRANSACTION, Series.DISTRIBUTION


@atomic
def take(*series, year=2026):
    return numbering.take(*series, year=year)


@pytest.mark.usefixtures("app")
def test_a_series_begins_with_one_and_counts_up():
    numbers = [take(LOAD)[LOAD] for _ in range(3)]
    assert numbers == ["DIST-2026-000001", "DIST-2026-000002", "DIST-2026-000003"]


@pytest.mark.usefixtures("app")
def test_each_series_has_a_counter_of_its_own():
    take(INVOICE)
    assert take(INVOICE, SALE) == {INVOICE: "INV-2026-000002", SALE: "TRX-2026-000001"}


@pytest.mark.usefixtures("app")
def test_each_year_has_a_counter_of_its_own():
    take(LOAD)
    assert take(LOAD, year=2027) == {LOAD: "DIST-2027-000001"}
    assert take(LOAD) == {LOAD: "DIST-2026-000002"}


@pytest.mark.usefixtures("app")
def test_a_number_of_an_act_that_failed_is_given_to_the_next():
    @atomic
    def fail():
        numbering.take(LOAD, year=2026)
        raise RuntimeError

    take(LOAD)
    with pytest.raises(RuntimeError):
        fail()
    assert take(LOAD) == {LOAD: "DIST-2026-000002"}


@pytest.mark.usefixtures("app")
def test_one_act_may_take_twice():
    @atomic
    def two():
        return [numbering.take(LOAD, year=2026)[LOAD] for _ in range(2)]

    assert two() == ["DIST-2026-000001", "DIST-2026-000002"]


@pytest.mark.usefixtures("app")
def test_a_number_of_a_part_that_failed_is_given_to_the_next_part():
    @atomic
    def parts():
        before = numbering.take(LOAD, year=2026)[LOAD]
        with suppress(RuntimeError), apart():
            numbering.take(LOAD, INVOICE, year=2026)
            raise RuntimeError
        return [before, numbering.take(LOAD, year=2026)[LOAD]]

    assert parts() == ["DIST-2026-000001", "DIST-2026-000002"]
    assert take(LOAD, INVOICE) == {LOAD: "DIST-2026-000003", INVOICE: "INV-2026-000001"}


@pytest.mark.usefixtures("app")
def test_one_act_may_take_from_two_years_and_more_of_one_series_than_of_another():
    @atomic
    def many():
        numbering.take(LOAD, SALE, year=2026)
        numbering.take(SALE, year=2026)
        numbering.take(SALE, year=2027)

    many()
    assert take(LOAD, SALE) == {LOAD: "DIST-2026-000002", SALE: "TRX-2026-000003"}
    assert take(SALE, year=2027) == {SALE: "TRX-2027-000002"}


def test_the_millionth_number_is_longer_rather_than_wrong():
    assert numbering.number("INV", 2026, 1_000_000) == "INV-2026-1000000"
