"""The published file of real businesses, where this machine has it (it is not in the project)."""

import csv
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("HSH_SHARED") or ROOT.parent / "shared")
FILE = SHARED / "data" / "singapore-eateries.csv"


def published_file():
    """Return the file's path; skip the test where there is no file."""
    if not FILE.is_file():
        pytest.skip(
            f"the published customers are not on this machine: {FILE.name} (set HSH_SHARED)"
        )
    return FILE


def published_rows():
    """Return the file's rows as they are."""
    with published_file().open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
