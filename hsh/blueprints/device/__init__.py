"""What a tablet and the machines around it ask for: the service worker, printing, health."""

from __future__ import annotations

from hsh.blueprints.device import devices, health, print, shell, sync  # noqa: A004 - its address is /print

BLUEPRINTS = (shell.bp, print.bp, sync.bp, devices.bp, health.bp)
"""Registered in this order by ``blueprints.register``."""
