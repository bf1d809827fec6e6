"""Hostile input to every form, filter and import: refused without a trace, never echoed as markup.

A refusal may leave a line in the log of refusals, and a failed sign-in its count and its audit
entry; nothing else. What is accepted is audited, and every law still holds at the end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from hsh.db import db
from hsh.models.books import AuditHead
from hsh.models.registry import Customer, Place, Site
from proof.cast import PEOPLE
from proof.errand import Errand
from proof.errands import ERRANDS, Desk, address
from proof.goal import Found, Goal, Task
from proof.goals import roles
from proof.haunt import broken_file, haunt
from proof.naughty import unescaped
from proof.tables import Watch
from proof.twists import Request, bitten, twisted
from tests.visitor import Visitor

BATCH = 500
"""Requests between two fresh beginnings: books that grow for ever are slow to prove."""
ONE_IMPORT_IN = 25
_SELDOM = {"documents.regenerate": 1, "account.change_password": 2, "sessions.enter": 4}
_AUDIT = {"audit_entries", "audit_head"}
_SEEN = {"devices", "user_sessions"}
"""What a tablet leaves by showing itself."""
_LEFT_BY_A_REFUSAL = {
    "sessions.enter": {"login_failures", *_AUDIT},
    "sessions.finish": {"login_failures", *_AUDIT},
    "account.change_password": {"login_failures"},
    "account.renew_codes": {"login_failures"},
    "account.switch_off_factor": {"login_failures"},
    "sync.hello": _SEEN,
    "sync.send": _SEEN,
}
_LEFT_UNSAID = {
    "sync.send": {"refused_submissions", *_SEEN},
    "sessions.enter": {"login_failures"},
}
"""Of what a tablet sends, each item is refused for itself; a log-in may come half way."""
_WRITTEN_BY_A_GET = {
    "print.page": {"receipt_prints", *_AUDIT},
    "print.transaction": {"receipt_prints", *_AUDIT},
    "sync.hello": _SEEN,
    "documents.download": {"stored_pdfs", *_AUDIT},
    "documents.numbered": {"stored_pdfs", *_AUDIT},
}
_IMPORTED = {"customers", "places", "sites", *_AUDIT}
_TOKEN = "the token of the page"  # noqa: S105 - stands for it
_LOOKS = {"distributions.look", "distributions.look_again", "sites.quote"}


@dataclass(kw_only=True)
class Siege:
    """One run: the desk, the sites with marks in their names, what was found so far."""

    desk: Desk
    sites: list[UUID]
    watch: Watch
    rng: Random
    allowed: dict[Errand, list[str]]
    found: Found = field(default_factory=Found)
    statuses: dict[int, int] = field(default_factory=dict)

    def request(self) -> None:
        """Send one request and look at what came of it."""
        errand = self._errand()
        may = self.allowed[errand]
        person = self.rng.choice(may if may and self.rng.randrange(8) else PEOPLE)
        request = twisted(self._plain(errand, person), self.rng)
        where = f"{person} at {errand.endpoint} ({', '.join(request.twists)})"
        visitor = self.desk.cast.at_browser(person)
        self.watch.changed()
        try:
            self._send(where, errand, request, visitor)
        except Exception as trouble:  # noqa: BLE001 - the very thing that is looked for
            self.found.faults.append(f"{where}: {type(trouble).__name__}: {trouble}"[:400])

    def bring_a_file(self) -> None:
        """Import a file of customers; all of it is taken, or nothing."""
        file = self.desk.books.home / "customers.csv"
        file.write_bytes(broken_file(self.rng))
        options = self.rng.choice([[], [], ["--dry-run"], ["--skip-bad"]])
        self.watch.changed()
        done = self.desk.books.app.test_cli_runner().invoke(
            args=["import", "customers", str(file), *options]
        )
        changed = self.watch.changed()
        where = f"import {' '.join(options)}".strip()
        stumbled = done.exception and not isinstance(done.exception, SystemExit)
        self.found.expect(not stumbled, f"{where}: {done.exception!r}"[:400])
        shown = done.output.replace("\n", "")
        self.found.expect(shown.isprintable(), f"{where}: says {shown!r}"[:400])
        written = set() if done.exit_code or "--dry-run" in options else _IMPORTED
        self.found.expect(changed <= written, f"{where}: {done.exit_code}, changed {changed}")

    def end(self) -> None:
        """Prove every law, and that no name has characters that nobody sees."""
        with self.desk.books.app.app_context():
            columns = (Customer.name, Customer.billing_address, Place.name, Site.street, Site.unit)
            for column in columns:
                for value in filter(None, db.session.scalars(select(column))):
                    plain = value.replace("\n", "").replace("\u200c", "").replace("\u200d", "")
                    self.found.expect(plain.isprintable(), f"{column}: {value!r}")
        self.found.faults += self.desk.books.broken()

    def _errand(self) -> Errand:
        weights = [
            _SELDOM.get(e.endpoint, 20) * (1 + (e.method == "POST")) for e in ERRANDS.values()
        ]
        return self.rng.choices(list(ERRANDS.values()), weights)[0]

    def _plain(self, errand: Errand, person: str) -> Request:
        """Return the request that would do, under a UUID of its own."""
        aim = self.desk.aim(errand, person)
        form = dict(aim.form)
        if "client_temp_id" in form:
            form["client_temp_id"] = str(UUID(int=self.rng.getrandbits(128), version=4))
        if "site" in aim.args and self.rng.randrange(2):
            aim = replace(aim, args=aim.args | {"site": self.rng.choice(self.sites)})
        if errand.method == "POST":
            form["csrf_token"] = _TOKEN
        path = address(self.desk.books.app, errand.endpoint, replace(aim, query={}))
        if aim.body is not None:
            queue = bitten(replace(aim, form={}).json(), self.rng)
            form, kind = {"csrf_token": _TOKEN}, "application/json"
            return Request(
                method=errand.method,
                path=path,
                fields=tuple(form.items()),
                content_type=kind,
                body=json.dumps(queue).encode(),
            )
        return Request(
            method=errand.method,
            path=path,
            fields=tuple(form.items()),
            query=tuple(aim.query.items()),
        )

    def _send(self, where: str, errand: Errand, request: Request, visitor: Visitor) -> None:
        answer = _send(request, visitor)
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        changed = self.watch.changed()
        self._look(where, answer)
        self._judge(where, errand, answer, changed)
        if changed:
            self.desk.forget(errand)
            self._look_again(where, answer, visitor)
        if "user_sessions" in changed:
            self.desk.cast.forget_sessions()

    def _look(self, where: str, answer: TestResponse) -> None:
        """See that nothing came back that a browser would obey."""
        status = answer.status_code
        self.found.expect(status < 500, f"{where}: {status}")  # noqa: PLR2004 - server errors
        if answer.mimetype == "text/html":
            marked = unescaped(answer.text)
            self.found.expect(marked is None, f"{where}: {marked!r}")
        to = answer.headers.get("Location", answer.headers.get("HX-Redirect", "/"))
        own = to.startswith("/") and to[1:2] not in {"/", "\\"}
        self.found.expect(own, f"{where}: leads to {to!r}")

    def _judge(self, where: str, errand: Errand, answer: TestResponse, changed: set[str]) -> None:
        """See that the tables have changed as the answer says."""
        refused = answer.status_code >= 400 or _asks_to_sign_in(answer)  # noqa: PLR2004 - errors
        if refused:
            left = {"refused_submissions"} | _LEFT_BY_A_REFUSAL.get(errand.endpoint, set())
            self.found.expect(changed <= left, f"{where}: {answer.status_code}, changed {changed}")
        elif errand.method == "GET" or errand.endpoint in _LOOKS:
            written = _WRITTEN_BY_A_GET.get(errand.endpoint, set())
            self.found.expect(changed <= written, f"{where}: read, changed {changed}")
        elif changed - _LEFT_UNSAID.get(errand.endpoint, set()):
            self.found.expect(changed >= _AUDIT, f"{where}: not audited, changed {changed}")

    def _look_again(self, where: str, answer: TestResponse, visitor: Visitor) -> None:
        """See where the answer leads, and what the audit book shows."""
        to = answer.headers.get("Location", "")
        if to.startswith("/") and not to.startswith("/login"):
            self._look(f"{where}, then {to}", visitor.get(to))
        with self.desk.books.app.app_context():
            newest = db.session.scalar(select(AuditHead.sequence))
        shown = self.desk.cast.at_browser("admin").get(f"/audit/{newest}")
        self._look(f"{where}, then /audit/{newest}", shown)


def _send(request: Request, visitor: Visitor) -> TestResponse:
    token = ("csrf_token", visitor.csrf_token())
    fields = tuple(token if pair[1] == _TOKEN else pair for pair in request.fields)
    request = replace(request, fields=fields)
    headers = [*request.headers]
    if request.body is not None:  # so that more than the token is looked at
        headers.append(("X-CSRFToken", token[1]))
    answer: TestResponse = visitor.client.open(
        request.target(),
        method=request.method,
        data=request.data(),
        content_type=request.content_type,
        headers=headers,
    )
    return answer


def run(task: Task) -> Found:
    """Send ``task.size`` requests and files."""
    with task.books() as books:
        desk, found = Desk(books), Found()
        sites = haunt(books.app, books.world, books.home)
        books.keep()
        rng = Random(task.seed)  # noqa: S311 - no secret
        with books.app.app_context():
            watch = Watch(db.engine)
        statuses: dict[int, int] = {}
        for many in _batches(task.size):
            desk.begin_again()
            siege = Siege(
                desk=desk, sites=sites, watch=watch, rng=rng, allowed=_allowed(), statuses=statuses
            )
            for turn in range(many):
                siege.request() if turn % ONE_IMPORT_IN else siege.bring_a_file()
            siege.end()
            found.add(siege.found)
        watch.stop()
        found.count = task.size
        found.more = {"answers": {str(status): n for status, n in sorted(statuses.items())}}
        return found


def _batches(size: int) -> Iterator[int]:
    for begin in range(0, size, BATCH):
        yield min(BATCH, size - begin)


def _allowed() -> dict[Errand, list[str]]:
    """Return for each errand the people whom it is not refused to: a form is read for them."""
    cells = roles.read(roles.TABLE)
    return {
        errand: [person for person in PEOPLE if cells[(*key, person)][0] not in roles.REFUSED]
        for key, errand in ERRANDS.items()
    }


def _asks_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 303 and answer.location.startswith("/login?")  # noqa: PLR2004


GOAL = Goal(
    name="hostile",
    promise="hostile input everywhere: no server error, no trace of a refusal, no markup echoed",
    run=run,
    quick=2_000,
    full=50_000,
)
