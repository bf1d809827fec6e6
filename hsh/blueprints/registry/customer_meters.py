"""/customers/meters: a site's meters, put up, replaced and taken down, and what they showed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast, override
from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hsh.blueprints import formats, lists, toasts, words
from hsh.blueprints.access import allow, may, who
from hsh.blueprints.books import timeline
from hsh.blueprints.charts import Bar, Chart
from hsh.blueprints.device import ops
from hsh.blueprints.fields import DayField, ExactField, RefField, TextField, WholeField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.blueprints.lists import Column, Listing, Look
from hsh.blueprints.registry.customers import bp
from hsh.blueprints.render import moved, render
from hsh.core import clock
from hsh.core.command import Actor
from hsh.documents.sheets import Kind
from hsh.models.registry import MeterEnd
from hsh.queries.registry import customer_pages, meter_pages
from hsh.queries.registry.meter_pages import MeterCard
from hsh.services.registry import checks, meter_changes, records
from hsh.services.registry.meter_changes import CloseMeter, Dial, InstallMeter, ReplaceMeter

_MOST = 2**31 - 1


class DialFields(Form):
    """A meter as one finds it."""

    serial = TextField(_l("Serial number"), most=checks.CODE_LENGTH)
    digits = WholeField(_l("Digits before the point"), least=3, most=9)
    decimals = WholeField(_l("Digits behind the point"), most=4)
    opening_reading = ExactField(_l("It shows"))
    on = DayField(_l("On"))

    def dial(self) -> Dial:
        """Return what was typed."""
        return Dial(
            serial=(self.serial.data or "").upper(),
            digits=self.digits.data,
            decimals=self.decimals.data,
            reading=self.opening_reading.data,
            on=cast("date", self.on.data),
        )


class InstallForm(SubmissionForm, DialFields):
    """A meter to put up."""

    @override
    def command(self, actor: Actor, **record: Any) -> InstallMeter:
        """Return the wish to put it up at the ``site`` that the page is about."""
        return InstallMeter(**self.envelope(actor), **record, dial=self.dial())


class ReplaceForm(SubmissionForm, DialFields):
    """A meter to take down, and the one in its place."""

    seen = WholeField(least=0, most=_MOST)
    final = ExactField(_l("The old one shows"))

    @override
    def command(self, actor: Actor, **record: Any) -> ReplaceMeter:
        """Return the wish to replace the ``meter`` that the page is about."""
        return ReplaceMeter(
            **self.envelope(actor),
            **record,
            seen=self.seen.data,
            final=self.final.data,
            dial=self.dial(),
        )


class CloseForm(SubmissionForm):
    """A meter to take down for good."""

    seen = WholeField(least=0, most=_MOST)
    final = ExactField(_l("It shows"))
    on = DayField(_l("On"))

    @override
    def command(self, actor: Actor, **record: Any) -> CloseMeter:
        """Return the wish to close the ``meter`` that the page is about."""
        return CloseMeter(
            **self.envelope(actor),
            **record,
            seen=self.seen.data,
            final=self.final.data,
            on=cast("date", self.on.data),
        )


class ReadingsForm(DaysForm):
    """Which readings of the meter ``ref`` are shown."""

    ref = RefField()


def _kind(row: Any) -> str:
    return str(_l("Taken back") if row.reverses_id else words.READINGS[row.kind])


READINGS = lists.serve(
    bp,
    Listing(
        name="readings",
        title=_l("Readings"),
        action="customer.view",
        ask=lambda actor, form: meter_pages.readings(
            actor, form.ref.data, form.since.data, form.until.data
        ),
        form=ReadingsForm,
        empty=_l("Not read yet. A meter is read in a sale at its site."),
        template="registry/customers/meter.html",
        key="",
        below=("ref",),
        called=lambda form: meter_pages.one(form.ref.data).serial,
        columns=(
            Column(name="read_on", label=_l("Day"), kind=Kind.DAY),
            Column(name="kind", label=_l("Kind"), says=_kind),
            Column(name="previous", label=_l("Before"), kind=Kind.EXACT),
            Column(name="current", label=_l("Reading"), kind=Kind.EXACT),
            Column(name="billed", label=_l("Billed"), kind=Kind.EXACT),
            Column(
                name="sale", label=_l("Sale"),
                says=lambda row: str(_l("Sale")) if row.sale else "",
                link=lambda row: (
                    url_for("transactions.one", ref=row.sale) if may("sale.view") else None
                ),
            ),
        ),
    ),
    path="/meters/<uuid:ref>",
    index="meter",
    page=False,
)  # fmt: skip


ops.enter(
    "meter.add",
    form=InstallForm,
    service=meter_changes.install_meter,
    endpoint="customers.install_meter",
    names={"ref": "site"},
    says=toasts.named(_l("Meter %(thing)s is put up."), "serial", "customers.meter"),
)
ops.enter(
    "meter.replace",
    form=ReplaceForm,
    service=meter_changes.replace_meter,
    endpoint="customers.replace_meter",
    names={"ref": "meter"},
    says=toasts.named(_l("Meter %(thing)s is up in its place."), "serial", "customers.meter"),
)
ops.enter(
    "meter.close",
    form=CloseForm,
    service=meter_changes.close_meter,
    endpoint="customers.close_meter",
    names={"ref": "meter"},
    says=toasts.at(_l("%(thing)s is taken down."), _l("The meter"), "customers.meter"),
)


@bp.get("/sites/<uuid:ref>/meters/new")
@allow("meter.add")
def new_meter(ref: UUID) -> str:
    """Ask which meter is put up."""
    return _asked(ref, InstallForm(on=clock.today(), decimals=1))


@bp.post("/sites/<uuid:ref>/meters/new")
@allow("meter.add")
def install_meter(ref: UUID) -> ResponseReturnValue:
    """Put up a meter."""
    form = InstallForm.sent()
    added = ops.perform("meter.add", form, redraw=lambda: _asked(ref, form))
    return moved(meter, ref=added.ref)


@bp.get("/meters/<uuid:ref>")
@allow("customer.view")
def meter(ref: UUID) -> tuple[str, int]:
    """Show a meter: what it showed, in a chart and a table, and what can be done with it."""
    readings = lists.look(READINGS)
    return _page(meter_pages.card(ref), readings), 200 if readings.page else 422


@bp.post("/meters/<uuid:ref>/replace")
@allow("meter.replace")
def replace_meter(ref: UUID) -> ResponseReturnValue:
    """Take the meter down and put another up in its place."""
    form = ReplaceForm.sent()
    done = ops.perform("meter.replace", form, redraw=lambda: _again(ref, replace=form))
    return moved(meter, ref=done.ref)


@bp.post("/meters/<uuid:ref>/close")
@allow("meter.close")
def close_meter(ref: UUID) -> ResponseReturnValue:
    """Take the meter down for good."""
    form = CloseForm.sent()
    ops.perform("meter.close", form, redraw=lambda: _again(ref, close=form))
    return moved(meter, ref=ref)


def _asked(ref: UUID, form: InstallForm) -> str:
    card = customer_pages.site_card(who(), ref)
    return render("registry/customers/new_meter.html", block="meter", card=card, form=form)


def _again(ref: UUID, *, replace: ReplaceForm | None = None, close: CloseForm | None = None) -> str:
    """Draw the page with what was typed; the next try is about the meter as it is now."""
    return _page(meter_pages.card(ref), lists.look(READINGS), replace=replace, close=close)


def _page(
    card: MeterCard,
    readings: Look,
    *,
    replace: ReplaceForm | None = None,
    close: CloseForm | None = None,
) -> str:
    today, row = clock.today(), card.row
    return render(
        "registry/customers/meter.html",
        block="meter",
        card=card,
        list=readings,
        chart=_chart(readings.page.rows) if readings.page and readings.page.rows else None,
        replace=replace or ReplaceForm(on=today, digits=row.digits, decimals=row.decimals),
        close=close or CloseForm(on=today),
        history=timeline.of(row.ref, records.ref_of(MeterEnd.__tablename__, row.ref)),
    )


def _chart(rows: Sequence[Any]) -> Chart:
    """Return what the shown readings billed, the oldest at the left."""
    unit = "m³"
    return Chart(
        title=_("Billed, in %(unit)s", unit=unit),
        bars=[
            Bar(
                label=formats.day(row.read_on),
                value=row.billed,
                words=f"{formats.exact(row.billed)} {unit}",
            )
            for row in reversed(rows)
        ],
    )
