"""Fixed fees, and refundable deposits on cylinders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select

from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid
from hsh.core.roles import require
from hsh.core.words import EquipmentKind, ServiceKind, TaxCode
from hsh.db import atomic, db
from hsh.models.registry import Equipment, Service
from hsh.services.books.audit import By
from hsh.services.books.submissions import once
from hsh.services.registry import checks, records, versions


@dataclass(frozen=True, kw_only=True)
class NewService:
    """A fee, or with ``equipment`` (an id) the deposit on one cylinder of that size."""

    code: str
    name: str
    equipment: int | None = None
    tax_code: TaxCode = TaxCode.STANDARD
    """Of a fee; a deposit is no supply and always out of scope."""


@dataclass(frozen=True, kw_only=True)
class AddService(Command):
    """A fee that is new; with ``size`` (a code) a deposit on one cylinder of it."""

    op: ClassVar[str] = "service.add"
    code: str
    name: str
    size: str | None
    tax_code: TaxCode


@dataclass(frozen=True, kw_only=True)
class EditService(Command):
    """What a fee or deposit is to be, as an admin saw it at ``version``."""

    op: ClassVar[str] = "service.edit"
    record: int
    version: int
    name: str
    tax_code: TaxCode


@atomic
@once
def register_service(command: AddService) -> Outcome:
    """Add a fee or a deposit.

    Raises:
        Invalid: a value will not do, or the code is taken.

    """
    require(command.actor.roles, command.op)
    new = NewService(
        code=command.code,
        name=command.name,
        equipment=_size(command.size) if command.size else None,
        tax_code=command.tax_code,
    )
    add_service(new, by=command)
    table = Service.__tablename__
    return Outcome(record=table, ref=records.ref_of(table, command.code))


@atomic
@once
def edit_service(command: EditService) -> Outcome:
    """Change a fee or a deposit, whose size stays; documents keep what they froze.

    Raises:
        NotFound: there is none.
        StaleVersion: someone changed it meanwhile.
        Invalid: a value will not do.

    """
    require(command.actor.roles, command.op)
    row = versions.locked(Service, command.record, seen=command.version)
    with versions.change(row, command):
        row.name = checks.name(command.name)
        row.tax_code = _tax(command.tax_code, is_deposit=row.equipment_id is not None)
    return versions.outcome(row)


@atomic
def add_service(new: NewService, *, by: By) -> int:
    """Add a fee or a deposit; return its id."""
    is_deposit = new.equipment is not None
    row = Service(
        code=checks.free(Service.code, checks.code(new.code)),
        name=checks.name(new.name),
        kind=ServiceKind.DEPOSIT if is_deposit else ServiceKind.FEE,
        equipment_id=new.equipment,
        tax_code=_tax(new.tax_code, is_deposit=is_deposit),
        active=True,
        version=1,
    )
    ref = records.ref_of(Service.__tablename__, new.code)
    return records.register(row, "service.add", by, ref=ref).id


def _tax(code: TaxCode, *, is_deposit: bool) -> TaxCode:
    if is_deposit and code == TaxCode.ZERO:
        raise Invalid(field="tax_code", reason="deposit_has_no_tax")
    return TaxCode.OUT_OF_SCOPE if is_deposit else code


def _size(code: str) -> int:
    found = db.session.scalar(
        select(Equipment.id).where(
            Equipment.code == code, Equipment.kind == EquipmentKind.CYLINDER, Equipment.active
        )
    )
    if found is None:
        raise Invalid(field="size", reason="unknown_equipment")
    return found
