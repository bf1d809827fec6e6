"""What is tracked: cylinder sizes by owner, and accessories sold outright."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from hsh.core.command import Command, Outcome
from hsh.core.refusals import Invalid
from hsh.core.roles import require
from hsh.core.words import EquipmentKind, Owner, TaxCode
from hsh.db import atomic
from hsh.models.registry import Equipment, SiteEquipment
from hsh.services.books.audit import By
from hsh.services.books.submissions import once
from hsh.services.registry import checks, records, versions

PART_CREDIT = Decimal("0.5")
"""Credited for a cylinder returned partly used, unless the size says otherwise (rulings)."""


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What is told of a size or accessory. Weights are in kg; gross is net and tare together."""

    name: str
    owner: Owner = Owner.COMPANY
    net_kg: Decimal | None = None
    tare_kg: Decimal | None = None
    part_credit: Decimal = PART_CREDIT
    tax_code: TaxCode = TaxCode.STANDARD


@dataclass(frozen=True, kw_only=True)
class NewEquipment(Particulars):
    """A size or an accessory."""

    code: str
    kind: EquipmentKind


@dataclass(frozen=True, kw_only=True)
class AddEquipment(Command):
    """A size or an accessory that is new."""

    op: ClassVar[str] = "equipment.add"
    new: NewEquipment


@dataclass(frozen=True, kw_only=True)
class EditEquipment(Command):
    """What a size or accessory is to be, as an admin saw it at ``version``."""

    op: ClassVar[str] = "equipment.edit"
    record: int
    version: int
    wanted: Particulars


@atomic
@once
def register_equipment(command: AddEquipment) -> Outcome:
    """Add a size or an accessory.

    Raises:
        Invalid: a value will not do, or the code is taken.

    """
    require(command.actor.roles, command.op)
    add_equipment(command.new, by=command)
    table = Equipment.__tablename__
    return Outcome(record=table, ref=records.ref_of(table, command.new.code))


@atomic
@once
def edit_equipment(command: EditEquipment) -> Outcome:
    """Change a size or an accessory; documents keep what they froze.

    Raises:
        NotFound: there is none.
        StaleVersion: someone changed it meanwhile.
        Invalid: a value will not do.

    """
    require(command.actor.roles, command.op)
    row = versions.locked(Equipment, command.record, seen=command.version)
    with versions.change(row, command):
        for name, value in _values(command.wanted, EquipmentKind(row.kind)).items():
            setattr(row, name, value)
    return versions.outcome(row)


@atomic
def add_equipment(new: NewEquipment, *, by: By) -> int:
    """Add a size or an accessory; return its id."""
    row = Equipment(
        code=checks.free(Equipment.code, checks.code(new.code)),
        kind=new.kind,
        active=True,
        version=1,
        **_values(new, new.kind),
    )
    ref = records.ref_of(Equipment.__tablename__, new.code)
    return records.register(row, "equipment.add", by, ref=ref).id


@atomic
def charge_through_meter(site: int, equipment: int, *, by: By) -> None:
    """Let ``site`` pay for a size by its meter: delivered and tracked, charged 0.00 (rulings)."""
    row = SiteEquipment(site_id=site, equipment_id=equipment, through_meter=True)
    ref = records.ref_of(SiteEquipment.__tablename__, site, equipment)
    records.register(row, "site.through_meter", by, ref=ref)


def _values(told: Particulars, kind: EquipmentKind) -> dict[str, object]:
    """Return what a row says of what was ``told``, after its checks."""
    net, tare = _weights(told, kind)
    return {
        "name": checks.name(told.name),
        "owner": told.owner,
        "net_kg": net,
        "tare_kg": tare,
        "gross_kg": None if net is None or tare is None else net + tare,
        "part_credit": _share(told.part_credit),
        "tax_code": told.tax_code,
    }


def _weights(told: Particulars, kind: EquipmentKind) -> tuple[Decimal | None, Decimal | None]:
    """Return net and tare weight; a cylinder has both, for safety limits count them."""
    if kind == EquipmentKind.ACCESSORY:
        return None, None
    if not told.net_kg or not told.tare_kg:
        raise Invalid(field="net_kg", reason="cylinder_needs_weights")
    return checks.amount(told.net_kg, field="net_kg"), checks.amount(told.tare_kg, field="tare_kg")


def _share(value: Decimal) -> Decimal:
    if checks.amount(value, field="part_credit") > 1:
        raise Invalid(field="part_credit", reason="share_above_one")
    return value
