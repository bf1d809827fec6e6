"""Tables and constraints, by area: people, registry, device, logistics, sales, books."""

from hsh.models import books, device, logistics, people, registry, sales

__all__ = ["books", "device", "logistics", "people", "registry", "sales"]
