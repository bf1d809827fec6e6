"""How gunicorn serves HSH, on a laptop and in production; docs/production.md says why.

HSH_BIND, HSH_WORKERS and HSH_THREADS change what machines differ in.
"""

import ctypes
import os
import sys
from pathlib import Path
from typing import Any


def _whole(name: str, default: int, least: int) -> int:
    """Read a whole number from the environment, or refuse to start and say why."""
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) >= least):
        sys.exit(f"{name} is {text!r}; it must be a whole number, {least} or more.")
    return int(text)


wsgi_app = "wsgi:app"
bind = os.environ.get("HSH_BIND") or "127.0.0.1:8000"

# Threads, because a request mostly waits for the database.
worker_class = "gthread"
workers = _whole("HSH_WORKERS", 2, 1)
threads = _whole("HSH_THREADS", 4, 1)

# Seconds until a worker without a sign of life is replaced, and that a stopping one has to finish.
timeout = 60
graceful_timeout = 30
# Longer than a proxy keeps an idle connection (nginx: 60 s): else a POST can meet a closing one.
keepalive = 75

# Who the client is, and whether by https, is decided in one place: the application trusts as many
# proxies as HSH_PROXIES says. gunicorn believes nobody's headers.
forwarded_allow_ips = ""

# The heartbeat must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no secret is kept there

# The application writes the request log, as JSON lines.
accesslog = None
errorlog = "-"
# It would be a file in the home folder that nobody asked for.
control_socket_disable = True

_M_ARENA_MAX = -8  # as glibc's malloc.h numbers it


def post_fork(_server: Any, _worker: Any) -> None:
    """Give all threads one heap: only one of them runs at a time, and each heap takes memory."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt:
            mallopt(_M_ARENA_MAX, 1)
