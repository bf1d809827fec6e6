"""The pages of the books area."""

from __future__ import annotations

from hsh.blueprints.books import (
    approvals,
    audit,
    discrepancies,
    exports,
    health,
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
    approvals.bp,
    refusals.bp,
    queue.bp,
    discrepancies.bp,
    audit.bp,
    reports.bp,
    jump.bp,
    exports.bp,
    health.bp,
)
"""Registered in this order by ``blueprints.register``."""
