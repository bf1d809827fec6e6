"""People of the books that are proved: all of them know one password, hashed once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from hsh.core.roles import Role
from hsh.services.registry import passwords, users

PASSWORD = "cylinders by the dozen"  # noqa: S105 - nobody signs in here


def add(username: str, name: str, role: Role, depots: Iterable[str] = ()) -> UUID:
    """Add a person, as ``users.add_user`` does; return their ref.

    A hash takes a tenth of a second, and a proof adds hundreds of people.
    """
    new = users.NewUser(
        username=username,
        name=name,
        roles=frozenset({role}),
        password=PASSWORD,
        depots=frozenset(depots),
    )
    return users.insert_user(new, username, _hashed(), by=None)


@cache
def _hashed() -> str:
    return passwords.hash_of(PASSWORD, username="anybody", demo=False)
