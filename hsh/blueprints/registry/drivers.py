"""/registry/drivers: who drives, with which permits, and which trucks on which days."""

from __future__ import annotations

from typing import Any, override
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import formats, names, toasts
from hsh.blueprints.access import allow
from hsh.blueprints.books import timeline
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import DayField, TextField
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.blueprints.registry.shelf import Shelf
from hsh.blueprints.render import render, shown
from hsh.blueprints.versions import VersionForm
from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.words import PermitKind
from hsh.models.registry import Assignment
from hsh.queries.registry import drivers
from hsh.queries.registry.drivers import AssignmentRecord, PermitRecord
from hsh.services.registry import checks, records
from hsh.services.registry.assignments import (
    AssignTruck,
    EditAssignment,
    edit_assignment,
    give_truck,
)
from hsh.services.registry.permits import AddPermit, EditPermit, add_permit, edit_permit

bp = Blueprint("drivers", __name__, url_prefix="/drivers")


class PermitFields(Form):
    """What is told of a permit."""

    kind = SelectField(_l("Kind"), choices=options(names.PERMITS.items()))
    number = TextField(_l("Number"), most=checks.CODE_LENGTH)
    expires_on = DayField(_l("Ends on"))

    def given(self) -> dict[str, Any]:
        """Return what was typed, for a service."""
        return {
            "kind": PermitKind(self.kind.data),
            "number": self.number.data or "",
            "expires_on": self.expires_on.data,
        }


class NewPermitForm(SubmissionForm, PermitFields):
    """A permit that is new to a driver."""

    @override
    def command(self, actor: Actor, **record: Any) -> AddPermit:
        """Return the wish to write it down."""
        return AddPermit(**self.envelope(actor), **self.given(), **record)


class EditPermitForm(VersionForm, PermitFields):
    """A permit as it is to be."""

    @override
    def command(self, actor: Actor, **record: Any) -> EditPermit:
        """Return the wish to change it."""
        return EditPermit(
            **self.envelope(actor), version=self.version.data, **self.given(), **record
        )  # fmt: skip


class TruckForm(SubmissionForm):
    """A truck that is given to a driver."""

    truck = SelectField(_l("Truck"), choices=lambda: options(drivers.open_trucks()))
    starts_on = DayField(_l("From"))
    ends_on = DayField(_l("To"), required=False)

    @override
    def command(self, actor: Actor, **record: Any) -> AssignTruck:
        """Return the wish to give it."""
        days: dict[str, Any] = {"starts_on": self.starts_on.data, "ends_on": self.ends_on.data}
        return AssignTruck(**self.envelope(actor), truck=UUID(self.truck.data), **days, **record)


class EndForm(VersionForm):
    """The day that an assignment ends with."""

    ends_on = DayField(
        _l("Last day"),
        required=False,
        description=_l("Empty: until further notice."),
    )

    @override
    def command(self, actor: Actor, **record: Any) -> EditAssignment:
        """Return the wish to let it end then."""
        return EditAssignment(
            **self.envelope(actor), version=self.version.data, ends_on=self.ends_on.data, **record
        )


def _permit(permit: PermitRecord) -> dict[str, Any]:
    return {"kind": permit.kind, "number": permit.number, "expires_on": permit.expires_on}


def _assignment(given: AssignmentRecord) -> dict[str, Any]:
    return {"ends_on": given.ends_on}


def _said_of(given: AssignmentRecord) -> str:
    day = formats.day(given.starts_on)
    return str(_("%(truck)s from %(day)s", truck=given.plate, day=day))


def _ref_of(given: AssignmentRecord) -> UUID:
    key = given.driver_id, given.truck_id, given.starts_on
    return records.ref_of(Assignment.__tablename__, *key)


def _of_driver(record: PermitRecord | AssignmentRecord) -> str:
    return url_for("registry.drivers.show", key=record.driver)


PERMITS = Shelf(
    name="permits",
    act="permit",
    key=UUID,
    edit=EditPermitForm,
    one=drivers.permit,
    values=_permit,
    called=lambda permit: f"{names.PERMITS[permit.kind]} {permit.number}",
    back=_of_driver,
)
ASSIGNMENTS = Shelf(
    name="assignments",
    act="assignment",
    key=int,
    edit=EndForm,
    one=drivers.assignment,
    ref=_ref_of,
    values=_assignment,
    called=lambda given: _(
        "%(truck)s since %(day)s", truck=given.plate, day=formats.day(given.starts_on)
    ),
    back=_of_driver,
    may_close=False,
)

ops.enter(
    "permit.add", form=NewPermitForm, service=add_permit,
    endpoint="registry.drivers.permit", names={"key": "driver"},
    says=toasts.named(_l("Permit %(thing)s is added."), "number", "registry.permits.show", "key"),
)  # fmt: skip
ops.enter(
    "permit.edit", form=EditPermitForm, service=edit_permit,
    endpoint="registry.permits.edit", names={"key": "record"},
)  # fmt: skip
ops.enter(
    "truck.assign", form=TruckForm, service=give_truck,
    endpoint="registry.drivers.truck", names={"key": "driver"},
    says=lambda made: toasts.Toast(
        words=_l("Truck %(thing)s is theirs from that day on."),
        thing=dict(drivers.open_trucks()).get(str(made.form.truck.data), ""),
        address=url_for("registry.vehicles.show", key=made.form.truck.data),
    ),
)  # fmt: skip
ops.enter(
    "assignment.edit", form=EndForm, service=edit_assignment,
    endpoint="registry.assignments.edit", names={"key": "record"},
)  # fmt: skip


@bp.get("")
@allow("registry.view")
def index() -> str:
    """List who drives; those who drive no more stand last."""
    return render(
        "registry/drivers/index.html",
        block="records",
        drivers=drivers.everyone(),
        names=names,
        today=clock.today(),
    )


@bp.get("/<uuid:key>")
@allow("registry.view")
def show(key: UUID) -> str:
    """Show a driver's permits and trucks."""
    return _page(key)


@bp.post("/<uuid:key>/permits")
@allow("permit.add")
def permit(key: UUID) -> ResponseReturnValue:
    """Write down a permit."""
    form = NewPermitForm.sent()
    ops.perform("permit.add", form, redraw=lambda: _page(key, form))
    return shown(show, key=key)


@bp.post("/<uuid:key>/trucks")
@allow("truck.assign")
def truck(key: UUID) -> ResponseReturnValue:
    """Give the driver a truck."""
    form = TruckForm.sent()
    ops.perform("truck.assign", form, redraw=lambda: _page(key, form))
    return shown(show, key=key)


def _page(key: UUID, form: SubmissionForm | None = None) -> str:
    """Show a driver, with the ``form`` that will not do."""
    driver = drivers.one(key)
    parts = (*(one.ref for one in driver.permits), *map(_ref_of, driver.assignments))
    return render(
        "registry/drivers/show.html",
        block="record",
        driver=driver,
        history=timeline.of(key, *parts),
        names=names,
        today=clock.today(),
        permit_form=form if isinstance(form, NewPermitForm) else NewPermitForm(),
        truck_form=form if isinstance(form, TruckForm) else _today(),
    )


def _today() -> TruckForm:
    return TruckForm(data={"starts_on": clock.today()})
