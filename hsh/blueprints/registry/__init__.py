"""The pages of the registry area: signing in, the own account, people, customers, prices."""

from __future__ import annotations

from hsh.blueprints.registry import (
    account,
    customer_sites,
    customers,
    people,
    prices,
    sessions,
    welcome,
)

BLUEPRINTS = (sessions.bp, account.bp, people.bp, welcome.bp, customers.bp, prices.bp)
"""Registered in this order by ``blueprints.register``."""

__all__ = ["BLUEPRINTS", "customer_sites"]
