"""/audit: who did what to which record, before and after; nothing here can be changed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from hsh.blueprints.access import allow, who
from hsh.blueprints.books import acts, values
from hsh.blueprints.books.forms import AnchorForm, FilterForm
from hsh.blueprints.render import render
from hsh.core.refusals import Invalid
from hsh.queries.books import anchors, audit
from hsh.queries.books.difference import difference
from hsh.queries.keyset import Page

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
@allow("audit.view")
def index() -> ResponseReturnValue:
    """List the entries that the person may see, newest first."""
    form = FilterForm(request.args)
    form.offer(audit.people())
    fits = form.validate()
    page = audit.entries(who(), form.filter(), request.args.get("page", "")) if fits else None
    drawn = render(
        "books/audit/list.html",
        block="audit",
        form=form,
        anchor=AnchorForm(),
        page=page,
        pages=_neighbours(page),
        acts=acts,
    )
    return drawn, 200 if fits else 422


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


def _neighbours(page: Page | None) -> dict[str, str | None]:
    """Return the addresses of the pages beside ``page``, with the same filter."""
    if page is None:
        return {}
    return {"older": _beside(page.older), "newer": _beside(page.newer)}


def _beside(cursor: str | None) -> str | None:
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value}
    return url_for(".index", **(kept | {"page": cursor})) if cursor else None
