"""A browser without a screen, signed in as a person would."""

from __future__ import annotations

import re
from contextvars import Context

from flask import Flask
from werkzeug.test import TestResponse

from bench.figure import NotCountedError
from hsh.services.registry.passwords import DEMO_PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
OK = 200
SEE_OTHER = 303


class Browser:
    """Speaks to ``app`` in this process; each request is one of its own, as from outside."""

    def __init__(self, app: Flask, username: str = "") -> None:
        """Open the browser; sign in as ``username`` if one is given."""
        self.client = app.test_client()
        if username:
            self._sign_in(username)

    def get(self, path: str) -> TestResponse:
        """Return the page at ``path``.

        Raises:
            NotCountedError: it is not answered with 200.

        """
        answer = Context().run(self.client.get, path, buffered=True)
        if answer.status_code != OK:
            raise NotCountedError(f"{path} was answered with {answer.status_code}")
        return answer

    def stream(self, path: str) -> TestResponse:
        """Return the answer at ``path`` before its body was read."""
        return self.client.get(path)

    def _sign_in(self, username: str) -> None:
        fields = {"username": username, "password": DEMO_PASSWORD, "csrf_token": self.token()}
        answer = Context().run(self.client.post, "/login", data=fields, buffered=True)
        if answer.status_code != SEE_OTHER:
            raise NotCountedError(f"{username} could not sign in: {answer.status_code}")

    def token(self) -> str:
        """Return the token that the log-in form carries."""
        found = TOKEN.search(self.get("/login").text)
        if found is None:
            raise NotCountedError("the log-in page carries no token")
        return found[1]
