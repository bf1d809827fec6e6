"""How much is measured, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The sizes of a run."""

    home: Path
    """A folder for databases and files, thrown away after the run."""
    pairs: int
    """How often ours and the floor are measured in turn."""
    sales: int
    """Sales in one measurement."""
    queue: int
    """Sales that wait on a tablet."""
    large: int
    """Transactions in the large books."""
    rows: int
    """Rows of a large file."""
    small: int
    """Transactions in the books that the large ones are held against."""
    keep: Path | None = None
    """Where large books are kept from run to run, for whoever works on a figure."""
