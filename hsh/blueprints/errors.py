"""What a person sees when something will not do: a page, a fragment, or JSON for a program.

None of it asks the database, which may be what is wrong.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError, generate_csrf
from jinja2_fragments.flask import render_block
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from hsh.blueprints import words
from hsh.blueprints.render import wants_fragment, wants_json
from hsh.blueprints.requestlog import request_id
from hsh.core.refusals import Refusal

CSRF_STATUS = 419
"""The form's token is out of date: kept and tried again, unlike a plain 400 (design part 6)."""

_TITLES = {
    400: _l("The server did not understand this"),
    403: _l("This is not yours to do"),
    404: _l("Nothing here"),
    405: _l("It cannot be done this way"),
    409: _l("This cannot be done now"),
    413: _l("That is too much at once"),
    CSRF_STATUS: _l("This page was open for too long"),
    422: _l("Something is not right yet"),
    429: _l("Too many tries"),
    500: _l("Something broke on our side"),
    503: _l("The books cannot be reached"),
}
_SENTENCES = {
    400: _l("Nothing was changed. Go back and try again."),
    403: _l("Your role does not include this. Ask your supervisor."),
    404: _l("There is no such page, or it is not one of yours."),
    405: _l("Nothing was changed. Go back and use the buttons of the page."),
    409: _l("Nothing was changed. Go back and look again."),
    413: _l("Nothing was changed. Send less in one go."),
    CSRF_STATUS: _l("Nothing was changed, and what you typed is still here. Send it again."),
    422: _l("Nothing was changed. Go back and look at what you entered."),
    429: _l("Nothing was changed. Wait a little, then try again."),
    500: _l("Try again. If it happens again, tell the office the number below."),
    503: _l("Nothing was changed. Wait a moment, then try again."),
}
_NOT_SHOWN = ("password", "csrf_token")
_KEPT_HEADERS = ("Allow", "Retry-After")


def register(app: Flask) -> None:
    """Answer every error in words."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _stale_token)
    app.register_error_handler(HTTPException, _http)
    for strange in (BadHost, SecurityError):
        app.register_error_handler(strange, _no_such_host)
    for unreachable in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(unreachable, _unreachable)


def _refused(refusal: Refusal) -> Response:
    return _answer(refusal.status, code=refusal.code, sentence=words.say(refusal))


def _http(error: HTTPException) -> Response:
    answer = _answer(error.code or 500)
    for name, value in error.get_headers():
        if name in _KEPT_HEADERS:
            answer.headers[name] = value
    return answer


def _no_such_host(_error: BadHost | SecurityError) -> Response:
    """Answer in bare words: a page has links, and without a host no link can be made."""
    return Response(f"{_SENTENCES[400]}\n", 400, mimetype="text/plain")


def _unreachable(error: Exception) -> Response:
    current_app.logger.error("the database cannot be reached", exc_info=error)
    return _answer(503, code="unavailable")


def _stale_token(_error: CSRFError) -> Response:
    """Give the page a fresh token; what was typed stays, or comes back with a button."""
    fresh = generate_csrf()
    if not (wants_fragment() or wants_json()) and _from_our_own_page():
        return _page(CSRF_STATUS, "", typed=_typed())
    answer = _answer(CSRF_STATUS, code="stale_page")
    answer.headers["X-CSRF-Token"] = fresh
    return answer


def _answer(status: int, *, code: str = "", sentence: str = "") -> Response:
    if wants_json():
        message = sentence or str(_worded(status, _SENTENCES))
        return _with_status(jsonify(error=code or str(status), message=message), status)
    if wants_fragment():
        return _fragment(status, sentence)
    return _page(status, sentence)


def _fragment(status: int, sentence: str) -> Response:
    """Answer htmx with a notice; the form that was sent stays as it is, and what was typed."""
    notice = render_block("errors/error.html", "notice", **_facts(status, sentence))
    answer = _with_status(make_response(notice), status)
    answer.headers.update({"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"})
    return answer


def _page(status: int, sentence: str, typed: list[tuple[str, str]] | None = None) -> Response:
    page = render_template("errors/error.html", typed=typed, **_facts(status, sentence))
    return _with_status(make_response(page), status)


def _facts(status: int, sentence: str) -> dict[str, object]:
    return {
        "status": status,
        "title": _worded(status, _TITLES),
        "sentence": sentence or _worded(status, _SENTENCES),
        "request_id": request_id(),
    }


def _worded(status: int, sentences: dict[int, str]) -> str:
    return sentences.get(status) or sentences[500 if status >= 500 else 400]  # noqa: PLR2004


def _with_status(answer: Response, status: int) -> Response:
    answer.status_code = status
    return answer


def _typed() -> list[tuple[str, str]]:
    """Return what the form held, to be sent again, without what must not stand in a page."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name for word in _NOT_SHOWN)
    ]


def _from_our_own_page() -> bool:
    """Tell whether one of our pages sent the form: a forged one gets no button to send it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin") or request.referrer or "").netloc == request.host
