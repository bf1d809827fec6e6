"""What is tracked: cylinder sizes by owner, and accessories sold outright."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from hsh.core.command import Actor
from hsh.core.refusals import Invalid
from hsh.core.words import EquipmentKind, Owner, TaxCode
from hsh.db import atomic
from hsh.models.registry import Equipment, SiteEquipment
from hsh.services.registry import checks, records

PART_CREDIT = Decimal("0.5")
"""Credited for a cylinder returned partly used, unless the size says otherwise (rulings)."""


@dataclass(frozen=True, kw_only=True)
class NewEquipment:
    """A size or an accessory. Weights are in kg; gross is net and tare together."""

    code: str
    name: str
    kind: EquipmentKind
    owner: Owner = Owner.COMPANY
    net_kg: Decimal | None = None
    tare_kg: Decimal | None = None
    part_credit: Decimal = PART_CREDIT
    tax_code: TaxCode = TaxCode.STANDARD


@atomic
def add_equipment(new: NewEquipment, *, by: Actor | None) -> int:
    """Add a size or an accessory; return its id."""
    net, tare = _weights(new)
    row = Equipment(
        code=checks.free(Equipment.code, checks.code(new.code)),
        name=checks.name(new.name),
        kind=new.kind,
        owner=new.owner,
        net_kg=net,
        tare_kg=tare,
        gross_kg=None if net is None or tare is None else net + tare,
        part_credit=_share(new.part_credit),
        tax_code=new.tax_code,
        active=True,
        version=1,
    )
    ref = records.ref_of(Equipment.__tablename__, new.code)
    return records.register(row, "equipment.add", by, ref=ref).id


@atomic
def charge_through_meter(site: int, equipment: int, *, by: Actor | None) -> None:
    """Let ``site`` pay for a size by its meter: delivered and tracked, charged 0.00 (rulings)."""
    row = SiteEquipment(site_id=site, equipment_id=equipment, through_meter=True)
    ref = records.ref_of(SiteEquipment.__tablename__, site, equipment)
    records.register(row, "site.through_meter", by, ref=ref)


def _weights(new: NewEquipment) -> tuple[Decimal | None, Decimal | None]:
    """Return net and tare weight; a cylinder has both, for safety limits count them."""
    if new.kind == EquipmentKind.ACCESSORY:
        return None, None
    if not new.net_kg or not new.tare_kg:
        raise Invalid(field="net_kg", reason="cylinder_needs_weights")
    return checks.amount(new.net_kg, field="net_kg"), checks.amount(new.tare_kg, field="tare_kg")


def _share(value: Decimal) -> Decimal:
    if checks.amount(value, field="part_credit") > 1:
        raise Invalid(field="part_credit", reason="share_above_one")
    return value
