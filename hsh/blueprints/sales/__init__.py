"""The pages of the sales area: sites, visits, sales, voids, documents."""

from __future__ import annotations

from hsh.blueprints.sales import documents, prices, sites, transactions, visits, voids

BLUEPRINTS = (sites.bp, transactions.bp, documents.bp)
"""Registered in this order by ``blueprints.register``."""

__all__ = ["BLUEPRINTS", "prices", "visits", "voids"]
