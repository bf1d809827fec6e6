"""One JSON line for each request: which, whose, how it ended, how long it took. No secrets.

The path is the route's pattern with the record's address in it, without the query: what people
search for is not written down.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from typing import TextIO, override
from uuid import uuid4

from flask import Flask, Response, g, has_request_context, request

_FIT = re.compile(r"[A-Za-z0-9._-]{8,64}")
_log = logging.getLogger("hsh.request")


def register(app: Flask) -> None:
    """Log every request of ``app``, and what goes wrong in it."""
    _configure(app.logger)
    app.before_request(_begin)
    app.after_request(_finish)


def request_id() -> str:
    """Return the id that this request has in the log: an error page shows it."""
    return str(g.get("request_id", ""))


class _Stdout(logging.StreamHandler[TextIO]):
    """Writes to whatever standard output is at the time."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stdout


class _JsonLine(logging.Formatter):
    """Writes an entry as one line of JSON, with the id of the request that it belongs to."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        written = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds")
        entry: dict[str, object] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "timestamp": written.replace("+00:00", "Z"),
            **getattr(record, "facts", {}),
        }
        if has_request_context():
            entry["request"] = request_id()
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, sort_keys=True, ensure_ascii=False, default=repr)


def _configure(logger: logging.Logger) -> None:
    """Write our own log and Flask's as JSON lines on standard output."""
    handler = _Stdout()
    handler.setFormatter(_JsonLine())
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _FIT.fullmatch(given) else uuid4().hex
    g.request_began = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    if request.endpoint != "static":
        _log.info("request", extra={"facts": _facts(response)})
    return response


def _path() -> str:
    """Return the path without the secret of a link: whoever reads the log could use it."""
    rule = request.url_rule
    return rule.rule if rule and "token" in rule.arguments else request.path


def _facts(response: Response) -> dict[str, object]:
    person = g.get("_login_user")
    return {
        "method": request.method,
        "route": request.endpoint,
        "path": _path(),
        "user": person.actor.username if getattr(person, "actor", None) else None,
        "address": request.remote_addr,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("request_began", 0)) * 1000, 1),
    }
