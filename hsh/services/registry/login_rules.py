"""What signing in asks of everybody: whether admins and supervisors must use a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hsh.core.command import Command, Outcome
from hsh.core.refusals import StaleVersion
from hsh.core.roles import require
from hsh.db import atomic, db
from hsh.models.people import LoginRules
from hsh.services.books.submissions import once
from hsh.services.registry import records

_ONLY = 1


@dataclass(frozen=True, kw_only=True)
class SetLoginRules(Command):
    """What holds for logging in from now on, as an admin saw it at ``version``; 0: never set."""

    op: ClassVar[str] = "login_rules.set"
    version: int
    second_factor: bool


@atomic
@once
def set_login_rules(command: SetLoginRules) -> Outcome:
    """Set the rules; who lacks a second factor sets it up at the next log-in.

    Raises:
        StaleVersion: someone changed them meanwhile.

    """
    require(command.actor.roles, command.op)
    row = db.session.get(LoginRules, _ONLY, with_for_update=True)
    if command.version != (row.version if row else 0):
        raise StaleVersion(what="login_rules")
    before = records.picture(row) if row else None
    if row is None:
        row = LoginRules(id=_ONLY, version=0)
        db.session.add(row)
    row.second_factor = command.second_factor
    row.version += 1
    ref = records.ref_of(LoginRules.__tablename__)
    records.changed(row, command.op, command, ref=ref, before=before)
    return Outcome(record=LoginRules.__tablename__, ref=ref)
