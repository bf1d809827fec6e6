"""Breakages of the road that a tablet's queue takes."""

from __future__ import annotations

from proof.mutants.mutant import Mutant

_BATCH = "hsh/blueprints/device/batch.py"
_ITEMS = "hsh/blueprints/device/items.py"
_BOOK = "hsh/services/books/submissions.py"
_SYNC = ("tests/blueprints/device/test_sync.py",)
_SETTLED = ("tests/blueprints/books/test_refusals.py",)

MUTANTS = (
    Mutant(
        name="items are taken in the order of the request",
        file=_BATCH,
        old="sorted(sent, key=lambda item: item.seq)",
        new="sent",
        tests=_SYNC,
    ),
    Mutant(
        name="what needs a refused form is tried all the same",
        file=_BATCH,
        old="if parent and item.form not in self.known:",
        new="if False:",
        tests=_SYNC,
    ),
    Mutant(
        name="what a refused item began stays",
        file="hsh/db.py",
        old="        savepoint.rollback()\n",
        new="        savepoint.commit()\n",
        tests=_SYNC,
    ),
    Mutant(
        name="another person's item is carried out",
        file=_BATCH,
        old="if self._is_others(item):",
        new="if False:",
        tests=_SYNC,
    ),
    Mutant(
        name="a form that was put right stays open",
        file=_BOOK,
        old="        if command.replaces:\n",
        new="        if False:\n",
        tests=_SYNC,
    ),
    Mutant(
        name="anybody's form can be put right",
        file=_BOOK,
        old="            _check_own(command.replaces, command)\n",
        new="",
        tests=_SYNC,
    ),
    Mutant(
        name="the tablet's clock is believed",
        file=_ITEMS,
        old="item.captured_at - sender.ahead",
        new="item.captured_at",
        tests=_SYNC,
    ),
    Mutant(
        name="an act that must not wait is taken from the queue",
        file=_ITEMS,
        old="if not op.may_wait:",
        new="if False:",
        tests=_SYNC,
    ),
    Mutant(
        name="a form refused for good can still be done",
        file="hsh/services/books/settlements.py",
        old="    close(command.refused, command, outcome, owner=found.person_id)\n",
        new="",
        tests=_SETTLED,
    ),
    Mutant(
        name="any supervisor settles any driver's form",
        file="hsh/queries/scope.py",
        old="    if Role.SUPERVISOR not in actor.roles:\n        return User.id == actor.id\n",
        new="    if Role.SUPERVISOR in actor.roles:\n        return true()\n",
        tests=_SETTLED,
    ),
)
