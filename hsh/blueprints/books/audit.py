"""/audit: who did what to which record, before and after; nothing here can be changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import lists
from hsh.blueprints.access import allow, may, who
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
        empty=_l("Nothing was done yet. Every act that changes the books is written here."),
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


@bp.get("/<int:sequence>")
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
        page=_page(found),
        acts=acts,
        values=values,
    )


_PAGES = {
    "transaction": ("transactions.one", "ref", "sale.view"),
    "distribution": ("distributions.show", "ref", "distribution.view"),
    "correction": ("corrections.show", "ref", "correction.view"),
    "count": ("counts.show", "ref", "count.view"),
    "request": ("approvals.show", "ref", "request.view"),
    "refusal": ("refusals.show", "ref", "refusal.view"),
    "user": ("people.show", "ref", "people.view"),
    "customers": ("customers.show", "ref", "customer.view"),
    "sites": ("customers.site", "ref", "customer.view"),
    "meters": ("customers.meter", "ref", "customer.view"),
    "depots": ("registry.depots.show", "key", "registry.view"),
    "vehicles": ("registry.vehicles.show", "key", "registry.view"),
    "permits": ("registry.permits.show", "key", "registry.view"),
}
"""Where a record is shown, and who sees it there."""


def _page(found: audit.Entry) -> str | None:
    """Return the address of the page of the record that an entry is about."""
    page, part, action = _PAGES.get(found.record_type, ("", "", ""))
    record: dict[str, Any] = {part: found.record_ref}
    return url_for(page, **record) if page and may(action) else None


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
