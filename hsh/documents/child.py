"""Renders one PDF in a process of its own, within limits, and never in the caller's.

A web process calls ``render``; ``python -m hsh.documents.child`` is the other end.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore

from hsh.documents.content import Anchor, Content, Numbers
from hsh.documents.errors import RenderFailedError

ROOT = Path(__file__).parents[2]
WALL_SECONDS = 60
CPU_SECONDS = 30
MEMORY_BYTES = 1024**3
SLOTS = BoundedSemaphore(2)
"""How many children one process may have at once; the next caller waits its turn."""


def render(
    content: Content,
    numbers: Numbers,
    anchor: Anchor,
    assets: Mapping[str, bytes],
    *,
    seconds: float = WALL_SECONDS,
) -> bytes:
    """Return the PDF of the document, as ``pdf.pdf`` makes it.

    Raises:
        RenderFailedError: the child ended badly, or took longer than ``seconds``.

    """
    request = {
        "content": content,
        "numbers": asdict(numbers),
        "anchor": asdict(anchor),
        "assets": {name: base64.b64encode(body).decode() for name, body in assets.items()},
    }
    if not SLOTS.acquire(timeout=seconds):
        raise RenderFailedError("too many documents are being rendered")
    try:
        return _asked(json.dumps(request).encode(), seconds)
    finally:
        SLOTS.release()


def _asked(request: bytes, seconds: float) -> bytes:
    command = [sys.executable, "-m", "hsh.documents.child"]
    try:
        child = subprocess.run(  # noqa: S603 - our own module, by our own interpreter
            command,
            input=request,
            capture_output=True,
            env=_environment(),
            cwd=ROOT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise RenderFailedError(f"no document after {seconds} seconds") from late
    except OSError as error:
        raise RenderFailedError(f"the child could not be started: {error}") from error
    if child.returncode or not child.stdout.startswith(b"%PDF-"):
        said = child.stderr.decode(errors="replace").strip()[-1000:]
        raise RenderFailedError(f"the child ended with {child.returncode}: {said}")
    return child.stdout


def _environment() -> dict[str, str]:
    """Return what the child may know: no secret and no database address is in it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


def _limit() -> None:
    """Bound this process, so that no document can take the machine."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: bytes) -> bytes:
    from hsh.documents.pdf import pdf  # noqa: PLC0415 - only the child itself imports WeasyPrint

    asked = json.loads(request)
    return pdf(
        asked["content"],
        numbers=Numbers(**asked["numbers"]),
        anchor=Anchor(**asked["anchor"]),
        assets={name: base64.b64decode(body) for name, body in asked["assets"].items()},
    )


if __name__ == "__main__":
    _limit()
    sys.stdout.buffer.write(_answer(sys.stdin.buffer.read()))
