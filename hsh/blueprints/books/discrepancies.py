"""/discrepancies: sales that a supervisor looks into, and what came of each."""

from __future__ import annotations

from typing import override
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import formats, lists, toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.render import render, shown
from hsh.core.command import Actor
from hsh.core.refusals import NotFound
from hsh.documents.sheets import Kind
from hsh.queries.books import discrepancies
from hsh.queries.books.discrepancies import Odd
from hsh.queries.lists import Source
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
    says=toasts.at(_l("%(thing)s is closed."), _l("The discrepancy"), "discrepancies.show"),
)  # fmt: skip


class FilterForm(DaysForm):
    """Which flagged sales the list shows."""

    settled = SelectField(
        _l("State"), choices=options([("", _l("Waiting")), ("1", _l("Settled"))]), default=""
    )
    number = TextField(_l("Number"), most=40, required=False)


def _ask(actor: Actor, form: FilterForm) -> Source:
    wanted = discrepancies.Filter(
        settled=bool(form.settled.data),
        since=form.since.data,
        until=form.until.data,
        number=form.number.data or "",
    )
    return discrepancies.discrepancies(actor, wanted)


def _what(odd: Odd) -> str:
    """Say what is odd about a sale."""
    said = []
    if odd.claimed is not None and odd.claimed != odd.payable:
        told = {"claimed": formats.money(odd.claimed), "payable": formats.money(odd.payable)}
        said.append(_("The tablet said %(claimed)s, the books say %(payable)s.", **told))
    short = _l("%(name)s: %(count)s more came back than the books had.")
    said += [short % {"name": one.equipment, "count": one.quantity} for one in odd.lacking]
    return " ".join(said)


DISCREPANCIES = lists.serve(
    bp,
    Listing(
        name="discrepancies",
        title=_l("Discrepancies"),
        note=_l(
            "Sales to look into: more came back than the books had at the site, or the slip said"
            " another total."
        ),
        action="discrepancy.view",
        ask=_ask,
        form=FilterForm,
        empty=_l("Nothing waits for you."),
        columns=(
            Column(
                name="number", label=_l("Sale"), kind=Kind.CODE,
                link=lambda odd: url_for("discrepancies.show", ref=odd.ref),
            ),
            Column(name="created_at", label=_l("When"), kind=Kind.INSTANT),
            Column(name="site", label=_l("Site")),
            Column(name="site_code", label=_l("Site code"), under=True),
            Column(name="customer", label=_l("Customer"), under=True),
            Column(name="what", label=_l("What is odd"), says=_what),
            Column(name="seller", label=_l("By")),
            Column(name="source", label=_l("From"), under=True),
        ),
    ),
)  # fmt: skip


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
        history=timeline.of(ref),
    )
