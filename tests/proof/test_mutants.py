"""Every mutant still finds its place: a list of breakages that break nothing would prove nothing."""

import pytest

from hsh.config import ROOT
from proof.mutants import MUTANTS


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_place_of_a_mutant_is_there_once(mutant):
    assert mutant.fault(ROOT) is None
    assert mutant.new != mutant.old


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_tests_that_must_notice_it_are_there(mutant):
    assert all((ROOT / test.partition("::")[0]).is_file() for test in mutant.tests)


def test_mutants_have_names_of_their_own():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
