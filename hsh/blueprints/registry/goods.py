"""/registry/equipment and /registry/services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, override

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from hsh.blueprints import toasts
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import ExactField, TextField
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.blueprints.names import EQUIPMENT, OWNERS, TAXES
from hsh.blueprints.percent import PercentField
from hsh.blueprints.registry.fields import CodeField
from hsh.blueprints.registry.shelf import ListedShelf, list_of
from hsh.blueprints.versions import VersionForm
from hsh.core.command import Actor
from hsh.core.words import EquipmentKind, Owner, TaxCode
from hsh.models.registry import Equipment, Service
from hsh.queries.registry import goods
from hsh.queries.registry.goods import ServiceRecord, SizeRecord
from hsh.services.registry import checks, equipment, records, services
from hsh.services.registry.equipment import (
    PART_CREDIT,
    AddEquipment,
    EditEquipment,
    NewEquipment,
    Particulars,
)
from hsh.services.registry.services import AddService, EditService

_CODE = _l("Short, like C127. It stays for ever.")


class SizeCode(Form):
    """What a size is known by, and its kind; they stand before all else in the form."""

    code = CodeField(_l("Code"), description=_CODE)
    kind = RadioField(
        _l("Kind"), choices=options(EQUIPMENT.items()), default=EquipmentKind.CYLINDER
    )


class SizeFields(Form):
    """What is told of a size or an accessory."""

    name = TextField(_l("Name"), most=checks.NAME_LENGTH)
    owner = SelectField(_l("Belongs to"), choices=options(OWNERS.items()))
    net_kg = ExactField(
        _l("Gas in it, in kg (net)"), required=False, description=_l("Of a cylinder.")
    )
    tare_kg = ExactField(
        _l("Empty cylinder, in kg (tare)"),
        required=False,
        description=_l("Net and tare together are the gross weight."),
    )
    part_credit = PercentField(
        _l("Credit for one returned partly used, in %"),
        default=PART_CREDIT,
        description=_l("Of its price."),
    )
    tax_code = SelectField(_l("GST"), choices=options(TAXES.items()))

    def given(self) -> dict[str, Any]:
        """Return what was typed, for a service."""
        return {
            "name": self.name.data or "",
            "owner": Owner(self.owner.data),
            "net_kg": self.net_kg.data,
            "tare_kg": self.tare_kg.data,
            "part_credit": self.part_credit.data,
            "tax_code": TaxCode(self.tax_code.data),
        }


class NewSizeForm(SubmissionForm, SizeCode, SizeFields):
    """A size or an accessory that is new."""

    @override
    def command(self, actor: Actor, **record: Any) -> AddEquipment:
        """Return the wish to add it."""
        kind = EquipmentKind(self.kind.data)
        new = NewEquipment(code=self.code.data or "", kind=kind, **self.given())
        return AddEquipment(**self.envelope(actor), new=new)


class EditSizeForm(VersionForm, SizeFields):
    """A size or an accessory as it is to be."""

    @override
    def command(self, actor: Actor, **record: Any) -> EditEquipment:
        """Return the wish to change it."""
        wanted = Particulars(**self.given())
        return EditEquipment(
            **self.envelope(actor), version=self.version.data, wanted=wanted, **record
        )  # fmt: skip


class ServiceCode(Form):
    """What a service is known by, and its kind; they stand before all else in the form."""

    code = CodeField(_l("Code"), description=_l("Short, like DELIVERY. It stays for ever."))
    size = SelectField(_l("What it is"), choices=lambda: options(_services()))


class ServiceFields(Form):
    """What is told of a fee or a deposit."""

    name = TextField(_l("Name"), most=checks.NAME_LENGTH)
    tax_code = SelectField(
        _l("GST"),
        choices=options(TAXES.items()),
        description=_l("Of a fee; a deposit is always out of scope."),
    )


class NewServiceForm(SubmissionForm, ServiceCode, ServiceFields):
    """A fee or a deposit that is new."""

    @override
    def command(self, actor: Actor, **record: Any) -> AddService:
        """Return the wish to add it."""
        is_deposit = bool(self.size.data)
        return AddService(
            **self.envelope(actor),
            code=self.code.data or "",
            name=self.name.data or "",
            size=self.size.data or None,
            tax_code=TaxCode.OUT_OF_SCOPE if is_deposit else TaxCode(self.tax_code.data),
        )


class EditServiceForm(VersionForm, ServiceFields):
    """A fee or a deposit as it is to be."""

    @override
    def command(self, actor: Actor, **record: Any) -> EditService:
        """Return the wish to change it."""
        return EditService(
            **self.envelope(actor),
            version=self.version.data,
            name=self.name.data or "",
            tax_code=TaxCode(self.tax_code.data),
            **record,
        )


def _services() -> list[tuple[str, str]]:
    """Return a fee, and the deposit on each size.

    In plain text: a lazy one passes for safe HTML, and a size may be called anything.
    """
    sizes = goods.open_cylinders()
    return [("", _("A fee")), *((code, _("Deposit: %(size)s", size=name)) for code, name in sizes)]


def _size(size: SizeRecord) -> dict[str, Any]:
    return {
        "name": size.name,
        "owner": size.owner,
        "net_kg": size.net_kg,
        "tare_kg": size.tare_kg,
        "part_credit": size.part_credit,
        "tax_code": size.tax_code,
    }


def _service(service: ServiceRecord) -> dict[str, Any]:
    return {"name": service.name, "tax_code": service.tax_code}


SIZES = ListedShelf(
    name="equipment",
    back=list_of("equipment"),
    act="equipment",
    key=int,
    title=_l("Sizes"),
    note=_l("Cylinder sizes by owner, and accessories that are sold outright."),
    adding=_l("Add a size"),
    columns=(
        _l("Name"), _l("Code"), _l("Belongs to"), (_l("Net kg"), "number"),
        (_l("Tare kg"), "number"),
        (_l("Gross kg"), "number"), (_l("Part credit"), "number"), _l("GST"),
    ),
    new=NewSizeForm,
    edit=EditSizeForm,
    every=goods.sizes,
    one=goods.size,
    ref=lambda size: records.ref_of(Equipment.__tablename__, size.code),
    values=_size,
)  # fmt: skip
SERVICES = ListedShelf(
    name="services",
    back=list_of("services"),
    act="service",
    key=int,
    title=_l("Services"),
    note=_l("Fixed fees, and deposits on cylinders. Prices stand in the price lists."),
    adding=_l("Add a service"),
    columns=(_l("Name"), _l("Code"), _l("Kind"), _l("Size"), _l("GST")),
    new=NewServiceForm,
    edit=EditServiceForm,
    every=goods.services,
    one=goods.service,
    ref=lambda service: records.ref_of(Service.__tablename__, service.code),
    values=_service,
)


def _added(
    made: toasts.Made, page: str, known: Iterable[SizeRecord | ServiceRecord]
) -> toasts.Toast:
    """Tell of what was added, which its page knows by its id."""
    new = next(one for one in known if one.code == made.form.code.data)
    return toasts.Toast(
        words=_l("%(thing)s is added. Set its price in the price lists."),
        thing=new.name,
        address=url_for(page, key=new.id),
    )


_NAMES = {"key": "record"}
ops.enter(
    "equipment.add", form=NewSizeForm, service=equipment.register_equipment,
    endpoint="registry.equipment.add",
    says=lambda made: _added(made, "registry.equipment.show", goods.sizes()),
)  # fmt: skip
ops.enter(
    "equipment.edit", form=EditSizeForm, service=equipment.edit_equipment,
    endpoint="registry.equipment.edit", names=_NAMES,
)  # fmt: skip
ops.enter(
    "service.add", form=NewServiceForm, service=services.register_service,
    endpoint="registry.services.add",
    says=lambda made: _added(made, "registry.services.show", goods.services()),
)  # fmt: skip
ops.enter(
    "service.edit", form=EditServiceForm, service=services.edit_service,
    endpoint="registry.services.edit", names=_NAMES,
)  # fmt: skip
