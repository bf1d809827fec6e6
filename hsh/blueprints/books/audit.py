"""/audit: who did what to which record, before and after; nothing here can be changed."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import lists
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import acts, values
from hsh.blueprints.books.forms import AnchorForm, FilterForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.render import render
from hsh.core.refusals import Invalid
from hsh.documents.sheets import Kind
from hsh.queries.books import anchors, audit
from hsh.queries.books.difference import difference

bp = Blueprint("audit", __name__, url_prefix="/audit")

ENTRIES = lists.serve(
    bp,
    Listing(
        name="audit",
        title=_l("Audit"),
        note=_l("Who did what to which record. Nothing here can be changed."),
        action="audit.view",
        ask=lambda actor, form: audit.entries(actor, form.filter()),
        form=FilterForm,
        empty=_l("No entry fits."),
        template="books/audit/list.html",
        beside=lambda: {"anchor": AnchorForm()},
        key="sequence",
        columns=(
            Column(
                name="sequence", label=_l("Entry"), kind=Kind.COUNT,
                link=lambda row: url_for("audit.entry", sequence=row.sequence),
            ),
            Column(name="at", label=_l("When"), kind=Kind.INSTANT),
            Column(
                name="person", label=_l("Who"),
                says=lambda row: row.person or str(_l("The system itself")),
            ),
            Column(name="action", label=_l("What"), says=lambda row: acts.action(row.action)),
            Column(
                name="record_type", label=_l("Record"),
                says=lambda row: acts.record(row.record_type),
            ),
            Column(name="number", label=_l("Number"), under=True),
        ),
    ),
)  # fmt: skip


@bp.get("/<int(max=999999999999999):sequence>")
@allow("audit.view")
def entry(sequence: int) -> str:
    """Show one entry: what changed, and its place in the chain."""
    found = audit.entry(who(), sequence)
    told = difference(found.before, found.after)
    return render(
        "books/audit/entry.html",
        block="entry",
        entry=found,
        changed=values.ordered(told.changed),
        kept=values.ordered(told.kept),
        lists=values.ordered(told.lists),
        acts=acts,
        values=values,
    )


@bp.get("/anchor")
@allow("audit.view")
def anchor() -> ResponseReturnValue:
    """Tell whether the entry that a paper bears is still in the book, unchanged."""
    form = AnchorForm(request.args)
    answer = _answer(form) if form.validate() else None
    drawn = render("books/audit/anchor.html", block="anchor", form=form, answer=answer)
    return drawn, 200 if answer else 422


def _answer(form: AnchorForm) -> anchors.Answer | None:
    try:
        return anchors.look_up(anchors.read(form.sequence.data or "", form.digits.data or ""))
    except Invalid as refusal:
        form.refuse(refusal)
        return None
