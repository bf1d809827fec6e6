"""Roles: everybody at every route and method, about own, another's and absent records (law 11).

What each answer must be is written down in ``proof/roles.txt``. A refusal changes nothing, and a
record of another's is not told from one that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hsh.db import db
from proof import errands
from proof.cast import PEOPLE, SIGNED_OUT, stranger_to
from proof.errand import Errand
from proof.errands import ERRANDS, Desk, address
from proof.goal import Found, Goal, Task
from proof.tables import Watch

TABLE = Path(__file__).parents[1] / "roles.txt"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
WHOSE = ("own", "another's", "absent")
REFUSED = {"303in", "401", "403", "404", "405"}
LOG_OF_REFUSALS = {"refused_submissions"}

type Cells = dict[tuple[str, str, str], list[str]]
"""For an endpoint, a method and a person: the answers for own, another's and absent records."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request: who asks what, about whose record."""

    errand: Errand
    method: str
    person: str
    whose: str

    def __str__(self) -> str:
        """Write it for a reader."""
        return f"{self.person}: {self.method} {self.errand.endpoint}, {self.whose}"


def run(task: Task) -> Found:
    """Ask everything once; ``task.size`` is how often."""
    with task.books() as books:
        desk, found = Desk(books), Found()
        cells = read(TABLE)
        found.faults += _without_a_row(books.app, cells)
        with books.app.app_context():
            watch = Watch(db.engine)
        for _ in range(task.size):
            for errand in ERRANDS.values():
                for person in PEOPLE:
                    _ask_all(desk, errand, person, cells, watch, found)
        watch.stop()
        found.faults += books.broken()
        found.more = {"routes": len(ERRANDS), "people": len(PEOPLE)}
        return found


def read(file: Path) -> Cells:
    """Read the table of answers."""
    cells: Cells = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        method, endpoint, *row = line.split()
        anonymous, driver, *others = row
        for person, cell in zip(PEOPLE, [anonymous, driver, driver, *others], strict=True):
            answers = cell.split("/")
            cells[endpoint, method, person] = answers * (3 // len(answers))
    return cells


def _without_a_row(app: Flask, cells: Cells) -> list[str]:
    known = {(endpoint, method) for endpoint, method, _person in cells}
    return [
        *(f"no errand: {route}" for route in sorted(errands.missing(app))),
        *(f"no row: {route}" for route in sorted(map(str, ERRANDS.keys() - known))),
        *(f"no such route: {route}" for route in sorted(map(str, known - ERRANDS.keys()))),
    ]


def _ask_all(
    desk: Desk, errand: Errand, person: str, cells: Cells, watch: Watch, found: Found
) -> None:
    pages: dict[str, str] = {}
    for question in _questions(desk, errand, person):
        expected = _expected(desk, question, cells)
        answer, changed = _ask(desk, question, watch)
        found.count += 1
        told = _told(answer, question)
        found.expect(told in expected, f"{question}: {told}, not {' or '.join(sorted(expected))}")
        if told in REFUSED:
            found.expect(not changed - LOG_OF_REFUSALS, f"{question}: refused, changed {changed}")
        if told == "404" and question.method == errand.method:
            pages[question.whose] = _page(answer)
    same = len({pages[whose] for whose in WHOSE[1:] if whose in pages}) <= 1
    found.expect(same, f"{person}: {errand.endpoint}: another's 404 is not the 404 of nothing")


def _questions(desk: Desk, errand: Errand, person: str) -> Iterator[Question]:
    """Yield what to ask: all of the record with the method itself, the rest with other methods."""
    for whose in WHOSE if errand.record else WHOSE[:1]:
        yield Question(errand=errand, method=errand.method, person=person, whose=whose)
    for method in METHODS:
        if method not in _methods_at(desk, errand):
            yield Question(errand=errand, method=method, person=person, whose="own")
    if errand.method == "GET":
        yield Question(errand=errand, method="HEAD", person=person, whose="own")
    yield Question(errand=errand, method="OPTIONS", person=person, whose="own")


def _ask(desk: Desk, question: Question, watch: Watch) -> tuple[TestResponse, set[str]]:
    errand, person = question.errand, question.person
    aim = desk.aim(errand, stranger_to(person) if question.whose == "another's" else person)
    if question.whose == "absent" and errand.record:
        aim = aim.at_nothing(errand.record)
    visitor = desk.cast.at_browser(person)
    path = address(desk.books.app, errand.endpoint, aim)
    watch.changed()
    if question.method == "POST":
        answer = errands.send(visitor, path, aim)
    else:
        answer = visitor.client.open(path, method=question.method)
    changed = watch.changed()
    if changed - LOG_OF_REFUSALS:
        desk.forget(errand)
    if "user_sessions" in changed:
        desk.cast.forget_sessions()
    return answer, changed


def _expected(desk: Desk, question: Question, cells: Cells) -> set[str]:
    """Return the answers that will do."""
    errand, method = question.errand, question.method
    if method not in _methods_at(desk, errand):
        return {"405"}
    if method != "OPTIONS":
        row = cells.get((errand.endpoint, errand.method, question.person), ["?"] * 3)
        return {row[WHOSE.index(question.whose)]}
    at_the_door = REFUSED - {"404"}  # a 404 comes from the page itself, which OPTIONS does not open
    rows = [
        cells.get((rule.endpoint, each, question.person), ["?"])
        for rule in _rules_at(desk, errand)
        for each in (rule.methods or set()) & {"GET", "POST"}
    ]
    return {row[0] if row[0] in at_the_door else "200" for row in rows}


def _methods_at(desk: Desk, errand: Errand) -> set[str]:
    """Return the methods at the address of ``errand``, whichever endpoints they lead to."""
    return {method for rule in _rules_at(desk, errand) for method in rule.methods or ()}


def _rules_at(desk: Desk, errand: Errand) -> list[Rule]:
    """Return every rule of the address of ``errand``."""
    rules = list(desk.books.app.url_map.iter_rules())
    [here] = {rule.rule for rule in rules if rule.endpoint == errand.endpoint}
    return [rule for rule in rules if rule.rule == here]


def _told(answer: TestResponse, question: Question) -> str:
    if answer.status_code != 303:  # noqa: PLR2004 - See Other
        return str(answer.status_code)
    if not answer.location.startswith("/login"):
        return "303go"
    was_out = question.person in SIGNED_OUT and question.errand.endpoint != "sessions.leave"
    return "303in" if was_out else "303out"


def _page(answer: TestResponse) -> str:
    """Return an answer without the number of the request."""
    return re.sub(r"[0-9a-f]{32}", "", answer.text)


GOAL = Goal(
    name="roles",
    promise="everybody at every route, about own, another's and absent records: as written down",
    run=run,
    quick=1,
    full=1,
)
