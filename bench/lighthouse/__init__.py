"""Lighthouse's marks for pages of a driver.

It is a large package from npm, installed in this folder when ``python -m bench field`` first asks.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from bench.figure import NotCountedError

HERE = Path(__file__).parent
CATEGORIES = ("performance", "accessibility", "best-practices")
_PROGRAM = HERE / "node_modules" / ".bin" / "lighthouse"
_SWITCHES = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def marks(address: str, paths: Iterable[str], cookie: str) -> dict[str, dict[str, float]]:
    """Return for each path its marks, 0 to 100, as somebody with ``cookie`` sees it.

    Raises:
        NotCountedError: Lighthouse could not look at the page.

    """
    if not _PROGRAM.exists():
        install = ["npm", "ci", "--ignore-scripts", "--silent"]
        subprocess.run(install, cwd=HERE, check=True)  # noqa: S603 - the pinned packages
    return {path: _marks(f"{address}{path}", cookie) for path in paths}


def _marks(url: str, cookie: str) -> dict[str, float]:
    command = [
        str(_PROGRAM), url, "--quiet", "--output=json", f"--chrome-flags={_SWITCHES}",
        f"--only-categories={','.join(CATEGORIES)}", "--disable-storage-reset",
        f"--extra-headers={json.dumps({'Cookie': cookie})}",
    ]  # fmt: skip
    environ = os.environ | {"CHROME_PATH": "/usr/bin/chromium"}
    ran = subprocess.run(  # noqa: S603 - the program of the pinned package
        command, env=environ, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise NotCountedError(f"lighthouse {url}: {ran.stderr[-500:]}")
    report = json.loads(ran.stdout)
    if report["finalDisplayedUrl"] != url:
        raise NotCountedError(f"lighthouse was led from {url} to {report['finalDisplayedUrl']}")
    return {name: 100 * report["categories"][name]["score"] for name in CATEGORIES}
