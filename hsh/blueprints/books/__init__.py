"""The pages of the books area: stock, parked forms, discrepancies, audit, reports."""

from __future__ import annotations

from hsh.blueprints.books import (
    audit,
    discrepancies,
    jump,
    queue,
    refusals,
    reports,
    statements,
    stock,
)

BLUEPRINTS = (
    stock.bp,
    statements.bp,
    refusals.bp,
    queue.bp,
    discrepancies.bp,
    audit.bp,
    reports.bp,
    jump.bp,
)
"""Registered in this order by ``blueprints.register``."""
