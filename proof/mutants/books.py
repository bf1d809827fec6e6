"""Breakages of the books: transactions, stock, numbers, audit, submissions."""

from __future__ import annotations

from proof.mutants.mutant import Mutant, goal

_SERVICES = "hsh/services/books"
_TESTS = "tests/services/books"

MUTANTS = (
    Mutant(
        name="plain BEGIN instead of IMMEDIATE",
        file="hsh/db.py",
        old='"BEGIN IMMEDIATE" if write else "BEGIN"',
        new='"BEGIN"',
        tests=("tests/test_atomic.py",),
    ),
    Mutant(
        name="writers do not queue",
        file="hsh/db.py",
        old="fcntl.flock(descriptor, fcntl.LOCK_EX)",
        new="pass",
        tests=("tests/test_atomic.py",),
    ),
    Mutant(
        name="commits are not synced",
        file="hsh/db.py",
        old='"synchronous": "FULL"',
        new='"synchronous": "OFF"',
        tests=(goal("power-loss"),),
        needs=("strace",),
    ),
    Mutant(
        name="REPLACE walks past the guards",
        file="hsh/db.py",
        old='"recursive_triggers": "ON"',
        new='"recursive_triggers": "OFF"',
        tests=(f"{_TESTS}/test_audit.py",),
    ),
    Mutant(
        name="counter without lock",
        file=f"{_SERVICES}/numbering.py",
        old=".order_by(Counter.series).with_for_update()",
        new=".order_by(Counter.series)",
        tests=(goal("numbers"),),
        on_server=True,
    ),
    Mutant(
        name="a part that was refused leaves its notes",
        file="hsh/db.py",
        old="        undo()\n",
        new="",
        tests=(f"{_TESTS}/test_numbering.py", f"{_TESTS}/test_audit.py"),
    ),
    Mutant(
        name="what was left for the end is not written",
        file="hsh/db.py",
        old="            _write_the_last()\n",
        new="",
        tests=(f"{_TESTS}/test_audit.py",),
    ),
    Mutant(
        name="a number without its year",
        file=f"{_SERVICES}/numbering.py",
        old='    Counter.year == bindparam("in_year"),\n',
        new='    bindparam("in_year") > 0,\n',
        tests=(f"{_TESTS}/test_numbering.py",),
    ),
    Mutant(
        name="numbers by the date in London",
        file="hsh/core/clock.py",
        old="instant.astimezone(SINGAPORE).date()",
        new="instant.astimezone(UTC).date()",
        tests=("tests/services/logistics/test_confirm_distribution.py",),
    ),
    Mutant(
        name="relaxed row count in the ledger",
        file=f"{_SERVICES}/ledger.py",
        old="if rows_changed(done) != len(deltas):",
        new="if not rows_changed(done):",
        tests=(f"{_TESTS}/test_ledger.py",),
    ),
    Mutant(
        name="a truck may go below zero",
        file=f"{_SERVICES}/ledger.py",
        old="or_(StockLevel.place_kind == PlaceKind.OUTSIDE, after >= 0)",
        new="or_(StockLevel.place_kind == PlaceKind.OUTSIDE, after >= -1)",
        tests=(f"{_TESTS}/test_ledger.py",),
    ),
    Mutant(
        name="moves without levels",
        file=f"{_SERVICES}/ledger.py",
        old="    _carry(deltas, levels)\n",
        new="",
        tests=(f"{_TESTS}/test_ledger.py",),
    ),
    Mutant(
        name="levels are locked in any order",
        file=f"{_SERVICES}/ledger.py",
        old="    levels = _select_for_update(kinds)\n    missing",
        new="    levels = {}\n    for key in reversed(kinds):\n"
        "        levels |= _select_for_update([key])\n    missing",
        tests=("tests/test_concurrency.py", goal("stateful")),
        on_server=True,
    ),
    Mutant(
        name="levels are met by an index on equipment",
        file=f"{_SERVICES}/ledger.py",
        old='_BY_KEY = "FORCE INDEX (PRIMARY)"',
        new='_BY_KEY = ""',
        tests=(f"{_TESTS}/test_ledger.py",),
        on_server=True,
    ),
    Mutant(
        name="the head of the audit chain is not locked",
        file=f"{_SERVICES}/audit.py",
        old=".where(AuditHead.id == 1).with_for_update()",
        new=".where(AuditHead.id == 1)",
        tests=(goal("numbers"),),
        on_server=True,
    ),
    Mutant(
        name="a chain that forgets what was before",
        file=f"{_SERVICES}/audit.py",
        old="return digest(previous + body)",
        new="return digest(body)",
        tests=(goal("tampering"),),
    ),
    Mutant(
        name="audit in JSON that is not canonical",
        file="hsh/core/canonical.py",
        old="value, sort_keys=True, separators",
        new="value, sort_keys=False, separators",
        tests=("tests/core/test_canonical.py",),
    ),
    Mutant(
        name="audit in a JSON column",
        file="hsh/models/books.py",
        old="    body: Mapped[Long]\n",
        new="    body: Mapped[str] = mapped_column(__import__('sqlalchemy').JSON)\n",
        tests=(f"{_TESTS}/test_audit.py",),
    ),
    Mutant(
        name="a submission in a transaction of its own",
        file=f"{_SERVICES}/submissions.py",
        old="            _enter(command)\n",
        new="            _enter(command)\n            append.__globals__['db'].session.commit()\n",
        tests=(f"{_TESTS}/test_submissions.py",),
    ),
    Mutant(
        name="a refusal occupies the UUID",
        file=f"{_SERVICES}/submissions.py",
        old="    write_refusal(\n        command.submission,\n",
        new="    atomic(_enter)(command)\n    write_refusal(\n        command.submission,\n",
        tests=("tests/blueprints/device/test_ops.py",),
    ),
    Mutant(
        name="the same UUID with other content is taken for the same",
        file=f"{_SERVICES}/submissions.py",
        old="first.replaced_by is None and first.content_hash == content_hash:",
        new="first.replaced_by is None and first.content_hash:",
        tests=(f"{_TESTS}/test_submissions.py",),
    ),
    Mutant(
        name="a table of facts without triggers",
        file="migrations/versions/0001_the_books_begin.py",
        old='    "audit_entries",\n    "transactions",\n',
        new='    "transactions",\n',
        tests=(f"{_TESTS}/test_audit.py",),
    ),
    Mutant(
        name="an index is forgotten",
        file="migrations/versions/0001_the_books_begin.py",
        old='batch_op.create_index("ix_outbox_due", ["done_at", "next_try_at"], unique=False)',
        new="pass",
        tests=(goal("migrations"),),
    ),
)
