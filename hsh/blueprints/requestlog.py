"""One JSON line for each request: which, whose, how it ended, how long it took. No secrets.

The path is the route's pattern with the record's address in it, without the query: what people
search for is not written down.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from typing import TextIO
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

_FIT = re.compile(r"[A-Za-z0-9._-]{8,64}")
_log = structlog.get_logger("hsh.request")

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


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


def _configure(logger: logging.Logger) -> None:
    """Write our own log and Flask's as JSON lines on standard output."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = _Stdout()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False),
            ],
        )
    )
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _FIT.fullmatch(given) else uuid4().hex
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    if request.endpoint != "static":
        _log.info("request", **_facts(response))
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
