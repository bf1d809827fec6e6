"""Who is at the browser: Flask-Login asks, one query answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import override
from uuid import UUID

from flask import Flask, Response, g
from flask_login import LoginManager, UserMixin, current_user

from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.roles import Role
from hsh.queries.registry import people
from hsh.services.registry.sessions import token_hash

HEADER = "X-HSH-User"


@dataclass(frozen=True, kw_only=True, eq=False)
class Person(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """The person at the browser. Holds no database row, so that nothing is loaded by surprise."""

    actor: Actor
    ref: UUID
    locale: str
    token: str
    """Names the session; it lives in the signed cookie and, hashed, in the database."""

    @override
    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token

    @property
    def in_the_field(self) -> bool:
        """Whether they only drive: their pages are made for one hand and a glove."""
        return self.actor.roles == {Role.DRIVER}


def register(app: Flask) -> None:
    """Recognise people by their session's token."""
    # Not added to every template's context: that would ask the database on each error page.
    manager = LoginManager(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user
    # A tablet's address changes with every cell; the session is bound to its token alone.
    manager.session_protection = None
    manager.user_loader(_person)
    app.after_request(_say_who)


def _say_who(response: Response) -> Response:
    """Tell the tablet whose answer this is, so that it keeps nobody's pages for another.

    Said only where the request asked who it is: "-" is nobody.
    """
    person = g.get("_login_user")
    if person is not None:
        response.headers[HEADER] = str(getattr(person, "ref", "-"))
    return response


def _person(token: str) -> Person | None:
    found = people.signed_in(token_hash(token), clock.now())
    if found is None:
        return None
    return Person(actor=found.actor, ref=found.ref, locale=found.locale, token=token)
