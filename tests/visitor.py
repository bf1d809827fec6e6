"""A browser without a screen: it keeps cookies and sends a form's CSRF token, as a page would."""

import re
from contextvars import Context
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from flask import has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from hsh.core import clock
from hsh.db import db
from hsh.models.people import UserSession
from hsh.services.registry.sessions import token_hash


class Client(FlaskClient):
    """Sends each request as from outside: nothing of the test's own context is known in it."""

    def open(self, *args, **kwargs):
        answer = Context().run(super().open, *args, **{"buffered": True} | kwargs)
        if has_app_context():
            db.session.rollback()  # the test looks afresh at what the request did
        return answer


HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


class Visitor:
    """Each call answers with the response; ``htmx=True`` asks as htmx does."""

    def __init__(self, app):
        self.app = app
        self.client = app.test_client()

    def enter(self, person, *, agent="Chrome/156 (Linux; Android 15)"):
        """Sign in without the slow comparing of passwords."""
        token = uuid4().hex
        with self.app.app_context():
            db.session.add(a_session(person, token, agent))
            db.session.commit()
        with self.client.session_transaction() as session:
            session.update(_user_id=token, _fresh=True)
        return self

    def get(self, path, *, htmx=False, **kwargs):
        headers = {**(HTMX if htmx else {}), **kwargs.pop("headers", {})}
        return self.client.get(path, headers=headers, **kwargs)

    def post(self, path, fields=None, *, htmx=False, csrf=True, **kwargs):
        """Send a form; ``csrf=False`` leaves its token out."""
        headers = {**(HTMX if htmx else {}), **kwargs.pop("headers", {})}
        data = {"csrf_token": self.csrf_token()} if csrf else {}
        return self.client.post(path, data=data | (fields or {}), headers=headers, **kwargs)

    def submit(self, path, fields=None, **kwargs):
        """Send a form that is a submission, under a fresh UUID unless ``fields`` bring one."""
        return self.post(path, {"client_temp_id": str(uuid4())} | (fields or {}), **kwargs)

    def csrf_token(self):
        """Return the token that a page of theirs would hold."""
        with self.client.session_transaction() as session:
            known = session.setdefault("csrf_token", "a" * 40)
        secret = self.app.config["SECRET_KEY"]
        return URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(known)


def a_session(person, token, agent):
    now = clock.now()
    return UserSession(
        token_hash=token_hash(token),
        user_id=person.id,
        created_at=now,
        expires_at=now + timedelta(days=1),
        revoked_at=None,
        agent=agent,
    )


def is_page(response):
    """Tell whether a whole page came, not a fragment of one."""
    return response.text.lstrip().lower().startswith("<!doctype html>")


def location(response):
    """Return the path that a redirect leads to."""
    parts = urlsplit(response.headers.get("Location", ""))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def words(response):
    """Return the text that a reader sees, in one line."""
    plain = re.sub(
        r"<(script|style|template)\b.*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", plain).strip()
