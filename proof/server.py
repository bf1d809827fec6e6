"""A MariaDB server of this proof alone, durable as in production, that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from hsh.config import ROOT
from hsh.db import engine_options

SCRIPT = ROOT / "scripts" / "mariadb"
LONGEST_START = 120
"""Seconds that a server may take to recover."""


@dataclass(kw_only=True)
class Server:
    """The server and the addresses of the two accounts on it."""

    home: Path
    owner: str
    app: str

    def kill(self) -> list[str]:
        """End it at once, as a power cut would; return the command that started it."""
        pid = int((self.home / "pid").read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists() and not _is_dead(pid):
            time.sleep(0.01)
        return command

    def await_commit(self, *, longest: float) -> None:
        """Return when the app is seen committing, or after ``longest`` seconds without luck.

        A server that is killed then leaves a commit whose outcome its sender does not know.
        """
        engine = create_engine(self.app, **engine_options(self.app))
        deadline = time.monotonic() + longest
        with engine.connect() as connection:
            while time.monotonic() < deadline:
                running = connection.exec_driver_sql("SHOW PROCESSLIST").mappings()
                if any(row["Info"] == "COMMIT" for row in running):
                    break
        engine.dispose()

    def start_again(self, command: list[str]) -> None:
        """Start it on the data that it left; return when it has recovered."""
        with (self.home / "server.log").open("ab") as log:
            subprocess.Popen(  # noqa: S603 - the command that it was started with before
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + LONGEST_START
        while not self._answers():
            if time.monotonic() > deadline:
                raise RuntimeError("the server did not come back")
            time.sleep(0.1)

    def _answers(self) -> bool:
        engine = create_engine(self.owner, **engine_options(self.owner))
        try:
            with engine.connect():
                return True
        except DBAPIError:
            return False
        finally:
            engine.dispose()


@contextmanager
def own_server() -> Iterator[Server]:
    """Start a server; stop it and throw its data away afterwards."""
    with tempfile.TemporaryDirectory(prefix="hsh-proof-") as folder:
        environ = os.environ | {"HSH_MARIADB": str(Path(folder) / "server")}
        try:
            printed = _script(environ, "start", "--durable")
            urls = dict(line.split("=", 1) for line in printed.splitlines())
            yield Server(
                home=Path(environ["HSH_MARIADB"]),
                owner=urls["HSH_TEST_DATABASE"],
                app=urls["HSH_TEST_APP_DATABASE"],
            )
        finally:
            _script(environ, "stop")


def _script(environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own script
        [SCRIPT, *arguments], env=environ, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _is_dead(pid: int) -> bool:
    """Tell whether a process is one that only waits for its parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
