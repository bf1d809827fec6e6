"""A tablet's queue is carried out: item after item in its order, each with an answer of its own."""

from __future__ import annotations

import logging
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from hsh.blueprints import words
from hsh.blueprints.device import items, ops
from hsh.blueprints.device.items import Item, Malformed, Sender
from hsh.core.command import Command, Outcome
from hsh.core.refusals import Refusal, RefusedForGood, Reported, Unavailable
from hsh.db import apart, atomic, remembering
from hsh.queries.books import submissions as book
from hsh.queries.books.submissions import Known
from hsh.services.books import submissions

TOGETHER = 50
"""Items in one transaction: others wait for the global locks no longer than that takes."""
_NOT_FINAL = 500
_log = logging.getLogger(__name__)


class State(StrEnum):
    """What became of an item."""

    APPLIED = "applied"
    REJECTED = "rejected"
    BLOCKED = "blocked"
    RETRY = "retry"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer to one item. ``code`` and ``message`` say why it was not applied."""

    form: UUID | None
    state: State
    code: str = ""
    message: str = ""
    field: str | None = None
    outcome: Outcome | None = None
    final: bool = False
    """Whether what waits for it need wait no more, although it was not applied."""


@dataclass(kw_only=True)
class Ready:
    """An item with the command that it asks for, or what is wrong with it."""

    item: Item
    command: Command | None = None
    refusal: Refusal | None = None


@dataclass(kw_only=True)
class Batch:
    """The items of one sender, and what is known of them so far."""

    sender: Sender
    known: Mapping[UUID, Known] = field(default_factory=dict)
    instead: Mapping[UUID, UUID] = field(default_factory=dict)
    results: dict[UUID, Result] = field(default_factory=dict)

    def run(self, sent: Sequence[Item]) -> dict[UUID, Result]:
        """Carry out ``sent`` in the order of the tablet; return the answer to each."""
        self._look_up(sent)
        self._carry_out([self._read(item) for item in sorted(sent, key=lambda item: item.seq)])
        return self.results

    def run_ready(self, ready: Sequence[Ready]) -> dict[UUID, Result]:
        """Carry out what was read before, in this order; return the answer to each."""
        self._look_up([one.item for one in ready])
        self._carry_out(ready)
        return self.results

    def _carry_out(self, ready: Sequence[Ready]) -> None:
        """Carry out what was read, so many in a transaction as are worth it."""
        for begin in range(0, len(ready), TOGETHER):
            some = ready[begin : begin + TOGETHER]
            try:
                self.results |= _together(self, some)
            except Exception:  # noqa: BLE001 - whatever it is, the others are not to suffer
                _log.exception("some items of a tablet's queue are taken one by one")
                self._one_by_one(some)

    def answer(self, ready: Ready, so_far: Mapping[UUID, Result]) -> Result:
        """Carry out one item inside an act; what it began is undone when it is refused."""
        item = ready.item
        if self._is_others(item):
            return Result(form=item.form, state=State.NOT_YOURS, code="not_yours")
        parent = next((ref for ref in item.refs if self._is_open(ref, so_far)), None)
        if parent and item.form not in self.known:
            return Result(form=item.form, state=State.BLOCKED, code="waits")
        try:
            outcome = self._do(ready)
        except Refusal as no:
            return self._refused(ready, no)
        return Result(form=item.form, state=State.APPLIED, outcome=outcome)

    def _do(self, ready: Ready) -> Outcome:
        known, command = self.known.get(ready.item.form), ready.command
        if known and (command or isinstance(ready.refusal, Reported)):
            content_hash = command.content_hash() if command else known.content_hash
            if known.replaced_by is None and known.content_hash == content_hash:
                return submissions.read_outcome(known.outcome)
            return submissions.first_answer(ready.item.form, content_hash)
        if command is None:
            raise ready.refusal or Malformed
        with apart():
            return ops.OPS[ready.item.op].service(command)

    def _refused(self, ready: Ready, no: Refusal) -> Result:
        item = ready.item
        if no.status >= _NOT_FINAL:
            return Result(form=item.form, state=State.RETRY, code=no.code, message=words.say(no))
        if item.op in ops.OPS and not isinstance(no, RefusedForGood):
            self._write_down(ready, no)
        return Result(
            form=item.form,
            state=State.REJECTED,
            code=no.code,
            message=words.say(no),
            field=no.field,
            final=isinstance(no, RefusedForGood),
        )

    def _write_down(self, ready: Ready, no: Refusal) -> None:
        sent = items.kept(ready.item, self.sender)
        if ready.command:
            submissions.log_refusal(ready.command, no, sent=sent)
        else:
            submissions.write_refusal(
                ready.item.form, no, op=ready.item.op, actor=self.sender.actor, sent=sent
            )

    def _look_up(self, sent: Sequence[Item]) -> None:
        """Ask the book once about every form that is named."""
        self.known = book.known({form for item in sent for form in (item.form, *item.refs)})
        closed = {
            form: submissions.read_outcome(known.outcome).ref
            for form, known in self.known.items()
            if known.replaced_by
        }
        self.instead = closed | {item.replaces: item.form for item in sent if item.replaces}

    def _read(self, item: Item) -> Ready:
        if item.report is not None:
            return Ready(item=item, refusal=Reported(note=item.report))
        try:
            return Ready(item=item, command=items.command(item, self.sender, self.instead))
        except Refusal as no:
            return Ready(item=item, refusal=no)

    def _is_others(self, item: Item) -> bool:
        known = self.known.get(item.form)
        if known and known.actor != self.sender.actor.id:
            return True
        return item.user is not None and item.user != self.sender.user

    def _is_open(self, ref: UUID, so_far: Mapping[UUID, Result]) -> bool:
        """Tell whether the form ``ref`` is yet to be done, so that what needs it must wait."""
        result = so_far.get(self.instead.get(ref, ref)) or so_far.get(ref)
        if result:
            return result.state != State.APPLIED and not result.final
        return ref not in self.known

    def _one_by_one(self, some: Sequence[Ready]) -> None:
        for ready in some:
            try:
                self.results |= _together(self, [ready])
            except Exception:  # noqa: BLE001 - as above; the tablet keeps the item
                _log.exception("an item of a tablet's queue could not be carried out")
                form = ready.item.form
                self.results[form] = Result(
                    form=form, state=State.RETRY, code="error", message=words.say(Unavailable())
                )


@atomic
def _together(batch: Batch, some: Sequence[Ready]) -> dict[UUID, Result]:
    """Carry out ``some`` in one transaction, all of it again when others stand in the way."""
    found: dict[UUID, Result] = {}
    with remembering():
        for ready in some:
            found[ready.item.form] = batch.answer(ready, ChainMap(found, batch.results))
    return found
