from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from werkzeug.datastructures import MultiDict

from hsh.blueprints.fields import (
    CountsField,
    DayField,
    ExactField,
    InstantField,
    RefField,
    TextField,
    WholeField,
)
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.core import clock
from hsh.core.refusals import Invalid, StaleVersion
from tests import given


class Everything(Form):
    text = TextField("Text", most=10)
    lines = TextField("Lines", most=20, lines=True, required=False)
    whole = WholeField("Whole", most=99, required=False)
    exact = ExactField("Exact", required=False)
    signed = ExactField("Signed", least=None, required=False)
    day = DayField("Day", required=False)
    ref = RefField("Ref", required=False)
    instant = InstantField("Instant")
    counts = CountsField("Counts", most=99)


@pytest.fixture(autouse=True)
def in_a_request(app):
    """Messages are put into the request's language."""


def filled(**values):
    form = Everything(MultiDict({"text": "ok"} | values))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("text", "  Ah Hock ", "Ah Hock"),
        ("text", "Cafe\u0301", "Café"),
        ("text", "தமிழ்", "தமிழ்"),
        ("lines", "a\r\nb", "a\nb"),
        ("whole", " 12 ", 12),
        ("whole", "", None),
        ("exact", "12.3456", Decimal("12.3456")),
        ("signed", "-3.5", Decimal("-3.5")),
        ("day", "2026-11-20", date(2026, 11, 20)),
        (
            "ref",
            "01234567-89ab-cdef-0123-456789ABCDEF",
            UUID("01234567-89ab-cdef-0123-456789abcdef"),
        ),
        ("instant", "2026-11-20T14:03:11+08:00", datetime(2026, 11, 20, 6, 3, 11, tzinfo=UTC)),
    ],
)
def test_it_takes_what_people_type(field, typed, value):
    form = filled(**{field: typed})
    assert form.errors == {}
    assert form[field].data == value


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("text", ""),
        ("text", "   "),
        ("text", "x" * 11),
        ("text", "a\0b"),
        ("text", "a\nb"),
        ("text", "a\x1bp"),
        ("text", "a\u202eb"),
        ("text", "a\u2028b"),
        ("lines", "a\0"),
        ("whole", "-1"),
        ("whole", "100"),
        ("whole", "1.5"),
        ("whole", "1e1"),
        ("whole", "٣"),
        ("whole", "9" * 5000),
        ("exact", "-1"),
        ("exact", "1.23456"),
        ("exact", "1,5"),
        ("exact", "NaN"),
        ("exact", "Infinity"),
        ("exact", "1e9"),
        ("exact", "9" * 5000),
        ("day", "20/11/2026"),
        ("day", "2026-13-01"),
        ("day", "1066-10-14"),
        ("ref", "not-a-uuid"),
        ("ref", "{01234567-89ab-cdef-0123-456789abcdef}"),
        ("instant", "2026-11-20T14:03:11"),
        ("instant", "yesterday"),
    ],
)
def test_it_refuses_the_rest_and_keeps_what_was_typed(field, typed):
    form = filled(**{field: typed})
    assert field in form.errors
    assert all(str(message) for message in form.errors[field])
    if field in {"whole", "exact", "ref", "instant"}:
        assert form[field]._value() == typed


def test_counts_are_read_by_size_and_zeros_left_out():
    form = filled(**{"counts-C9": "12", "counts-C127": "0", "counts-C50": ""})
    assert form.errors == {}
    assert form.counts.data == {"C9": 12}
    assert form.counts.value("C127") == "0"


@pytest.mark.parametrize("typed", ["-1", "100", "many", "1.5"])
def test_a_wrong_count_is_marked_and_kept(typed):
    form = filled(**{"counts-C9": "3", "counts-C50": typed})
    assert "counts" in form.errors
    assert form.counts.value("C50") == typed
    assert "from 0 to 99" in form.counts.problems["C50"]
    assert form.counts.value("C9") == "3"


def test_a_thousand_sizes_are_refused():
    form = filled(**{f"counts-X{number}": "1" for number in range(1000)})
    assert "counts" in form.errors


def test_a_size_with_a_hostile_name_is_refused():
    assert "counts" in filled(**{"counts-<script>": "1"}).errors


def test_a_submission_needs_its_uuid():
    assert "client_temp_id" in unfit(SubmissionForm(MultiDict({"client_temp_id": ""})))
    assert unfit(SubmissionForm(MultiDict({"client_temp_id": str(uuid4())}))) == {}


def test_the_envelope_says_who_when_and_on_which_device(app):
    driver = given.a_driver()
    ref = uuid4()
    sent = {
        "client_temp_id": str(ref),
        "captured_at": "2026-01-02T03:04:05Z",
        "device_id": "tablet-7",
    }
    form = SubmissionForm(MultiDict(sent))
    assert form.validate()
    assert form.envelope(driver.actor) == {
        "actor": driver.actor,
        "submission": ref,
        "captured_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "device": "tablet-7",
        "replaces": None,
        "approved_by": None,
    }


def test_a_device_ahead_of_time_is_taken_for_now(app):
    ahead = (clock.now() + timedelta(days=1)).isoformat()
    form = SubmissionForm(MultiDict({"client_temp_id": str(uuid4()), "captured_at": ahead}))
    assert form.validate()
    assert form.envelope(given.a_driver().actor)["captured_at"] <= clock.now()


def test_a_refusal_stands_beside_its_field():
    form = filled(**{"counts-C9": "3"})
    form.refuse(Invalid(field="text", reason="missing"))
    form.refuse(Invalid(field="counts-C9", reason="missing"))
    form.refuse(StaleVersion())
    assert form.errors["text"] == ("This is needed.",)
    assert form.counts.problems == {"C9": "This is needed."}
    assert "Someone changed this" in form.form_errors[0]


def unfit(form):
    form.validate()
    return form.errors


class AllNeeded(Form):
    text = TextField("Text", most=10)
    whole = WholeField("Whole")
    exact = ExactField("Exact")
    day = DayField("Day")
    ref = RefField("Ref")


@pytest.mark.parametrize("name", ["text", "whole", "exact", "day", "ref"])
@pytest.mark.parametrize("typed", ["", " ", "\t "])
def test_blanks_are_no_value(name, typed):
    form = AllNeeded(MultiDict({name: typed}))
    assert not form.validate()
    assert list(map(str, form[name].errors)) == ["This is needed."]


def test_zero_is_a_value():
    form = AllNeeded(MultiDict({"whole": "0", "exact": "0"}))
    form.validate()
    assert not form.whole.errors
    assert not form.exact.errors


@pytest.mark.parametrize("name", ["whole", "exact", "day", "ref"])
def test_a_wrong_value_gets_one_message(name):
    form = AllNeeded(MultiDict({name: "nonsense"}))
    form.validate()
    assert len(form[name].errors) == 1
