"""What a driver is permitted to do, and until when: licences and permits with their expiry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select

from hsh.core.command import Command, Outcome
from hsh.core.refusals import NotFound
from hsh.core.roles import require
from hsh.core.words import PermitKind
from hsh.db import atomic, db
from hsh.models.people import User
from hsh.models.registry import Permit
from hsh.services.books.submissions import once
from hsh.services.registry import checks, records, versions


@dataclass(frozen=True, kw_only=True)
class AddPermit(Command):
    """A permit that is new to ``driver``."""

    op: ClassVar[str] = "permit.add"
    driver: UUID
    kind: PermitKind
    number: str
    expires_on: date


@dataclass(frozen=True, kw_only=True)
class EditPermit(Command):
    """What a permit is to be, as an admin saw it at ``version``."""

    op: ClassVar[str] = "permit.edit"
    record: UUID
    version: int
    kind: PermitKind
    number: str
    expires_on: date


@atomic
@once
def add_permit(command: AddPermit) -> Outcome:
    """Write down a permit of a driver.

    Raises:
        NotFound: there is no such person.
        Invalid: a value will not do.

    """
    require(command.actor.roles, command.op)
    driver = db.session.scalar(select(User.id).where(User.ref == command.driver))
    if driver is None:
        raise NotFound(what="user")
    row = Permit(
        ref=command.submission,
        driver_id=driver,
        kind=command.kind,
        number=_number(command.number),
        expires_on=command.expires_on,
        active=True,
        version=1,
    )
    records.register(row, command.op, command, ref=row.ref)
    return versions.outcome(row)


@atomic
@once
def edit_permit(command: EditPermit) -> Outcome:
    """Change a permit: mostly its expiry, when it was renewed.

    Raises:
        NotFound: there is no such permit.
        StaleVersion: someone changed it meanwhile.
        Invalid: a value will not do.

    """
    require(command.actor.roles, command.op)
    row = versions.locked(Permit, command.record, seen=command.version)
    with versions.change(row, command):
        row.kind = command.kind
        row.number = _number(command.number)
        row.expires_on = command.expires_on
    return versions.outcome(row)


def _number(text: str) -> str:
    return checks.name(text, field="number", most=checks.CODE_LENGTH)
