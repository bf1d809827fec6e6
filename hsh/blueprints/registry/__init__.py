"""The pages of the registry area: who signs in, the company and what it has, customers, prices."""

from __future__ import annotations

from hsh.blueprints.registry import (
    account,
    cards,
    customer_meters,
    customer_sites,
    customers,
    factor,
    imports,
    limits,
    minimums,
    people,
    prices,
    sessions,
    welcome,
)

BLUEPRINTS = (
    sessions.bp,
    account.bp,
    people.bp,
    limits.bp,
    minimums.bp,
    welcome.bp,
    customers.bp,
    prices.bp,
    cards.bp,
    imports.bp,
)
"""Registered in this order by ``blueprints.register``."""

__all__ = ["BLUEPRINTS", "customer_meters", "customer_sites", "factor"]
