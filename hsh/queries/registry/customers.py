"""Customers, as the import and their pages ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched

from sqlalchemy import select

from hsh.db import db
from hsh.models.registry import Customer

_AT_ONCE = 500
"""How many keys one statement asks for."""


def known_keys(keys: Iterable[str]) -> set[str]:
    """Return those natural keys under which a customer is known already."""
    return {
        key
        for some in batched(keys, _AT_ONCE)
        for key in db.session.scalars(
            select(Customer.natural_key).where(Customer.natural_key.in_(some))
        )
    }
