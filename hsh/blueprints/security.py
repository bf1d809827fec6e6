"""What keeps strangers out of the browser: headers, cookies, limits, form tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, IntegerConverter, Map, UUIDConverter

from hsh.config import Settings
from hsh.services.registry.sessions import LIFETIME

MIB = 2**20
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    ),
    # A form sent over https without a Referer counts as forged, so it must reach our own pages.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    # The tablet tells our answers from a captive portal's by this (design part 6).
    "X-HSH": "1",
}
_A_YEAR = 31_536_000
_LARGE = "hsh_most_bytes"


class Id(IntegerConverter):
    """An id in an address: one larger than any that a database keeps leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        """Take no id of more than fifteen digits."""
        super().__init__(url_map, max=10**15 - 1)


class Key(BaseConverter):
    """The key of a record in an address: its ref, or its id where it has none."""

    regex = rf"[0-9]{{1,15}}|{UUIDConverter.regex}"


def register(app: Flask) -> None:
    """Guard ``app``; in production also by what needs https."""
    settings: Settings = app.config["HSH"]
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name(settings, "session"),
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=LIFETIME,
        MAX_CONTENT_LENGTH=MIB,
        MAX_FORM_MEMORY_SIZE=MIB // 2,
        MAX_FORM_PARTS=1000,
        # A token lives as long as its session: a form left open over lunch still works.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.url_map.converters.update(int=Id, key=Key)
    # An address with a doubled slash is nobody's: no redirect is made from what a stranger wrote.
    app.url_map.merge_slashes = False
    app.config["TRUSTED_HOSTS"] = list(settings.hosts) or None
    app.before_request(_let_large_files_in)  # before the form is read for its token
    CSRFProtect(app)
    app.after_request(_guard)
    if settings.production:
        app.after_request(_only_https)
    if settings.proxies:
        trusted = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted)  # type: ignore[method-assign]


def large[V: Callable[..., Any]](most: int) -> Callable[[V], V]:
    """Let a view's form have so many bytes: it takes a file."""

    def mark(view: V) -> V:
        setattr(view, _LARGE, most)
        return view

    return mark


def _let_large_files_in() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    most: int | None = getattr(view, _LARGE, None)
    if most is not None:
        request.max_content_length = most


def cookie_name(settings: Settings, name: str) -> str:
    """Return the cookie's name; a browser takes ``__Host-`` from this very host and https alone."""
    return f"__Host-hsh-{name}" if settings.production else f"hsh-{name}"


def _guard(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _only_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}"
    return response
