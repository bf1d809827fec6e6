"""The table of ops: an op's name leads to its form and its service.

Web forms, and whatever replays them later, take the same road: form, command, service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, abort, g, make_response, request
from flask.typing import ResponseReturnValue

from hsh.blueprints import toasts
from hsh.blueprints.access import who
from hsh.blueprints.forms import SubmissionForm
from hsh.core import roles
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refusals import Refusal
from hsh.services.books import submissions

HEADER = "X-HSH-Submission"
"""Echoes the submission's UUID in the answer to it (design part 6)."""
_REDRAWN = {409, 422}
_NOT_FINAL = 500


class FormUnfit(Refusal):
    """The form has fields that will not do. Params: ``problems``, a list of sentences."""

    code = "form_unfit"
    status = 422


@dataclass(frozen=True, kw_only=True)
class Op:
    """One act as the web knows it.

    ``endpoint`` is the POST route to whose address its form is sent. ``names`` says what the parts
    of that address are to the form's ``command``: ``{"ref": "distribution"}``. ``may_wait``: a
    tablet may keep the form and send it later. ``says`` tells what was made; None: the page does.
    """

    name: str
    form: type[SubmissionForm]
    service: Callable[[Any], Outcome]
    endpoint: str
    names: Mapping[str, str]
    may_wait: bool
    says: toasts.Says | None

    def record(self, parts: Mapping[str, Any]) -> dict[str, Any]:
        """Return the record that the ``parts`` of an address name, as ``command`` calls it."""
        return {name: parts[part] for part, name in self.names.items()}


OPS: dict[str, Op] = {}


def enter(  # noqa: PLR0913 - an op has this many sides, all named
    name: str,
    *,
    form: type[SubmissionForm],
    service: Callable[[Any], Outcome],
    endpoint: str,
    names: Mapping[str, str] | None = None,
    may_wait: bool = False,
    says: toasts.Says | None = None,
) -> None:
    """Enter an op into the table; its name is its action in ``core.roles.ACTIONS`` too."""
    if name not in roles.ACTIONS or name in OPS:
        raise RuntimeError(f"{name} is no action, or has two ops")
    OPS[name] = Op(
        name=name, form=form, service=service, endpoint=endpoint, names=names or {},
        may_wait=may_wait, says=says,
    )  # fmt: skip


def perform(
    name: str,
    form: SubmissionForm,
    *,
    redraw: Callable[[], ResponseReturnValue] | None = None,
) -> Outcome:
    """Do what ``form`` asks for on behalf of who is signed in, about the record in the address.

    ``redraw`` renders the form again, with what was typed and what is wrong beside it; the request
    ends there.

    Raises:
        Refusal: the business says no, and there is nothing to redraw.

    """
    g.submission = form.client_temp_id.data
    parts = request.view_args or {}
    try:
        outcome = carry_out(name, form, who(), OPS[name].record(parts))
    except Refusal as no:
        if redraw is None or no.status not in _REDRAWN:
            raise
        if not isinstance(no, FormUnfit):
            form.refuse(no)
        abort(make_response(redraw(), no.status))
    if says := OPS[name].says:
        toasts.tell(says(toasts.Made(form=form, outcome=outcome, parts=parts)))
    return outcome


def carry_out(name: str, form: SubmissionForm, actor: Actor, record: Mapping[str, Any]) -> Outcome:
    """Do what ``form`` asks for on behalf of ``actor``; a no is written down (law 5).

    Raises:
        Refusal: the business says no.

    """
    return done(name, command_of(name, form, actor, record))


def command_of(name: str, form: SubmissionForm, actor: Actor, record: Mapping[str, Any]) -> Command:
    """Return the command that ``form`` asks for.

    Raises:
        NotAllowed: the actor's roles do not include it.
        FormUnfit: the form has fields that will not do.

    """
    roles.require(actor.roles, name)
    if not form.validate():
        raise FormUnfit(problems=form.problems())
    return form.command(actor, **record)


def done(name: str, command: Command, *, sent: str | None = None) -> Outcome:
    """Run the service of ``command``; a no is written down, with what was ``sent`` by a tablet.

    Raises:
        Refusal: the business says no.

    """
    try:
        return OPS[name].service(command)
    except Refusal as no:
        if no.status < _NOT_FINAL:
            submissions.log_refusal(command, no, sent=sent)
        raise


def register(app: Flask) -> None:
    """Have answers name the submission that they answer."""
    app.after_request(_name_submission)


def _name_submission(response: Response) -> Response:
    if g.get("submission"):
        response.headers[HEADER] = str(g.submission)
    return response
