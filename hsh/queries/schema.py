"""Whether the database is the one that this code was written for."""

from __future__ import annotations

import re
from functools import cache

from sqlalchemy import inspect, text

from hsh import config
from hsh.db import db
from hsh.models import guards

_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "mysql": "SELECT trigger_name FROM information_schema.triggers"
    " WHERE trigger_schema = DATABASE()",
}
_REVISION = re.compile(r'^revision = "(\w+)"\ndown_revision = (?:None|"(\w+)")$', re.MULTILINE)


def faults() -> list[str]:
    """Return what is wrong: ``migrations`` are missing, or ``triggers``; nothing when all is well.

    Raises:
        DBAPIError: the database cannot be reached.

    """
    if version() != newest():
        return ["migrations"]
    missing = missing_triggers()
    # MySQL shows triggers to those alone who may create them, and the app's account may not.
    unseen = db.engine.dialect.name != "sqlite" and missing == guards.trigger_names()
    return ["triggers"] if missing and not unseen else []


def version() -> str | None:
    """Return the migration that the database stands at, None before the first."""
    if not inspect(db.session.connection()).has_table("alembic_version"):
        return None
    found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@cache
def newest() -> str | None:
    """Return the newest migration that this code brings: the one that no other comes after.

    Read from the files' own words, because a web process does without Alembic.
    """
    files = (config.ROOT / "migrations" / "versions").glob("*.py")
    after = {found[1]: found[2] for file in files for found in _REVISION.finditer(file.read_text())}
    return next(iter(after.keys() - after.values()), None)


def missing_triggers() -> set[str]:
    """Return the names of the guards of facts that are not there (law 7)."""
    dialect = db.engine.dialect.name
    there = db.session.scalars(text(_TRIGGERS["sqlite" if dialect == "sqlite" else "mysql"]))
    return guards.trigger_names() - set(there)
