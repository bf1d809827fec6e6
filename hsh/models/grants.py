"""What the application's own account may do on MySQL and MariaDB: add facts, never change them."""

from __future__ import annotations

import re

from hsh.db import Base
from hsh.models.guards import FACTS

_ACCOUNT = re.compile(r"([A-Za-z0-9_.-]{1,32})(?:@([A-Za-z0-9_.%:-]{1,60}))?")
VERSION_TABLE = "alembic_version"


def grants(account: str, database: str) -> list[str]:
    """Return the statements that give ``account`` (``name`` or ``name@host``) its rights.

    Raises:
        ValueError: the account's or the database's name is none.

    """
    named = _ACCOUNT.fullmatch(account)
    if not named or not re.fullmatch(r"[A-Za-z0-9_$-]{1,64}", database):
        raise ValueError(f"no such account: {account}")
    whom = f"'{named[1]}'@'{named[2] or '%'}'"
    return [
        f"GRANT {rights} ON `{database}`.`{table}` TO {whom}"
        for table, rights in [(VERSION_TABLE, "SELECT"), *_rights_by_table()]
    ]


def _rights_by_table() -> list[tuple[str, str]]:
    return [
        (table, "SELECT, INSERT" if table in FACTS else "SELECT, INSERT, UPDATE, DELETE")
        for table in sorted(Base.metadata.tables)
    ]
