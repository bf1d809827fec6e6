"""A copy of the working tree, in which tests run on code that was broken on purpose."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hsh.config import ROOT
from proof.mutants.mutant import Mutant
from proof.server import Server

_LEFT_BEHIND = (".git", ".venv", "node_modules", "instance", "__pycache__", ".*_cache")
_LINKED = (".venv", "node_modules")
PATIENCE = 600
"""Seconds that tests may take; what hangs was noticed too."""
_TESTS_FAILED = 1


@dataclass(kw_only=True)
class Copy:
    """Where the copy is, and the server that its tests run on; None: the embedded database."""

    root: Path
    server: Server | None = None

    def has(self, program: str) -> bool:
        """Tell whether this machine has ``program``; servers are not on everybody's path."""
        path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
        return shutil.which(program, path=path) is not None

    def test(self, tests: Sequence[str]) -> tuple[bool, str]:
        """Run ``tests``; tell whether they went red, and what pytest said last.

        Raises:
            RuntimeError: pytest could not run them at all.

        """
        command = [sys.executable, "-m", "pytest", "-x", *tests]
        try:
            done = subprocess.run(  # noqa: S603 - our own tests
                command, cwd=self.root, env=self._environ(), capture_output=True, text=True,
                timeout=PATIENCE, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return True, "it hangs"
        said = (done.stdout.strip().splitlines() or [done.stderr.strip()])[-1]
        if done.returncode not in {0, _TESTS_FAILED}:
            raise RuntimeError(f"pytest ended with {done.returncode}: {done.stdout[-2000:]}")
        return done.returncode == _TESTS_FAILED, said

    def red_without_a_mutant(self, mutants: Sequence[Mutant]) -> set[str]:
        """Return which tests of ``mutants`` are red on code that nobody broke."""
        tests = sorted({test for mutant in mutants for test in mutant.tests})
        if not tests or not self.test(tests)[0]:
            return set()
        return {test for test in tests if self.test([test])[0]}

    def _environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HSH_", "DATABASE_URL"))}
        urls = {}
        if self.server:
            urls = {
                "HSH_TEST_DATABASE": self.server.owner,
                "HSH_TEST_APP_DATABASE": self.server.app,
            }
        return kept | urls | {"PYTHONDONTWRITEBYTECODE": "1"}


@contextmanager
def tree() -> Iterator[Copy]:
    """Copy the working tree as it is now; throw the copy away afterwards."""
    with tempfile.TemporaryDirectory(prefix="hsh-mutants-") as folder:
        root = Path(folder) / "tree"
        shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*_LEFT_BEHIND), symlinks=True)
        for name in _LINKED:
            if (ROOT / name).exists():
                (root / name).symlink_to(ROOT / name)
        yield Copy(root=root)
