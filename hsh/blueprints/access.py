"""Who may open which page: each route names its action, and a route without one does not start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from hsh.blueprints.render import wants_fragment, wants_json
from hsh.core import roles
from hsh.core.command import Actor

_PUBLIC = "public"
_RULE = "hsh_action"
_DOORS = {"/login", "/login/code", "/logout"}
_DUE = "factor_due"
"""Stands in the signed cookie of who must set up a second factor before anything else."""
_SETTING_UP = "factor.own"


def allow[V: Callable[..., Any]](action: str) -> Callable[[V], V]:
    """Let those through whose roles may do ``action``, a key of ``core.roles.ACTIONS`` (law 11)."""

    def mark(view: V) -> V:
        setattr(view, _RULE, action)
        return view

    return mark


def public[V: Callable[..., Any]](view: V) -> V:
    """Let everyone through, signed in or not."""
    setattr(view, _RULE, _PUBLIC)
    return view


def who() -> Actor:
    """Return the person who is signed in. Only for routes that are not public."""
    actor: Actor = current_user.actor
    return actor


def may(action: str) -> bool:
    """Tell whether the person who is signed in may do ``action``: for what a page offers."""
    return current_user.is_authenticated and roles.may(who().roles, action)


def demand_factor(*, due: bool) -> None:
    """Let the person who is signed in do nothing but set up a second factor; or all again."""
    if due:
        session[_DUE] = True
    else:
        session.pop(_DUE, None)


def factor_is_due() -> bool:
    """Tell whether the person who is signed in must set up a second factor first."""
    return bool(session.get(_DUE))


def register(app: Flask) -> None:
    """Ask for the rule of each route before it runs."""
    public(app.view_functions["static"])
    app.before_request(_enforce)
    app.jinja_env.globals["may"] = may


def check(app: Flask) -> None:
    """Raise ``RuntimeError`` naming every route that lacks a rule or names an unknown action."""
    wrong = sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if _rule_of(app, rule.endpoint) not in {*roles.ACTIONS, _PUBLIC}
    )
    if wrong:
        raise RuntimeError(f"no rule says who may use: {', '.join(wrong)}")


def own_path(target: str) -> str | None:
    """Return ``target`` when it is a path of this site that is good to go to, else None."""
    parts = urlsplit(target)
    foreign = parts.scheme or parts.netloc or not target.startswith("/") or target[1:2] == "/"
    if foreign or parts.path in _DOORS or "\\" in target or not target.isprintable():
        return None
    return target


def _enforce() -> ResponseReturnValue | None:
    if request.endpoint is None:  # no such page; Flask says so by itself
        return None
    rule = _rule_of(current_app, request.endpoint)
    if rule == _PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _sign_in_first()
    if factor_is_due() and rule != _SETTING_UP:
        return _set_up_first()
    if not roles.may(who().roles, rule or ""):
        abort(403)
    return None


def _rule_of(app: Flask, endpoint: str) -> str | None:
    return getattr(app.view_functions[endpoint], _RULE, None)


def _sign_in_first() -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="signed_out"), 401
    if wants_fragment():
        seen = urlsplit(request.headers.get("HX-Current-URL", ""))
        return "", 401, {"HX-Redirect": _login_url(seen.path, seen.query)}
    seen = urlsplit(request.url if request.method == "GET" else request.referrer or "")
    return redirect(_login_url(seen.path, seen.query), 303)


def _set_up_first() -> ResponseReturnValue:
    address = url_for("account.factor")
    if wants_json():
        return jsonify(error="factor_due"), 401
    if wants_fragment():
        return "", 401, {"HX-Redirect": address}
    return redirect(address, 303)


def _login_url(path: str, query: str) -> str:
    target = own_path(f"{path}?{query}" if query else path)
    return url_for("sessions.login", next=None if target == "/" else target)
