"""Tables and constraints, by area: registry, device, logistics, sales, books."""

from hsh.models import books, device, logistics, registry, sales

__all__ = ["books", "device", "logistics", "registry", "sales"]
