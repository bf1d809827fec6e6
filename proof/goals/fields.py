"""Fields: every column of every model, sent with every form by everybody, changes nothing.

Each form is sent twice to the same books at the same instant: as it is, and with the name of every
column that is not a field of its own. What stands in all tables afterwards must be the same. What
a form owns is a matter of its class, not of the database: one kind of database will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, String
from sqlalchemy.types import TypeEngine

from hsh.core import clock
from hsh.db import Base, db
from hsh.models.types import ExactType, RefType, UtcType
from proof import tables
from proof.cast import PEOPLE
from proof.errand import Aim, Errand
from proof.errands import ERRANDS, Desk, address, send
from proof.goal import Found, Goal, Task
from proof.tables import Rows, Watch

_SPELLINGS = ("{column}", "{table}-{column}", "{table}.{column}", "{table}[{column}]")
_VALUES: tuple[tuple[type[TypeEngine[Any]], tuple[str, str]], ...] = (
    (UtcType, ("2020-01-01T00:00:00+00:00", "2026-12-30 00:00:00")),
    (ExactType, ("0", "99.5")),
    (Date, ("2020-01-01", "2026-12-30")),
    (String, ("admin", "company")),
    (TypeEngine, ("1", "0")),
)
"""What is sent for a column of a type: something that would do, and something else."""
_RANDOM = re.compile(r"[0-9a-f]{12,64}|\$argon2\S*")
_DRAWS = {
    "sessions.enter", "sessions.finish", "account.change_password", "account.switch_on_factor",
    "account.renew_codes", "people.link", "welcome.choose",
}  # fmt: skip
"""Where the server draws a token or a salt, which then stands in hashes too."""
_QUOTING = {"refused_submissions"}
"""Keeps what was sent, word for word, for a supervisor to settle."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a request: the answer, and all tables unless nothing was written."""

    answer: tuple[int, str | None]
    tables: dict[str, Rows] | None


def run(task: Task) -> Found:
    """Send every form; ``task.size`` is how often."""
    with task.books() as books:
        desk = Desk(books)
        errands = [errand for errand in ERRANDS.values() if errand.method == "POST"]
        for person in PEOPLE:
            for errand in errands:
                desk.aim(errand, person)
        desk.cast.forget_sessions()  # a password given for an errand has ended them
        for person in PEOPLE:
            desk.cast.at_browser(person)
        books.keep()
        found, now = Found(), clock.now()
        with books.app.app_context():
            watch = Watch(db.engine)
        with clock.running(lambda: now):
            for _ in range(task.size):
                for errand in errands:
                    for person in PEOPLE:
                        found.add(_compare(desk, errand, person, watch))
        watch.stop()
        found.more = {"forms": len(errands), "people": len(PEOPLE), "columns": len(_columns())}
        return found


def extras(errand: Errand, ref: UUID, turn: int) -> dict[str, str]:
    """Return every column under every spelling, but what is a field of the form itself."""
    own = set(errand.form()._fields) if errand.form else set()
    return {
        name: _value(column, ref, turn)
        for column in _columns()
        for spelling in _SPELLINGS
        if (name := spelling.format(table=column.table.name, column=column.name)) not in own
    }


def _compare(desk: Desk, errand: Errand, person: str, watch: Watch) -> Found:
    aim = desk.aim(errand, person)
    plain = _send(desk, errand, person, aim, watch)
    found = Found()
    for said, more in _variants(desk, errand, aim):
        other = _send(desk, errand, person, more, watch)
        found.count += 1
        where = f"{person}: {errand.endpoint} with every column in its {said}"
        found.expect(other.answer == plain.answer, f"{where}: {other.answer}, not {plain.answer}")
        differs = _differences(plain.tables or {}, other.tables or {})
        found.expect(not differs, f"{where}: differs in {differs}")
    return found


def _variants(desk: Desk, errand: Errand, aim: Aim) -> Iterator[tuple[str, Aim]]:
    ref = desk.books.world.trucks[1].ref
    for turn in (0, 1):
        yield "form", replace(aim, form=extras(errand, ref, turn) | aim.form)
    asked = {name: value for name, value in extras(errand, ref, 0).items() if name not in aim.args}
    yield "query", replace(aim, query=asked)


def _send(desk: Desk, errand: Errand, person: str, aim: Aim, watch: Watch) -> Outcome:
    """Send a form; look at the books, and put them back to how they were."""
    visitor = desk.cast.at_browser(person)
    watch.changed()
    answer = send(visitor, address(desk.books.app, errand.endpoint, aim), aim)
    told = answer.status_code, answer.headers.get("Location")
    if not watch.changed():
        return Outcome(answer=told, tables=None)
    with desk.books.owner.connect() as connection:
        rows = tables.dump(connection)
    desk.books.again()
    return Outcome(answer=told, tables=_comparable(rows) if errand.endpoint in _DRAWS else rows)


def _comparable(rows: dict[str, Rows]) -> dict[str, Rows]:
    """Return the rows without what the server drew."""
    return {
        name: sorted(
            (tuple(_RANDOM.sub("#", v) if isinstance(v, str) else v for v in row) for row in some),
            key=repr,
        )
        for name, some in rows.items()
    }


def _differences(one: dict[str, Rows], other: dict[str, Rows]) -> list[str]:
    return sorted(
        name for name in one | other if name not in _QUOTING and one.get(name) != other.get(name)
    )


def _columns() -> list[Column[Any]]:
    return [column for found in Base.metadata.sorted_tables for column in found.columns]


def _value(column: Column[Any], ref: UUID, turn: int) -> str:
    if isinstance(column.type, RefType):
        return str(ref)
    return next(values for kind, values in _VALUES if isinstance(column.type, kind))[turn]


GOAL = Goal(
    name="fields",
    promise="every column of every model with every form, by everybody: nothing more changes",
    run=run,
    quick=1,
    full=1,
    databases=frozenset({"sqlite"}),
)
