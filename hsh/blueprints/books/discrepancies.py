"""/discrepancies: sales that a supervisor looks into, and what came of each."""

from __future__ import annotations

from typing import override
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints.access import allow, who
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.render import render, shown
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.queries.books import discrepancies
from hsh.queries.sales import journal
from hsh.services.sales.discrepancies import CloseDiscrepancy, close_discrepancy

bp = Blueprint("discrepancies", __name__, url_prefix="/discrepancies")
REASON_LENGTH = 1_000


class CloseForm(SubmissionForm):
    """The sale stands as it is."""

    reason = TextField(
        _l("What came of it? The driver reads this."), most=REASON_LENGTH, lines=True
    )

    @override
    def command(self, actor: Actor, *, transaction: UUID) -> CloseDiscrepancy:
        """Return the wish to let the sale ``transaction`` stand."""
        return CloseDiscrepancy(
            **self.envelope(actor), transaction=transaction, reason=self.reason.data or ""
        )


ops.enter(
    "discrepancy.close", form=CloseForm, service=close_discrepancy,
    endpoint="discrepancies.close", names={"ref": "transaction"},
)  # fmt: skip


@bp.get("")
@allow("discrepancy.view")
def index() -> str:
    """List those that wait, newest first; with ?settled=1 those that were settled."""
    settled = request.args.get("settled") == "1"
    page = discrepancies.discrepancies(who(), request.args.get("page", ""), settled=settled)
    older, newer = (
        url_for(".index", page=cursor, settled="1" if settled else None) if cursor else None
        for cursor in (page.older, page.newer)
    )
    return render(
        "books/discrepancies/index.html",
        block="discrepancies",
        page=page,
        lacking=discrepancies.lacking(row.sale for row in page.rows),
        settled=settled,
        older=older,
        newer=newer,
    )


@bp.get("/<uuid:ref>")
@allow("discrepancy.view")
def show(ref: UUID) -> str:
    """Show what is odd about a sale, and what came of it."""
    return _page(ref, CloseForm())


@bp.post("/<uuid:ref>/close")
@allow("discrepancy.close")
def close(ref: UUID) -> ResponseReturnValue:
    """Let the sale stand, and say why."""
    form = CloseForm.sent()
    ops.perform("discrepancy.close", form, redraw=lambda: _page(ref, form))
    return shown(show, ref=ref)


def _page(ref: UUID, form: CloseForm) -> str:
    page = journal.sale_page(who(), ref)
    if page.flagged is None:
        raise NotFound(what="discrepancy")
    return render(
        "books/discrepancies/show.html",
        block="discrepancy",
        page=page,
        form=form,
        own=page.sale.seller_id == who().id,
    )
