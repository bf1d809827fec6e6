#!/usr/bin/env python3
"""Bundle the scripts that pages ask for, each with what it imports, and shorten them: hsh/bundled.

What is sent is so a third smaller. The sources stay as they are, and are what is sent when one of
them was changed since (hsh/blueprints/static.py). A module that holds state belongs to one bundle.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hsh.blueprints.static import BUNDLED, INDEX, STATIC, digest_of, scripts  # noqa: E402

IMPORTS = re.compile(r'^(?:import|export) (?:[^"\n]*? from )?"(\.[^"]+)"', re.MULTILINE)
LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
# Loaded by the worker too, which knows no modules.
CLASSIC = {"sw.js", "sw-off.js"} | {
    f"js/offline/{name}.js" for name in ("store", "answers", "send", "pages")
}


def entries(sources: dict[str, str]) -> list[str]:
    """Return the scripts that a page, or another script later, asks for by their address."""
    imported = {
        (STATIC / name).parent.joinpath(found).resolve().relative_to(STATIC).as_posix()
        for name, text in sources.items()
        for found in IMPORTS.findall(text)
    }
    return [name for name in sources if name not in imported]


def esbuild(names: list[str], *options: str) -> None:
    """Have esbuild write ``names`` below hsh/bundled."""
    subprocess.run(  # noqa: S603 - our own files
        [ROOT / "node_modules" / ".bin" / "esbuild", *names, "--minify", f"--outdir={BUNDLED}",
         f"--outbase={STATIC}", "--log-level=warning", "--charset=utf8", *options],
        cwd=STATIC, check=True,
    )  # fmt: skip


def bundle() -> None:
    """Make the folder afresh."""
    sources = {name: (STATIC / name).read_text() for name in scripts()}
    asked_for = entries(sources)
    later = {found for text in sources.values() for found in LATER.findall(text)}
    shutil.rmtree(BUNDLED, ignore_errors=True)
    esbuild([name for name in asked_for if name in CLASSIC])
    modules = [name for name in asked_for if name not in CLASSIC]
    esbuild(modules, "--bundle", "--format=esm", *(f"--external:{found}" for found in later))
    INDEX.write_text(json.dumps({"sources": digest_of(scripts()), "entries": asked_for}))


if __name__ == "__main__":
    bundle()
