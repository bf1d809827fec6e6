"""How long a web process takes to start and answer, and how much memory it then keeps."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import books, server
from bench.company import found
from bench.figure import Bars, Figure, alone, in_turn
from bench.plan import Plan
from hsh.config import ROOT

STARTED = Bars(must=3, aim=2)
MEMORY = Bars(must=90, aim=70)
REQUESTS = 1_000
MIB = 1024

_OURS = "import wsgi; assert wsgi.app.test_client().get('/login').status_code == 200"
_FLOOR = "import flask, sqlalchemy.orm"


def measure(plan: Plan) -> Iterator[Figure]:
    """Yield the time of ``import wsgi`` with a first page, and a worker's memory."""
    subprocess.run([ROOT / "scripts" / "compile"], check=True)  # noqa: S603 - as setup leaves a server
    file = plan.home / "start.sqlite3"
    with books.opened(books.sqlite_url(file), plan.home):
        sellers = found()
    environ = server.settings(file, plan.home)
    seconds = in_turn(
        plan.pairs, lambda: _seconds(_OURS, environ), lambda: _seconds(_FLOOR, environ)
    )
    name = "import wsgi and a first 200 / Flask and SQLAlchemy"
    yield seconds.figure(name, STARTED, unit="s")
    with server.started(environ, workers=1) as running:
        visits = server.Visitor(running.address, sellers[0])
        visits.browse(REQUESTS)
        resident = max(map(_resident, running.workers()))
    note = f"after {REQUESTS:,} requests, one worker with {server.THREADS} threads"
    yield alone("memory of a web worker", resident, MEMORY, unit="MiB", note=note)


def _seconds(program: str, environ: dict[str, str]) -> float:
    """Return the seconds that a fresh interpreter takes to run ``program``."""
    began = time.perf_counter()
    command = [sys.executable, "-c", program]
    subprocess.run(  # noqa: S603 - one of the two programs above
        command, cwd=ROOT, env=os.environ | environ, check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - began


def _resident(pid: int) -> float:
    """Return the memory that a process keeps, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / MIB
