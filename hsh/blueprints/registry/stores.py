"""/registry/depots and /registry/vehicles."""

from __future__ import annotations

from typing import Any, override
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import toasts
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import DayField, ExactField, TextField
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.blueprints.registry.fields import CodeField
from hsh.blueprints.registry.shelf import ListedShelf, list_of
from hsh.blueprints.versions import VersionForm
from hsh.core.command import Actor
from hsh.queries.registry import staff, stores
from hsh.queries.registry.stores import DepotRecord, TruckRecord
from hsh.services.registry import checks
from hsh.services.registry import stores as services
from hsh.services.registry.stores import AddDepot, AddTruck, EditDepot, EditTruck


class DepotCode(Form):
    """What a depot is known by; it stands before all else in the form."""

    code = CodeField(_l("Code"), description=_l("Short, like JURONG. It stays for ever."))


class DepotFields(Form):
    """What is told of a depot."""

    name = TextField(_l("Name"), most=checks.NAME_LENGTH)
    address = TextField(
        _l("Address"),
        most=checks.NOTE_LENGTH,
        lines=True,
        description=_l("As on an envelope, with the postal code last: Singapore 639212."),
    )
    phone = TextField(_l("Phone"), most=checks.CODE_LENGTH, required=False)

    def given(self) -> dict[str, Any]:
        """Return what was typed, for a service."""
        return {
            "name": self.name.data or "",
            "address": self.address.data or "",
            "phone": self.phone.data or None,
        }


class NewDepotForm(SubmissionForm, DepotCode, DepotFields):
    """A depot that is new."""

    @override
    def command(self, actor: Actor, **record: Any) -> AddDepot:
        """Return the wish to add it."""
        return AddDepot(**self.envelope(actor), code=self.code.data or "", **self.given())


class EditDepotForm(VersionForm, DepotFields):
    """A depot as it is to be."""

    @override
    def command(self, actor: Actor, **record: Any) -> EditDepot:
        """Return the wish to change it."""
        return EditDepot(
            **self.envelope(actor), version=self.version.data, **self.given(), **record
        )  # fmt: skip


class TruckFields(Form):
    """What is told of a truck."""

    plate = CodeField(_l("Plate"))
    name = TextField(_l("Name"), most=checks.NAME_LENGTH)
    home_depot = SelectField(_l("Home depot"), choices=lambda: options(staff.depots()))
    licence_expires_on = DayField(_l("Licence ends on"), required=False)
    max_gross_kg = ExactField(
        _l("Most cylinders, in kg gross"),
        required=False,
        description=_l("Whoever plans more is warned."),
    )

    def given(self) -> dict[str, Any]:
        """Return what was typed, for a service."""
        return {
            "plate": self.plate.data or "",
            "name": self.name.data or "",
            "home_depot": self.home_depot.data or "",
            "licence_expires_on": self.licence_expires_on.data,
            "max_gross_kg": self.max_gross_kg.data,
        }


class NewTruckForm(SubmissionForm, TruckFields):
    """A truck that is new."""

    @override
    def command(self, actor: Actor, **record: Any) -> AddTruck:
        """Return the wish to add it."""
        return AddTruck(**self.envelope(actor), **self.given())


class EditTruckForm(VersionForm, TruckFields):
    """A truck as it is to be."""

    @override
    def command(self, actor: Actor, **record: Any) -> EditTruck:
        """Return the wish to change it."""
        return EditTruck(
            **self.envelope(actor), version=self.version.data, **self.given(), **record
        )  # fmt: skip


def _depot(depot: DepotRecord) -> dict[str, Any]:
    return {"name": depot.name, "address": depot.address, "phone": depot.phone}


def _truck(truck: TruckRecord) -> dict[str, Any]:
    return {
        "plate": truck.plate,
        "name": truck.name,
        "home_depot": truck.home_depot,
        "licence_expires_on": truck.licence_expires_on,
        "max_gross_kg": truck.max_gross_kg,
    }


DEPOTS = ListedShelf(
    name="depots",
    back=list_of("depots"),
    act="depot",
    key=UUID,
    title=_l("Depots"),
    note=_l("Where cylinders are kept. Each sells to walk-in customers too."),
    adding=_l("Add a depot"),
    columns=(_l("Name"), _l("Code"), _l("Address"), _l("Phone"), (_l("Trucks"), "number")),
    new=NewDepotForm,
    edit=EditDepotForm,
    every=stores.depots,
    one=stores.depot,
    values=_depot,
)
VEHICLES = ListedShelf(
    name="vehicles",
    back=list_of("vehicles"),
    act="truck",
    key=UUID,
    title=_l("Vehicles"),
    note=_l("The trucks, with their licence and the most that they may carry."),
    adding=_l("Add a truck"),
    columns=(_l("Plate"), _l("Name"), _l("Home depot"), _l("Licence"), (_l("Most kg"), "number")),
    new=NewTruckForm,
    edit=EditTruckForm,
    every=stores.trucks,
    one=stores.truck,
    values=_truck,
)

_NAMES = {"key": "record"}
ops.enter(
    "depot.add", form=NewDepotForm, service=services.register_depot,
    endpoint="registry.depots.add",
    says=toasts.named(_l("%(thing)s is added."), "name", "registry.depots.show", "key"),
)  # fmt: skip
ops.enter(
    "depot.edit", form=EditDepotForm, service=services.edit_depot,
    endpoint="registry.depots.edit", names=_NAMES,
)  # fmt: skip
ops.enter(
    "truck.add", form=NewTruckForm, service=services.register_truck,
    endpoint="registry.vehicles.add",
    says=toasts.named(_l("Truck %(thing)s is added."), "plate", "registry.vehicles.show", "key"),
)  # fmt: skip
ops.enter(
    "truck.edit", form=EditTruckForm, service=services.edit_truck,
    endpoint="registry.vehicles.edit", names=_NAMES,
)  # fmt: skip
