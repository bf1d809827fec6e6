"""/exports: large lists, and PDFs in a ZIP, made by the worker and taken by their owner."""

from __future__ import annotations

import json
from typing import Any, override
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from hsh.blueprints import files, lists, toasts
from hsh.blueprints.access import allow, may, who
from hsh.blueprints.books import timeline
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import FilterForm
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.making import MOST_PAPERS
from hsh.blueprints.render import moved, render
from hsh.core import roles
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.core.words import ExportKind
from hsh.documents.sheets import Kind
from hsh.queries.books import exports
from hsh.queries.books.exports import Asked
from hsh.services.books.exports import RequestExport, request_export

bp = Blueprint("exports", __name__, url_prefix="/exports")
_LONGEST = 30_000


class ExportForm(SubmissionForm):
    """A list, what it is narrowed to, and what it is to be made into."""

    listing = TextField(_l("List"), most=40)
    kind = TextField(_l("File"), most=20)
    asked = TextField(_l("Filters"), most=_LONGEST)

    @override
    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse what is no list of theirs."""
        if not super().validate(*args, **kwargs):
            return False
        listing, kind = lists.served().get(self.listing.data or ""), self.kind.data or ""
        fits = listing is not None and may(listing.action) and kind in _kinds(listing)
        if not fits or not _is_asked(self.asked.data or ""):
            self.form_errors = [_l("This page is damaged. Open it afresh.")]
            return False
        return True

    @override
    def command(self, actor: Actor, **_record: Any) -> RequestExport:
        """Return the wish to have it made."""
        return RequestExport(
            **self.envelope(actor),
            listing=self.listing.data or "",
            kind=ExportKind(self.kind.data or ""),
            asked=self.asked.data or "",
        )


ops.enter(
    "export.request", form=ExportForm, service=request_export, endpoint="exports.order",
    says=lambda made: toasts.Toast(
        words=_l("%(thing)s is being made. You may leave this page."), thing=str(_l("Your file")),
        address=url_for("exports.show", ref=made.ref),
    ),
)  # fmt: skip


class MineForm(FilterForm):
    """Which exports the list shows."""

    of = SelectField(_l("List"), choices=(), default="")

    @override
    def offer(self, actor: Actor) -> None:
        """Let the lists be chosen that the person may read."""
        known = [
            (name, listing.title)
            for name, listing in lists.served().items()
            if roles.may(actor.roles, listing.action)
        ]
        self.of.choices = options([("", _l("All")), *known])


def _title(name: str) -> str:
    listing = lists.served().get(name)
    return str(listing.title) if listing else name


def _state(export: Asked) -> tuple[str, str]:
    """Say how far it is, and the tone of it."""
    if export.made_at:
        return str(_l("Ready")), "ok"
    return (str(_l("Not made")), "stop") if export.problem else (str(_l("Being made")), "wait")


MINE = lists.serve(
    bp,
    Listing(
        name="exports",
        title=_l("Exports"),
        note=_l("Large files that you asked for. Each is thrown away after three days."),
        action="export.request",
        ask=lambda actor, form: exports.mine(actor, form.of.data or ""),
        form=MineForm,
        empty=_l("Nothing. Open a list and choose CSV, XLSX or ZIP below it."),
        columns=(
            Column(name="asked_at", label=_l("Asked for"), kind=Kind.INSTANT),
            Column(
                name="listing", label=_l("List"), says=lambda row: _title(row.listing),
                link=lambda row: url_for("exports.show", ref=row.ref),
            ),
            Column(name="kind", label=_l("File"), says=lambda row: row.kind.upper()),
            Column(
                name="part", label=_l("Part"), under=True,
                says=lambda row: (
                    str(_l("part %(number)s", number=row.part)) if row.part > 1 else ""
                ),
            ),
            Column(name="rows", label=_l("Rows"), kind=Kind.COUNT),
            Column(
                name="state", label=_l("State"), says=lambda row: _state(row)[0],
                tone=lambda row: _state(row)[1],
            ),
        ),
    ),
)  # fmt: skip


@bp.get("/new")
@allow("export.request")
def new() -> ResponseReturnValue:
    """Show what is to be made, before it is."""
    listing = lists.served().get(request.args.get("listing", ""))
    kind = request.args.get("as", "")
    if listing is None or not may(listing.action) or kind not in _kinds(listing):
        raise NotFound(what="list")
    filters = {
        field.name: request.args[field.name]
        for field in listing.form()
        if request.args.get(field.name)
    }
    asked = {
        "filters": filters,
        "sort": request.args.get("sort", ""),
        "only": request.args.getlist("only")[: files.MOST_CHOSEN],
    }
    form = ExportForm(listing=listing.name, kind=kind, asked=json.dumps(asked))
    return _page(form, listing, asked)


@bp.post("/new")
@allow("export.request")
def order() -> ResponseReturnValue:
    """Have it made."""
    form = ExportForm.sent()
    outcome = ops.perform("export.request", form, redraw=lambda: lists.draw(MINE))
    return moved(show, ref=outcome.ref)


@bp.get("/<uuid:ref>")
@allow("export.request")
def show(ref: UUID) -> str:
    """Show how far it is."""
    found = exports.one(who(), ref)
    return render(
        "books/exports/show.html",
        block="export",
        export=found,
        named=lists.served(),
        history=timeline.of(ref),
    )


@bp.get("/<uuid:ref>/file")
@allow("export.request")
def take(ref: UUID) -> Response:
    """Hand the file to its owner."""
    found = exports.one(who(), ref)
    path = current_app.config["HSH"].data_dir / found.path
    if found.made_at is None or not path.is_file():
        raise NotFound(what="export")
    name = files.file_name(lists.served()[found.listing], found.kind, found.part)
    answer = send_file(path.resolve(), as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(form: ExportForm, listing: Listing, asked: dict[str, Any]) -> str:
    source_form = listing.filters(_sent(asked), who())
    if not source_form.validate():
        abort(422)
    source = files.chosen(listing.ask(who(), source_form), asked["only"])
    return render(
        "books/exports/new.html",
        block="export",
        form=form,
        listing=listing,
        chips=list(source_form.chips()),
        extent=source.extent(),
        most_papers=MOST_PAPERS,
    )


def _sent(asked: dict[str, Any]) -> Any:
    return MultiDict(asked["filters"])


def _kinds(listing: Listing) -> set[str]:
    return {kind.value for kind in ExportKind if listing.papers or kind != ExportKind.ZIP}


def _is_asked(text: str) -> bool:
    """Tell whether ``text`` is what ``new`` wrote: filters, order, chosen rows."""
    try:
        asked = json.loads(text)
    except ValueError:
        return False
    return (
        isinstance(asked, dict)
        and asked.keys() == {"filters", "sort", "only"}
        and isinstance(asked["filters"], dict)
        and isinstance(asked["only"], list)
        and all(isinstance(one, str) for one in (asked["sort"], *asked["only"]))
        and all(isinstance(value, str) for value in asked["filters"].values())
    )
