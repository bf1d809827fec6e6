"""Static files as a browser gets them: named by their content, compressed, and kept for ever."""

from __future__ import annotations

import gzip
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

from hsh.core.canonical import digest

_COMPRESSED = {"text/css", "text/javascript", "image/svg+xml"}


def asset(filename: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return url_for("static", filename=filename, v=_version(filename))


def _version(filename: str) -> str | None:
    """Return what stands for the file's content in its address; None when there is no file."""
    path = Path(current_app.static_folder or "", filename)
    return _fingerprint(path, path.stat().st_mtime_ns) if path.is_file() else None


def register(app: Flask) -> None:
    """Let templates name static files by ``asset``, and send those well."""
    app.jinja_env.globals["asset"] = asset
    app.after_request(_send_well)


def _send_well(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code >= HTTPStatus.BAD_REQUEST:
        return response  # what was asked for may be no name that a disk can have
    if request.args.get("v") == _version((request.view_args or {})["filename"]):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    if response.status_code == HTTPStatus.OK and response.mimetype in _COMPRESSED:
        _compress(response)
    return response


def _compress(response: Response) -> None:
    """Send fewer bytes to who can unpack them; a tablet's first visit is over a phone network."""
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return
    path = Path(current_app.static_folder or "", (request.view_args or {})["filename"])
    response.close()  # the file itself is not sent
    response.direct_passthrough = False
    response.set_data(_compressed(path, path.stat().st_mtime_ns))
    response.headers["Content-Encoding"] = "gzip"


@cache
def _fingerprint(path: Path, _changed: int) -> str:
    return digest(path.read_bytes().hex())[:10]


@cache
def _compressed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
