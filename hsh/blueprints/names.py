"""What the words of the registry are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from hsh.core.words import EquipmentKind, Owner, PermitKind, ServiceKind, TaxCode

EQUIPMENT = {
    EquipmentKind.CYLINDER: _l("Cylinder"),
    EquipmentKind.ACCESSORY: _l("Accessory, sold outright"),
}
OWNERS = {
    Owner.COMPANY: _l("The company"),
    Owner.CUSTOMER: _l("The customer"),
    Owner.FOREIGN: _l("Another brand"),
}
TAXES = {
    TaxCode.STANDARD: _l("Standard-rated"),
    TaxCode.ZERO: _l("Zero-rated"),
    TaxCode.OUT_OF_SCOPE: _l("Out of scope"),
}
SERVICES = {ServiceKind.FEE: _l("Fee"), ServiceKind.DEPOSIT: _l("Deposit")}
PERMITS = {
    PermitKind.DRIVING: _l("Driving licence"),
    PermitKind.HAZMAT: _l("Permit to transport hazardous materials"),
    PermitKind.OTHER: _l("Another permit"),
}
