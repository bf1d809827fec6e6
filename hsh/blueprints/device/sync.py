"""/sync: a tablet says hello, and sends the forms that waited. See docs/offline.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from hsh.blueprints import words
from hsh.blueprints.access import allow, who
from hsh.blueprints.device import batch, envelope, items
from hsh.blueprints.device.batch import Batch, Result, State
from hsh.blueprints.device.items import Item, Sender
from hsh.blueprints.security import MIB
from hsh.core import clock
from hsh.core.refusals import Refusal, RefusedForGood, SubmissionReused
from hsh.core.words import Verdict
from hsh.queries.books import submissions as book
from hsh.services.books import submissions
from hsh.services.registry import devices

bp = Blueprint("sync", __name__, url_prefix="/sync")

TOLD_FOR = timedelta(days=30)
"""So long a tablet is told what its supervisor decided."""


@bp.get("/hello")
@allow("sync")
def hello() -> Response:
    """Say who is signed in, what time it is, and what was decided about this person's forms."""
    if "device_id" in request.args:
        devices.report(who(), current_user.token, envelope.report(request.args))
    return jsonify(
        user={"ref": current_user.ref, "username": who().username, "name": who().name},
        csrf_token=generate_csrf(),
        now=clock.now().isoformat(),
        schemas=[items.SCHEMA],
        most={"items": envelope.MOST_ITEMS, "bytes": MIB},
        settled=list(told(_settled())),
    )


@bp.post("")
@allow("sync")
def send() -> Response:
    """Carry out what a tablet kept; each item gets an answer of its own."""
    received = envelope.opened(envelope.parsed())
    devices.report(who(), current_user.token, received.report)
    sender = Sender(
        actor=who(),
        user=current_user.ref,
        device=received.report.device,
        ahead=received.report.ahead,
    )
    results = carried_out(received.items, sender)
    return jsonify(now=clock.now().isoformat(), map=_mapped(results), results=list(told(results)))


def carried_out(raw: Sequence[object], sender: Sender) -> list[Result]:
    """Carry out the items of one sender; return an answer to each, in the order given."""
    read = [_read(one) for one in raw]
    first: dict[UUID, Item] = {}
    for one in read:
        if isinstance(one, Item):
            first.setdefault(one.form, one)
    results = Batch(sender=sender).run(list(first.values()))
    return [
        one if isinstance(one, Result) else _answer(one, first, results) for one in read
    ]  # fmt: skip


def told(results: Iterable[Result]) -> Iterator[dict[str, Any]]:
    """Yield the answers as they go over the wire."""
    results = list(results)
    ids = _ids(results)
    for result in results:
        answer = {
            "client_temp_id": result.form,
            "state": result.state,
            "code": result.code,
            "message": result.message,
            "field": result.field,
        }
        yield answer | (_record(result, ids) if result.outcome else {})


def _mapped(results: Sequence[Result]) -> dict[str, Any]:
    ids = _ids(results)
    return {str(result.form): _record(result, ids) for result in results if result.outcome}


def _record(result: Result, ids: Mapping[UUID, int]) -> dict[str, Any]:
    outcome = result.outcome
    if outcome is None:
        return {}
    return {
        "type": outcome.record,
        "id": ids.get(outcome.ref),
        "ref": outcome.ref,
        "number": outcome.number,
        "document": outcome.document,
        "payable": outcome.payable,
    }


def _ids(results: Sequence[Result]) -> dict[UUID, int]:
    refs: dict[str, set[UUID]] = {}
    for result in results:
        if result.outcome:
            refs.setdefault(result.outcome.record, set()).add(result.outcome.ref)
    return {
        ref: number
        for record, some in refs.items()
        for ref, number in book.record_ids(record, some).items()
    }


def _read(raw: object) -> Item | Result:
    try:
        return items.read(raw)
    except Refusal as no:
        return _no(items.form_id(raw), no)


def _answer(item: Item, first: Mapping[UUID, Item], results: Mapping[UUID, Result]) -> Result:
    """Return the answer to ``item``; a second form under the same UUID is another matter."""
    if item != first[item.form]:
        return _no(item.form, SubmissionReused())
    return results[item.form]


def _no(form: UUID | None, refusal: Refusal) -> Result:
    return Result(
        form=form, state=State.REJECTED, code=refusal.code, message=words.say(refusal)
    )  # fmt: skip


def _settled() -> Iterator[Result]:
    for one in book.settled(who().id, clock.now() - TOLD_FOR):
        if one.verdict == Verdict.REFUSED:
            yield _no(one.form, RefusedForGood(reason=one.reason))
        else:
            outcome = submissions.read_outcome(one.outcome)
            yield Result(
                form=one.form, state=batch.State.APPLIED, message=one.reason, outcome=outcome
            )
