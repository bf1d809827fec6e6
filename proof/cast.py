"""Everybody who may stand at a browser, for the goals that go through the web."""

from __future__ import annotations

from dataclasses import dataclass
from logging import CRITICAL
from uuid import uuid4

from sqlalchemy import select

from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.db import db
from hsh.models.people import User
from hsh.services.registry import users
from proof import staff
from proof.books import Books
from tests.visitor import Client, Visitor, a_session

SIGNED_OUT = ("anonymous", "off")
PEOPLE = ("anonymous", "driver-a", "driver-b", "supervisor", "admin", "accountant", "off")
"""Each driver has a truck at a depot of its own; the supervisor oversees the first depot alone.
``off`` was a driver, and still has the cookie of a session that nobody ended."""

_SIDES = {"driver-b": 1}
_ROLES = {
    "supervisor": (Role.SUPERVISOR, {"JURONG"}),
    "admin": (Role.ADMIN, set()),
    "accountant": (Role.ACCOUNTANT, set()),
    "off": (Role.DRIVER, set()),
}


def side(person: str) -> int:
    """Return which of the two depots and trucks are a person's own; the first where all are."""
    return _SIDES.get(person, 0)


def stranger_to(person: str) -> str:
    """Return somebody whose records are not ``person``'s."""
    return "driver-a" if side(person) else "driver-b"


@dataclass(frozen=True, kw_only=True)
class Login:
    """Whom a browser belongs to: the name to sign in with, and the id."""

    username: str
    id: int


class Cast:
    """The people of a company in ``books``, and browsers for them."""

    def __init__(self, books: Books) -> None:
        """Add those whom the company does not have yet."""
        books.app.test_client_class = Client
        books.app.testing = True
        books.app.logger.setLevel(CRITICAL)  # thousands of requests are not worth a line each
        self._books = books
        self._tokens: dict[str, str] = {}
        drivers = {"driver-a": books.world.drivers[0], "driver-b": books.world.drivers[1]}
        self._logins = {name: _login(found.actor) for name, found in drivers.items()}
        with books.app.app_context():
            for name in _ROLES:
                self._logins[name] = _add(name)
            users.switch_off(self._logins["off"].username, by=None)

    def login(self, person: str) -> Login:
        """Return by which name ``person`` signs in; the password is ``staff.PASSWORD``."""
        return self._logins.get(person) or Login(username="nobody", id=0)

    def at_browser(self, person: str) -> Visitor:
        """Return a browser that has the cookie of ``person``, signed in unless it is nobody's."""
        visitor = Visitor(self._books.app)
        if person != "anonymous":
            if person not in self._tokens:
                self._tokens[person] = self._sign_in(person)
            with visitor.client.session_transaction() as session:
                session.update(_user_id=self._tokens[person], _fresh=True)
        return visitor

    def forget_sessions(self) -> None:
        """Have everybody sign in anew: sessions have ended."""
        self._tokens.clear()

    def _sign_in(self, person: str) -> str:
        token = uuid4().hex
        with self._books.app.app_context():
            db.session.add(a_session(self.login(person), token, "Chrome/156 (Linux; Android 15)"))
            db.session.commit()
        return token


def _add(person: str) -> Login:
    role, depots = _ROLES[person]
    username = f"web-{person}"
    staff.add(username, person.title(), role, depots)
    found = db.session.scalars(select(User.id).where(User.username == username)).one()
    return Login(username=username, id=found)


def _login(actor: Actor) -> Login:
    return Login(username=actor.username, id=actor.id)
