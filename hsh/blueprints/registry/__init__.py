"""The pages of the registry area: signing in, the own account, the people."""

from __future__ import annotations

from hsh.blueprints.registry import account, people, sessions, welcome

BLUEPRINTS = (sessions.bp, account.bp, people.bp, welcome.bp)
"""Registered in this order by ``blueprints.register``."""
