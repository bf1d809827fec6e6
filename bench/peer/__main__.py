"""``python -m bench.peer``: a sale of Tryton and one of ours in turn; exits with 1 below the must.

Tryton does more with a sale than HSH: it writes double-entry bookkeeping and renders the invoice as
a report when it posts it. It does less, too: it keeps no hash chain, and it does not wait until a
commit is on the disk (synchronous NORMAL, ours FULL).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from bench import books, report
from bench.company import found
from bench.figure import Bars, in_turn
from hsh.config import ROOT
from hsh.services.sales.transactions import confirm_sale

BARS = Bars(must=300, aim=1000, more_is_better=True)
PAIRS = 5
EACH = 20
"""Our sales in one measurement; of theirs one is enough."""
ENVIRONMENT = ROOT / ".tools" / "peer"
PINS = ROOT / "requirements" / "peer.txt"


def main() -> int:
    """Measure both, print the table, return the exit code."""
    _prepare()
    with tempfile.TemporaryDirectory(prefix="hsh-peer-") as folder:
        home = Path(folder)
        with books.opened(books.sqlite_url(home / "ours.sqlite3"), home), _tryton(home) as theirs:
            ours = _ours()
            for sell in (ours, theirs):
                sell()
            pairs = in_turn(PAIRS, ours, theirs)
            books.prove(home)
    figure = pairs.figure("ms a sale, Tryton / ours", BARS, unit="ms", inverse=True)
    report.say([figure])
    return 0 if figure.ok else 1


def _ours() -> Callable[[], float]:
    """Return what sells a few times, and tells the ms of one sale."""
    [seller] = found()
    sales = seller.sales()

    def sell() -> float:
        ready = list(islice(sales, EACH))
        began = time.perf_counter()
        for sale in ready:
            confirm_sale(sale)
        return (time.perf_counter() - began) / EACH * 1000

    return sell


@contextlib.contextmanager
def _tryton(home: Path) -> Iterator[Callable[[], float]]:
    """Start Tryton in a process of its own; yield what sells once there, and tells the ms."""
    script = Path(__file__).with_name("tryton.py")
    settings = home / "trytond.conf"
    settings.write_text(f"[database]\nuri = sqlite://\npath = {home}\n")
    process = subprocess.Popen(  # noqa: S603 - our own script
        [str(ENVIRONMENT / "bin" / "python"), str(script)],
        env=os.environ | {"TRYTOND_CONFIG": str(settings), "DB_NAME": "tryton"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    asked, answers = process.stdin, process.stdout

    def sell() -> float:
        asked.write("sell\n")
        asked.flush()
        return float(answers.readline()) * 1000

    try:
        if answers.readline() != "ready\n":
            raise RuntimeError("Tryton could not be set up")
        yield sell
    finally:
        process.terminate()
        process.wait(timeout=60)


def _prepare() -> None:
    """Install Tryton where nothing else sees it, unless that has been done."""
    stamp, pinned = ENVIRONMENT / ".hsh", hashlib.sha256(PINS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == pinned:
        return
    report.line("Preparing Tryton in .tools/peer ...")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)  # noqa: S603
    install = ["install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", str(PINS)]
    subprocess.run([str(ENVIRONMENT / "bin" / "python"), "-m", "pip", *install], check=True)  # noqa: S603
    stamp.write_text(pinned)


if __name__ == "__main__":
    sys.exit(main())
