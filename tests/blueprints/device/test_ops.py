from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

import pytest

from hsh.blueprints.access import allow
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.forms import SubmissionForm
from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid, StaleVersion, Unavailable
from hsh.db import atomic, db
from hsh.models.books import RefusedSubmission, Submission
from hsh.services.books.submissions import once
from tests import given
from tests.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class Say(Command):
    op: ClassVar[str] = "home"
    record: UUID
    text: str


class SayForm(SubmissionForm):
    text = TextField("Text", most=20)

    def command(self, actor, *, record):
        return Say(**self.envelope(actor), record=record, text=self.text.data)


@atomic
@once
def say(command):
    match command.text:
        case "invalid":
            raise Invalid(field="text", reason="missing")
        case "stale":
            raise StaleVersion
        case "busy":
            raise Unavailable
    return Outcome(record="words", ref=command.submission)


@pytest.fixture
def speaker(make_app, monkeypatch):
    """Someone signed in at an app with one op, and its page at /say."""
    monkeypatch.setattr(ops, "OPS", {})
    ops.enter("home", form=SayForm, service=say, endpoint="say", names={"about": "record"})
    app = make_app()

    @allow("home")
    def speak(about):
        form = SayForm.sent()
        done = ops.perform("home", form, redraw=lambda: page(form))
        return f"said {done.ref}"

    @allow("home")
    def speak_plainly(about):
        return f"said {ops.perform('home', SayForm.sent()).ref}"

    where = {"methods": ["POST"], "defaults": {"about": uuid4()}}
    app.add_url_rule("/say", "say", speak, **where)
    app.add_url_rule("/plain", "plain", speak_plainly, **where)
    with app.app_context():
        person = given.a_driver()
    visitor = Visitor(app).enter(person)
    visitor.app_context = app.app_context
    return visitor


def page(form):
    return f"form with {form.text.data!r}: {'; '.join(form.problems())}"


def test_a_good_form_is_done_and_its_answer_names_it(speaker):
    ref = str(uuid4())
    answer = speaker.post("/say", {"client_temp_id": ref, "text": "hello"})
    assert (answer.status_code, answer.text) == (200, f"said {ref}")
    assert answer.headers["X-HSH-Submission"] == ref


def test_the_same_form_sent_twice_is_done_once(speaker):
    fields = {"client_temp_id": str(uuid4()), "text": "hello"}
    assert [speaker.post("/say", fields).text for _ in range(2)] == [
        f"said {fields['client_temp_id']}"
    ] * 2
    with speaker.app_context():
        assert db.session.query(Submission).count() == 1


def test_a_wrong_field_is_shown_with_what_was_typed(speaker):
    ref = str(uuid4())
    answer = speaker.post("/say", {"client_temp_id": ref, "text": "x" * 21})
    assert answer.status_code == 422
    assert answer.text == f"form with {'x' * 21!r}: Text: At most 20 characters."
    assert answer.headers["X-HSH-Submission"] == ref


@pytest.mark.parametrize(
    ("text", "status", "problem"),
    [("invalid", 422, "Text: This is needed."), ("stale", 409, "Someone changed this")],
)
def test_a_refusal_is_shown_in_the_form_and_written_down(speaker, text, status, problem):
    answer = speaker.submit("/say", {"text": text})
    assert answer.status_code == status
    assert problem in answer.text
    with speaker.app_context():
        kept = db.session.query(RefusedSubmission).one()
        assert str(kept.client_temp_id) == answer.headers["X-HSH-Submission"]


def test_a_refusal_without_a_form_to_show_is_an_error_page(speaker):
    answer = speaker.submit("/plain", {"text": "stale"})
    assert answer.status_code == 409
    assert "<!doctype html>" in answer.text


def test_a_refused_form_may_be_put_right_and_sent_again(speaker):
    ref = str(uuid4())
    speaker.post("/say", {"client_temp_id": ref, "text": "stale"})
    assert speaker.post("/say", {"client_temp_id": ref, "text": "hello"}).status_code == 200


def test_busy_books_are_not_a_refusal(speaker):
    answer = speaker.submit("/say", {"text": "busy"})
    assert answer.status_code == 503
    with speaker.app_context():
        assert db.session.query(RefusedSubmission).count() == 0


@pytest.mark.parametrize("ref", ["", "x", "{}", "0" * 36])
def test_a_form_without_a_uuid_changes_nothing(speaker, ref):
    answer = speaker.post("/say", {"client_temp_id": ref, "text": "hello"})
    assert answer.status_code == 422
    with speaker.app_context():
        assert db.session.query(Submission).count() == 0


def test_an_op_must_be_an_action(monkeypatch):
    monkeypatch.setattr(ops, "OPS", {})
    with pytest.raises(RuntimeError, match="say\\.it"):
        ops.enter("say.it", form=SayForm, service=say, endpoint="say")


def test_every_op_has_one_name(app):
    for name, op in ops.OPS.items():
        assert op.name == name
