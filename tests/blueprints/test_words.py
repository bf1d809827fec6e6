import re
from pathlib import Path

import pytest

from hsh import core
from hsh.blueprints import words
from hsh.core.refusals import Invalid, NotEnoughStock, ReadingBackwards, Refusal, SiteHoldsFewer

HSH = Path(core.__file__).parent.parent


@pytest.fixture(autouse=True)
def in_a_request(app):
    """Words are in the request's language."""


def every_refusal(kind=Refusal):
    for one in kind.__subclasses__():
        yield one
        yield from every_refusal(one)


def reasons():
    """Every reason that the code gives; the command line has words of its own for its files."""
    return {
        reason
        for file in HSH.rglob("*.py")
        if "cli" not in file.parts
        for reason in re.findall(r'reason="(\w+)"', file.read_text())
    }


def test_every_refusal_has_words_of_its_own():
    missing = {one.code for one in every_refusal() if not words.has_words(one.code)}
    assert missing == set()


def test_every_reason_has_words_of_its_own():
    assert len(reasons()) > 20
    assert {reason for reason in reasons() if not words.has_reason(reason)} == set()


def test_nobody_needs_to_know_the_parameters_to_get_a_sentence():
    for one in every_refusal():
        assert words.say(one()).strip()
        assert "%" not in words.say(one())


def test_an_unknown_reason_gets_a_plain_sentence():
    assert words.say(Invalid(field="x", reason="never_heard_of")) == "This cannot be used."


def test_a_reading_is_written_as_the_dial_shows_it():
    from decimal import Decimal

    said = words.say(ReadingBackwards(field="current", last=Decimal("1200.500"), current=0))
    assert "below the last one, 1,200.5." in said


def test_two_shortages_are_two_sentences():
    shortage = {"place": "Truck T1", "condition": "full", "wanted": 3}
    said = words.say(
        NotEnoughStock(
            shortages=[
                shortage | {"equipment": "CYL 9 kg", "there": 0},
                shortage | {"equipment": "CYL 50 kg", "there": 1},
            ]
        )
    )
    assert "has 0 full CYL 9 kg" in said
    assert "has 1 full CYL 50 kg" in said


def test_a_site_that_holds_fewer_says_how_many():
    shortage = {"equipment": "CYL 9 kg", "there": 2, "wanted": 5}
    assert "CYL 9 kg: 2 in the books, 5 collected." in words.say(
        SiteHoldsFewer(shortages=[shortage])
    )
