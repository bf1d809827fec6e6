"""The pages of the books area: stock, parked forms, discrepancies, audit."""

from __future__ import annotations

from hsh.blueprints.books import audit, discrepancies, queue, refusals, stock

BLUEPRINTS = (stock.bp, refusals.bp, queue.bp, discrepancies.bp, audit.bp)
"""Registered in this order by ``blueprints.register``."""
