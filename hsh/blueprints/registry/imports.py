"""/imports: a file is brought, its columns are named, and its rows are taken in."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import PurePath
from typing import Any, override
from uuid import UUID

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import Field, FileField, SelectField
from wtforms.widgets import HiddenInput

from hsh.blueprints import lists, toasts, words
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.render import moved, render, shown
from hsh.blueprints.security import large
from hsh.core import clock
from hsh.core.command import Actor
from hsh.core.refusals import Invalid, NotAllowed
from hsh.core.words import CorrectionKind
from hsh.documents import sheets
from hsh.models.imports import RowState
from hsh.queries.lists import Source
from hsh.queries.registry import imports, limits
from hsh.services.books import work
from hsh.services.imports import files, sheet
from hsh.services.imports.files import BringFile, NameColumns, TakeIn
from hsh.services.imports.kinds import KINDS, Kind, allowed

bp = Blueprint("imports", __name__, url_prefix="/imports")
_MOST_FORM = sheet.MOST_BYTES + 100_000
_COLUMN = re.compile(r"[0-9]{1,2}", re.ASCII)
_LATE = timedelta(minutes=1)
"""Nothing moved for so long: the worker may not be running."""
_UNSEEN = re.compile(r"[^\w .,()+-]")

KIND_NAMES = {
    "customers": _l("Customers with their sites"),
    "rates": _l("Prices"),
    "meters": _l("Meters"),
    "stock": _l("Opening stock"),
}
COLUMN_NAMES = {
    "name": _l("Name"),
    "address": _l("Address, with its postal code"),
    "latitude": _l("Latitude"),
    "longitude": _l("Longitude"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "contact": _l("Contact"),
    "uen": _l("UEN"),
    "gst_number": _l("GST number"),
    "terms_days": _l("Days of credit"),
    "price_list": _l("Code of the price list"),
    "kg_limit": _l("Most gas, in kg"),
    "household": _l("Somebody's home"),
    "site": _l("Code of the site"),
    "serial": _l("Serial number"),
    "digits": _l("Digits before the point"),
    "decimals": _l("Digits behind the point"),
    "reading": _l("Opening reading"),
    "day": _l("Read on"),
    "customer_of": _l("Customer, by the code of a site"),
    "item": _l("Size, fee or deposit, by its code"),
    "price": _l("Price in dollars"),
    "from": _l("From"),
    "place": _l("Code of the depot, truck or site"),
    "size": _l("Size, by its code"),
    "condition": _l("Full, part or empty"),
    "quantity": _l("How many"),
}
_STOPPED = {
    work.FAILED: _l("Something went wrong that the file is not to blame for."),
    NotAllowed.code: _l("Whoever had it taken in may not do that any more."),
}


class BringForm(SubmissionForm):
    """A file, and what it holds."""

    kind = SelectField(_l("What the file holds"), choices=())
    file = FileField(_l("CSV or XLSX file"))

    def offering(self) -> BringForm:
        """Let the kinds be chosen that are theirs to bring."""
        kinds = allowed(who().roles)
        self.kind.choices = options((kind.name, KIND_NAMES[kind.name]) for kind in kinds)
        return self

    @override
    def command(self, actor: Actor) -> BringFile:
        """Return the wish to keep it, after it was read."""
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise Invalid(field="file", reason="file_missing")
        return BringFile(
            **self.envelope(actor),
            kind=self.kind.data or "",
            file_name=_UNSEEN.sub("_", PurePath(sent.filename).name)[-200:],
            sheet=sheet.read(sent.stream.read(sheet.MOST_BYTES + 1)),
        )


class ColumnsField(Field):
    """Which column of the file each of ours is: the inputs ``column-<name>``, into {name: at}."""

    widget = HiddenInput()

    @override
    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.data = dict(data or {})
        for name in COLUMN_NAMES if formdata else ():
            typed = str(formdata.get(f"column-{name}", ""))
            if _COLUMN.fullmatch(typed):
                self.data[name] = int(typed)
            elif f"column-{name}" in formdata:
                self.data.pop(name, None)


class ColumnsForm(SubmissionForm):
    """Which column is which."""

    columns = ColumnsField(_l("Columns"))

    @override
    def command(self, actor: Actor, **record: Any) -> NameColumns:
        """Return the wish to look at the rows by them."""
        return NameColumns(**self.envelope(actor), **record, columns=self.columns.data)


class TakeForm(SubmissionForm):
    """Nothing to fill in: the file is in the address."""

    @override
    def command(self, actor: Actor, **record: Any) -> TakeIn:
        """Return the wish to have its rows taken in."""
        return TakeIn(**self.envelope(actor), **record)


ops.enter(
    "import.bring", form=BringForm, service=files.bring_file, endpoint="imports.bring",
    says=lambda made: toasts.Toast(
        words=_l("%(thing)s is read. Nothing is taken in yet."), thing=str(_l("The file")),
        address=url_for("imports.show", ref=made.ref),
    ),
)  # fmt: skip
ops.enter(
    "import.map",
    form=ColumnsForm,
    service=files.name_columns,
    endpoint="imports.name",
    names={"ref": "file"},
    says=toasts.at(
        _l("All rows of %(thing)s are looked at. Nothing is taken in yet."),
        _l("the file"),
        "imports.show",
    ),
)
ops.enter(
    "import.commit",
    form=TakeForm,
    service=files.take_in,
    endpoint="imports.take",
    names={"ref": "file"},
)


class FilterForm(DaysForm):
    """Which files the list shows."""

    name = TextField(_l("File"), most=60, required=False)
    holds = SelectField(_l("Holds"), choices=(), default="")

    @override
    def offer(self, actor: Actor) -> None:
        """Let the kinds be chosen that are theirs to bring."""
        kinds = [(kind.name, KIND_NAMES[kind.name]) for kind in allowed(actor.roles)]
        self.holds.choices = options([("", _l("All")), *kinds])


def _ask(actor: Actor, form: FilterForm) -> Source:
    wanted = imports.Filter(
        kind=form.holds.data or "",
        name=form.name.data or "",
        since=form.since.data,
        until=form.until.data,
    )
    return imports.brought([kind.name for kind in allowed(actor.roles)], wanted)


def _state(file: imports.File) -> tuple[str, str]:
    """Say how far a file is, and the tone of it."""
    if file.is_under_way:
        return str(_l("Being taken in")), "wait"
    if file.stopped and file.left:
        return str(_l("Stopped")), "stop"
    if file.left or file.columns is None:
        return str(_l("Not finished")), "wait"
    if file.counts[RowState.BAD]:
        return str(_l("With problems")), "stop"
    return str(_l("Done")), "ok"


FILES = lists.serve(
    bp,
    Listing(
        name="imports",
        title=_l("Imports"),
        note=_l("Bring a spreadsheet. Nothing is taken in before you have seen what would be."),
        action="import.bring",
        ask=_ask,
        form=FilterForm,
        empty=_l("No file yet. Choose one above, and read it."),
        template="registry/imports/index.html",
        beside=lambda: {"form": BringForm().offering(), "most": sheet.MOST_ROWS},
        columns=(
            Column(
                name="name", label=_l("File"),
                link=lambda file: url_for("imports.show", ref=file.ref),
            ),
            Column(name="kind", label=_l("Holds"), says=lambda file: str(KIND_NAMES[file.kind])),
            Column(name="at", label=_l("Brought"), kind=sheets.Kind.INSTANT),
            Column(name="person", label=_l("By")),
            Column(name="rows", label=_l("Rows"), kind=sheets.Kind.COUNT),
            Column(name="done", label=_l("Taken in"), kind=sheets.Kind.COUNT),
            Column(
                name="state", label=_l("State"), says=lambda file: _state(file)[0],
                tone=lambda file: _state(file)[1],
            ),
        ),
    ),
)  # fmt: skip


@bp.post("")
@allow("import.bring")
@large(_MOST_FORM)
def bring() -> ResponseReturnValue:
    """Read a file and keep its rows."""
    form = BringForm.sent().offering()
    brought = ops.perform("import.bring", form, redraw=lambda: lists.draw(FILES, form=form))
    return moved(show, ref=brought.ref)


@bp.get("/<uuid:ref>")
@allow("import.bring")
def show(ref: UUID) -> str:
    """Show how a file stands: its columns, what is wrong, what was taken in."""
    return _page(ref)


@bp.post("/<uuid:ref>")
@allow("import.map")
def name(ref: UUID) -> ResponseReturnValue:
    """Look at all rows by these columns; nothing is taken in."""
    form = ColumnsForm.sent()
    ops.perform("import.map", form, redraw=lambda: _page(ref, form))
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/take")
@allow("import.commit")
def take(ref: UUID) -> ResponseReturnValue:
    """Have its rows taken in."""
    ops.perform("import.commit", TakeForm.sent())
    return shown(show, ref=ref)


@bp.get("/<uuid:ref>/problems.csv")
@allow("import.bring")
def problems(ref: UUID) -> ResponseReturnValue:
    """Hand out the rows that cannot be taken in, each with its line and what is wrong."""
    file = imports.one(ref, _kinds())
    rows = (
        [str(row.line), problem_of(row), *row.cells]
        for row in imports.bad_rows(ref)
    )  # fmt: skip
    heads = [
        sheets.Head(label=name, kind=sheets.Kind.TEXT) for name in ("Line", "Problem", *file.header)
    ]
    answer = make_response(b"".join(sheets.comma_separated(heads, rows)))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="problems.csv"'
    return answer


def problem_of(row: imports.Row) -> str:
    """Return what is wrong with a row, in words that name the column."""
    said = words.say(Invalid(**row.params or {}))
    column = COLUMN_NAMES.get(row.field or "")
    return f"{column}: {said}" if column else said


def why_stopped(file: imports.File) -> str | None:
    """Return why the worker went no further, in words."""
    if file.stopped is None:
        return None
    code = str(file.stopped["code"])
    return str(_STOPPED[code]) if code in _STOPPED else words.retold(code, file.stopped["params"])


def _kinds() -> list[str]:
    return [kind.name for kind in allowed(who().roles)]


def _page(ref: UUID, form: ColumnsForm | None = None) -> str:
    file = imports.one(ref, _kinds())
    kind: Kind = KINDS[file.kind]
    columns = file.columns if file.columns is not None else kind.guess(file.header)
    return render(
        "registry/imports/show.html",
        block="file",
        file=file,
        kind=kind,
        form=form or ColumnsForm(columns=columns),
        first=imports.first_rows(ref),
        bad=imports.bad_rows(ref, imports.SHOWN),
        kind_names=KIND_NAMES,
        column_names=COLUMN_NAMES,
        problem_of=problem_of,
        states=RowState,
        why=why_stopped(file),
        limit=limits.approval(CorrectionKind.ADJUST) if file.kind == "stock" else None,
        is_late=file.is_under_way and file.moved_at and clock.now() - file.moved_at > _LATE,
        history=timeline.of(ref),
    )
