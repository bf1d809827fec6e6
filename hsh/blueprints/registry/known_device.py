"""The browsers in which a person signed in before: a stranger's guesses do not lock those out.

A signed cookie holds a random id of the browser and hashes of the names that signed in there.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from hsh.blueprints.security import cookie_name
from hsh.core.canonical import digest

_KEPT = timedelta(days=365)
_MOST_NAMES = 20


def of(username: str) -> str | None:
    """Return this browser's id if ``username`` signed in here before, else None."""
    kept = _kept()
    return kept["id"] if kept and _hashed(username) in kept["names"] else None


def remember(answer: Response, username: str) -> None:
    """Have the browser remember that ``username`` signed in here."""
    kept = _kept() or {"id": secrets.token_hex(16), "names": []}
    others = [name for name in kept["names"] if name != _hashed(username)]
    kept["names"] = [_hashed(username), *others][:_MOST_NAMES]
    answer.set_cookie(
        _cookie(),
        _signer().dumps(kept),
        max_age=_KEPT,
        secure=current_app.config["HSH"].production,
        httponly=True,
        samesite="Lax",
    )


def _kept() -> dict[str, Any] | None:
    try:
        kept: dict[str, Any] = _signer().loads(
            request.cookies.get(_cookie(), ""), max_age=int(_KEPT.total_seconds())
        )
    except BadData:
        return None
    return kept


def _hashed(username: str) -> str:
    return digest(username)[:16]


def _cookie() -> str:
    return cookie_name(current_app.config["HSH"], "device")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known-device")
