"""The office's end: the app under gunicorn, which can be killed, and its database, locked."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from pysqlite3 import dbapi2 as sqlite

from proof.books import file_of, url_of
from tests.browser import serving


@dataclass(kw_only=True)
class Office:
    """The server of the books in ``home``, at ``port`` for as long as it lives, and again after."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End the server at once, as a power cut would, and start another."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = _start(self.home, self.port)

    def await_answer(self) -> None:
        """Return when it answers."""
        serving.wait_for(f"http://127.0.0.1:{self.port}/healthz", self.process)

    def lock(self, seconds: float) -> None:
        """Let nobody write for so long; return at once."""
        Thread(target=self._hold, args=[seconds], daemon=True).start()

    def _hold(self, seconds: float) -> None:
        with closing(sqlite.connect(str(file_of(self.home)), timeout=60)) as held:
            held.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            held.rollback()


@contextmanager
def office(home: Path) -> Iterator[Office]:
    """Serve the embedded books of ``home`` until the block ends."""
    port = serving.free_port()
    served = Office(home=home, port=port, process=_start(home, port))
    try:
        served.await_answer()
        yield served
    finally:
        served.process.terminate()
        served.process.wait(60)


def _start(home: Path, port: int) -> subprocess.Popen[bytes]:
    process: subprocess.Popen[bytes] = serving.start(
        url_of(home), home, port, start_new_session=True
    )
    return process
