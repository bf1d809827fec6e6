"""The app under gunicorn on a free loopback port, as production runs it, until the block ends."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@contextmanager
def serving(database_url, data_dir, *, port=None, root=ROOT, **settings):
    """Serve the app on a free loopback port until the block ends.

    ``root`` is where the app's files are; ``settings`` are added to the environment.
    """
    port = port or free_port()
    process = start(database_url, data_dir, port, root=root, **settings)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/healthz", process)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def start(database_url, data_dir, port, *, root=ROOT, start_new_session=False, **settings):
    """Start the app; return its process, which whoever asked for it ends."""
    environ = os.environ | {
        "DATABASE_URL": database_url,
        "HSH_DATA_DIR": str(data_dir),
        "HSH_BIND": f"127.0.0.1:{port}",
        "HSH_WORKERS": "1",
        **settings,
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:app"]
    with (data_dir / "server.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own server
            command, cwd=root, env=environ, stdout=log, stderr=log,
            start_new_session=start_new_session,
        )  # fmt: skip


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, process):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer within {START_SECONDS} s")
