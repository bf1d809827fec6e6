"""The pages of the registry area: signing in, the own account."""

from __future__ import annotations

from hsh.blueprints.registry import account, sessions

BLUEPRINTS = (sessions.bp, account.bp)
"""Registered in this order by ``blueprints.register``."""
