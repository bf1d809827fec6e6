"""Deliberate breakages, each of which some test must notice: ``python -m proof.mutants``."""

from __future__ import annotations

from proof.mutants import books, queue, tablet, trade, web
from proof.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *books.MUTANTS,
    *queue.MUTANTS,
    *tablet.MUTANTS,
    *trade.MUTANTS,
    *web.MUTANTS,
)
"""All of them."""
