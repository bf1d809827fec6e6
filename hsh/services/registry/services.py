"""Fixed fees, and refundable deposits on cylinders."""

from __future__ import annotations

from dataclasses import dataclass

from hsh.core.command import Actor
from hsh.core.refusals import Invalid
from hsh.core.words import ServiceKind, TaxCode
from hsh.db import atomic
from hsh.models.registry import Service
from hsh.services.registry import checks, records


@dataclass(frozen=True, kw_only=True)
class NewService:
    """A fee, or with ``equipment`` (an id) the deposit on one cylinder of that size."""

    code: str
    name: str
    equipment: int | None = None
    tax_code: TaxCode = TaxCode.STANDARD
    """Of a fee; a deposit is no supply and always out of scope."""


@atomic
def add_service(new: NewService, *, by: Actor | None) -> int:
    """Add a fee or a deposit; return its id."""
    is_deposit = new.equipment is not None
    if is_deposit and new.tax_code == TaxCode.ZERO:
        raise Invalid(field="tax_code", reason="deposit_has_no_tax")
    row = Service(
        code=checks.free(Service.code, checks.code(new.code)),
        name=checks.name(new.name),
        kind=ServiceKind.DEPOSIT if is_deposit else ServiceKind.FEE,
        equipment_id=new.equipment,
        tax_code=TaxCode.OUT_OF_SCOPE if is_deposit else new.tax_code,
        active=True,
        version=1,
    )
    ref = records.ref_of(Service.__tablename__, new.code)
    return records.register(row, "service.add", by, ref=ref).id
