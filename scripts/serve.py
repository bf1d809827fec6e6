#!/usr/bin/env python3
"""Serve HSH on this machine: the web server and one worker, which live and die together.

However this program ends, be it Ctrl-C, kill or kill -9, both end with it, and it ends with the
`make` that started it. HSH_PORT is the port on 127.0.0.1 (8000).
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 60
"""Seconds the server has until its first answer."""
STOP_WITHIN = 10
"""Seconds a part has to finish what it does; then it is ended."""
PR_SET_PDEATHSIG = 1

Part = subprocess.Popen[bytes]


def main() -> None:
    """Serve until told to stop, or until one of the two parts ends."""
    port = int(os.environ.get("HSH_PORT") or 8000)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_serving)
    if "MAKELEVEL" in os.environ:
        end_with_parent()
    parts: list[Part] = []
    try:
        with listening(port) as sock:
            parts.append(web_server(sock))
            parts.append(start(["flask", "worker"]))
        wait_for_answer(f"http://127.0.0.1:{port}/healthz", parts)
        greet(f"http://127.0.0.1:{port}")
        wait_for_end(parts)
    finally:
        stop(parts)


def stop_serving(*_: object) -> NoReturn:
    """Leave in good order: this is how a server is meant to end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.exit(0)


def listening(port: int) -> socket.socket:
    """Take the port, or say who cannot have it."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
    except OSError as reason:
        sys.exit(f"Cannot serve on port {port}: {reason.strerror}. Another: HSH_PORT=8001 make run")
    return sock


def web_server(sock: socket.socket) -> Part:
    """Start gunicorn on the port already taken."""
    bind = f"fd://{sock.fileno()}"
    gunicorn = ["gunicorn", "--bind", bind, "--log-level", "warning", "app:app"]
    return start(gunicorn, pass_fds=[sock.fileno()])


def start(command: list[str], pass_fds: list[int] | None = None) -> Part:
    """Start a part in a process group of its own, so that Ctrl-C reaches it through us alone."""
    return subprocess.Popen(  # noqa: S603 - the commands stand in this file
        [sys.executable, "-m", *command],
        cwd=ROOT,
        pass_fds=pass_fds or [],
        start_new_session=True,
        preexec_fn=child_of(os.getpid()),  # noqa: PLW1509 - there is one thread here
    )


def child_of(parent: int) -> Callable[[], None]:
    """Make what a new child does first: tie its life to ours, which may just have ended."""

    def tie() -> None:
        end_with_parent()
        if os.getppid() != parent:
            os._exit(1)

    return tie


def end_with_parent() -> None:
    """Have Linux send SIGTERM to this process when its parent ends, however it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_for_answer(address: str, parts: list[Part]) -> None:
    """Return when the server says it is well; give up when a part ends or time is over."""
    give_up = time.monotonic() + READY_WITHIN
    while not answers(address):
        if any(part.poll() is not None for part in parts):
            sys.exit("HSH could not start; the reason stands above.")
        if time.monotonic() > give_up:
            sys.exit(f"HSH did not answer at {address} within {READY_WITHIN} seconds.")
        time.sleep(0.1)


def answers(address: str) -> bool:
    """Tell whether the server answers 200 there."""
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own http address
            return True
    except OSError:
        return False


def greet(address: str) -> None:
    """Say where HSH is and who may log in to its demo company."""
    sys.stdout.write(
        f"\nHSH is ready at {address}\n"
        f"Log in at {address}/login as driver, driver2, supervisor, admin or accountant;"
        " the password is hsh-demo\n"
        "Ctrl-C stops it.\n\n"
    )
    sys.stdout.flush()


def wait_for_end(parts: list[Part]) -> None:
    """Return never while both run: half a system would look whole."""
    while all(part.poll() is None for part in parts):
        time.sleep(0.3)
    sys.exit("A part of HSH ended by itself, so all of it stops; the reason stands above.")


def stop(parts: list[Part]) -> None:
    """Ask every part to finish, then end with force what is left of it and of what it started."""
    for part in parts:
        part.terminate()
    give_up = time.monotonic() + STOP_WITHIN
    for part in parts:
        with contextlib.suppress(subprocess.TimeoutExpired):
            part.wait(max(0, give_up - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(part.pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
