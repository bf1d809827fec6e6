"""/queue: the office takes in what a tablet could not send itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from hsh.blueprints import words
from hsh.blueprints.access import allow, who
from hsh.blueprints.books.acts import ACTIONS
from hsh.blueprints.device import envelope, items, sync
from hsh.blueprints.device.batch import Result, State
from hsh.blueprints.device.items import Sender
from hsh.blueprints.render import render
from hsh.core.command import Actor
from hsh.core.refusals import Refusal
from hsh.queries.registry import devices, people

bp = Blueprint("queue", __name__, url_prefix="/queue")


@dataclass(frozen=True, kw_only=True)
class Line:
    """What became of one item of the file."""

    op: Any
    person: str
    result: Result


@bp.get("")
@allow("queue.import")
def choose() -> str:
    """Ask for the file that the tablet saved."""
    return _page()


@bp.post("")
@allow("queue.import")
def bring() -> ResponseReturnValue:
    """Carry the file's items out in the names of those who made them."""
    try:
        received = envelope.opened(envelope.checked(_file()))
    except Refusal as no:
        return _page(problem=words.say(no)), no.status
    lines = list(_brought(received))
    return _page(lines=lines)


def _file() -> object:
    sent = request.files.get("queue")
    try:
        return json.load(sent.stream) if sent else None
    except (ValueError, RecursionError):
        raise envelope.BadEnvelope(what="json") from None


def _brought(received: envelope.Envelope) -> Iterator[Line]:
    """Yield what became of each item; those of one person keep their order."""
    owners: dict[UUID | None, list[object]] = {}
    for raw in received.items:
        owners.setdefault(items.owner(raw), []).append(raw)
    known = people.overseen(who(), [owner for owner in owners if owner])
    for owner, raws in owners.items():
        actor = known.get(owner) if owner else None
        results = _results(owner, actor, raws, received.report.device)
        for raw, result in zip(raws, results, strict=True):
            yield Line(op=_op(raw), person=actor.name if actor else "", result=result)


def _results(
    owner: UUID | None, actor: Actor | None, raws: list[object], device: str
) -> list[Result]:
    if owner is None or actor is None:
        return [
            Result(form=items.form_id(raw), state=State.NOT_YOURS, code="not_yours")
            for raw in raws
        ]  # fmt: skip
    ahead = devices.clock_ahead(actor.id, device)
    sender = Sender(actor=actor, user=owner, device=device, ahead=ahead, approved_by=who())
    return sync.carried_out(raws, sender)


def _op(raw: object) -> Any:
    named: Mapping[str, Any] = raw if isinstance(raw, dict) else {}
    op = named.get("op")
    return ACTIONS.get(op, op) if isinstance(op, str) else ""


def _page(*, lines: list[Line] | None = None, problem: str = "") -> str:
    return render("books/queue.html", block="queue", lines=lines, problem=problem, states=State)
