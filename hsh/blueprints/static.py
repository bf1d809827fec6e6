"""Static files as a browser gets them: named by their content, compressed, and kept for ever.

Scripts are sent as scripts/bundle_scripts.py made them at set-up, if they are of these sources.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

from hsh import config
from hsh.core.canonical import digest

STATIC = config.ROOT / "hsh" / "static"
BUNDLED = config.ROOT / "hsh" / "bundled"
INDEX = BUNDLED / "index.json"
_COMPRESSED = {"text/css", "text/javascript", "image/svg+xml"}


def asset(filename: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return url_for("static", filename=filename, v=_version(filename))


def _version(filename: str) -> str | None:
    """Return what stands for the file's content in its address; None when there is no file."""
    path = Path(current_app.static_folder or "", filename)
    return _fingerprint(*_dated(sent(filename))) if path.is_file() else None


def scripts() -> list[str]:
    """Return the names of all scripts of our own."""
    names = (path.relative_to(STATIC) for path in STATIC.rglob("*.js"))
    return sorted(name.as_posix() for name in names if name.parts[0] != "vendor")


def digest_of(names: list[str]) -> str:
    """Return what stands for the content of these files, and their names."""
    return digest(json.dumps([[name, (STATIC / name).read_text()] for name in names]))


@cache
def bundled() -> frozenset[str]:
    """Return the scripts that are sent in bundles with what they import; none of other sources.

    Asked of the disk once in a process, since every page asks: who changes a script starts anew.
    """
    if not INDEX.is_file():
        return frozenset()
    index = json.loads(INDEX.read_text())
    return frozenset(index["entries"] if index["sources"] == digest_of(scripts()) else ())


def sent(filename: str) -> Path:
    """Return the file that is sent for the static file ``filename``."""
    if filename.endswith(".js") and filename in bundled():
        return BUNDLED / filename
    return Path(current_app.static_folder or "", filename)


def _dated(path: Path) -> tuple[Path, int]:
    return path, path.stat().st_mtime_ns


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
    path = sent((request.view_args or {})["filename"])
    response.close()  # the file itself is not sent
    response.direct_passthrough = False
    response.set_data(_compressed(*_dated(path)))
    response.headers["Content-Encoding"] = "gzip"


@cache
def _fingerprint(path: Path, _changed: int) -> str:
    return digest(path.read_bytes().hex())[:10]


@cache
def _compressed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
