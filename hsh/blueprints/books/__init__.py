"""The pages of the books area: stock, parked forms, discrepancies, audit."""

from __future__ import annotations

from hsh.blueprints.books import audit, discrepancies, queue, refusals, statements, stock

BLUEPRINTS = (stock.bp, statements.bp, refusals.bp, queue.bp, discrepancies.bp, audit.bp)
"""Registered in this order by ``blueprints.register``."""
