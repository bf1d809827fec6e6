"""Which language and which clock a person reads; every sentence goes through here."""

from __future__ import annotations

from flask import Flask, g, has_request_context
from flask_babel import Babel, get_locale

LOCALES = {"en": "en_SG"}
"""The languages there are, and for each the customs by which Singapore writes dates and numbers."""


def register(app: Flask) -> None:
    """Choose the language of each answer."""
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES["en"]
    Babel(app, locale_selector=_locale, default_timezone="Asia/Singapore")
    app.jinja_env.globals["language"] = _tag


def _locale() -> str:
    """Return the person's language. Never asks the database: an error page must not."""
    person = g.get("_login_user") if has_request_context() else None
    return LOCALES.get(getattr(person, "locale", "en"), LOCALES["en"])


def _tag() -> str:
    """Return the language as HTML names it."""
    return str(get_locale()).replace("_", "-")
