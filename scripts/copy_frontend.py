#!/usr/bin/env python3
"""Copy the front-end files named in package.json ("hsh": "copy") out of node_modules.

Each target folder holds what is listed for it and nothing else. With --check nothing is written:
the answer is the exit status, 1 when a listed file is missing.
"""

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def listed() -> dict[Path, list[Path]]:
    """Say which installed files belong in which folder; an entry may be a pattern."""
    copy = json.loads((ROOT / "package.json").read_text())["hsh"]["copy"]
    return {
        ROOT / folder: [found for pattern in patterns for found in installed(pattern)]
        for folder, patterns in copy.items()
    }


def installed(pattern: str) -> list[Path]:
    """Find the files of one entry; an entry that finds nothing is a mistake in package.json."""
    found = sorted((ROOT / "node_modules").glob(pattern))
    if not found:
        sys.exit(f"package.json lists {pattern}, but no installed package has it.")
    return found


def complete() -> bool:
    """Tell whether every listed file is in its place."""
    return all(
        (folder / file.name).is_file() for folder, files in listed().items() for file in files
    )


def copy() -> None:
    """Make each target folder afresh."""
    for folder, files in listed().items():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in files:
            shutil.copyfile(file, folder / file.name)


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(not complete())
    copy()
