"""``flask demo``: a company that never was, whose days are played through the real services."""

from hsh.cli.demo.command import command

__all__ = ["command"]
