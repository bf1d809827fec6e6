"""``python -m bench.exporting kind file``: take the list of sales as a file; print the peak memory.

A process of its own, as what is measured is the most memory that it took since it signed in.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench.browser import Browser
from hsh import create_app

READER = "accountant"


def main(kind: str, file: Path) -> None:
    """Write what the browser is sent to ``file``, piece by piece."""
    browser = Browser(create_app(commands=False), READER)
    Path("/proc/self/clear_refs").write_text("5")  # hashing the password took 64 MiB: not counted
    with file.open("wb") as target, browser.stream(f"/transactions/export?as={kind}") as answer:
        target.writelines(answer.iter_encoded())
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    sys.stdout.write(f"{line.split()[1]}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
