"""The pages of the logistics area: what is exchanged between depots and trucks."""

from __future__ import annotations

from hsh.blueprints.logistics import corrections, counts, distributions, drafts

BLUEPRINTS = (distributions.bp, corrections.bp, counts.bp)
"""Registered in this order by ``blueprints.register``."""

__all__ = ["BLUEPRINTS", "drafts"]
