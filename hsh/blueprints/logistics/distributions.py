"""/distributions: the list, and one distribution that is confirmed, dropped or reversed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import lists, toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.device import ops
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.logistics import cautions
from hsh.blueprints.logistics.forms import (
    STATES,
    TONES,
    ConfirmForm,
    DropForm,
    FilterForm,
    RestoreForm,
    ReverseForm,
)
from hsh.blueprints.render import render, shown
from hsh.core.command import Actor
from hsh.documents.sheets import Kind
from hsh.queries.lists import Source
from hsh.queries.logistics import listing
from hsh.queries.logistics.shown import show as find
from hsh.queries.logistics.states import State
from hsh.services.logistics.distributions import confirm_distribution, reverse_distribution
from hsh.services.logistics.drafts import drop_distribution, restore_distribution

bp = Blueprint("distributions", __name__, url_prefix="/distributions")
bp.add_app_template_filter(cautions.said, "in_words")

_NAMES = {"ref": "distribution"}
ops.enter(
    "distribution.confirm", form=ConfirmForm, service=confirm_distribution,
    endpoint="distributions.confirm", names=_NAMES, may_wait=True,
    says=toasts.numbered(
        _l("Distribution %(thing)s is in the books."), "distributions.show",
        undo=toasts.undone_by("distributions.reverse", "distribution.reverse"),
    ),
)  # fmt: skip
ops.enter(
    "distribution.drop", form=DropForm, service=drop_distribution,
    endpoint="distributions.drop", names=_NAMES, may_wait=True,
    says=toasts.numbered(
        _l("Draft %(thing)s is dropped."), "distributions.show",
        undo=lambda made: toasts.Undo(address=url_for("distributions.restore", ref=made.ref)),
    ),
)  # fmt: skip
ops.enter(
    "distribution.restore", form=RestoreForm, service=restore_distribution,
    endpoint="distributions.restore", names=_NAMES,
    says=toasts.numbered(_l("%(thing)s is a draft again."), "distributions.show"),
)  # fmt: skip
ops.enter(
    "distribution.reverse", form=ReverseForm, service=reverse_distribution,
    endpoint="distributions.reverse", names=_NAMES,
    says=toasts.numbered(
        _l("Distribution %(thing)s takes everything back."), "distributions.show"
    ),
)  # fmt: skip


def _ask(actor: Actor, form: FilterForm) -> Source:
    state = form.state.data
    wanted = listing.Wanted(
        since=form.since.data,
        until=form.until.data,
        truck=form.truck.data,
        depot=form.depot.data,
        state=State(state) if state in set(State) else None,
        number=form.number.data or "",
    )
    return listing.distributions(actor, wanted)


DISTRIBUTIONS = lists.serve(
    bp,
    Listing(
        name="distributions",
        title=_l("Distributions"),
        action="distribution.view",
        ask=_ask,
        form=FilterForm,
        empty=_l("No distributions yet. Plan one, and the truck is loaded by it."),
        template="logistics/distributions/index.html",
        columns=(
            Column(
                name="number", label=_l("Number"), kind=Kind.CODE,
                says=lambda run: run.number or run.short_code,
                link=lambda run: url_for("distributions.show", ref=run.ref),
            ),
            Column(name="planned_on", label=_l("Date"), kind=Kind.DAY),
            Column(name="depot", label=_l("Depot")),
            Column(name="plate", label=_l("Truck"), kind=Kind.CODE),
            Column(name="driver", label=_l("Driver")),
            Column(name="out", label=_l("Out"), kind=Kind.COUNT, says=lambda run: run.out or None),
            Column(
                name="back", label=_l("Back"), kind=Kind.COUNT, says=lambda run: run.back or None
            ),
            Column(
                name="state", label=_l("Status"), says=lambda run: str(STATES[run.state]),
                tone=lambda run: TONES[run.state],
            ),
        ),
    ),
)  # fmt: skip


@bp.get("/<uuid:ref>")
@allow("distribution.view")
def show(ref: UUID) -> ResponseReturnValue:
    """Show a distribution: a draft to be confirmed, or what was done."""
    return _page(ref)


@bp.post("/<uuid:ref>/confirm")
@allow("distribution.confirm")
def confirm(ref: UUID) -> ResponseReturnValue:
    """Make the planned exchange real."""
    form = ConfirmForm.sent()
    ops.perform("distribution.confirm", form, redraw=lambda: _page(ref, form))
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/drop")
@allow("distribution.drop")
def drop(ref: UUID) -> ResponseReturnValue:
    """Give a draft up."""
    form = DropForm.sent()
    ops.perform("distribution.drop", form, redraw=lambda: _page(ref, form))
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/restore")
@allow("distribution.restore")
def restore(ref: UUID) -> ResponseReturnValue:
    """Make a dropped draft a draft again."""
    form = RestoreForm.sent()
    ops.perform("distribution.restore", form, redraw=lambda: _page(ref, form))
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/reverse")
@allow("distribution.reverse")
def reverse(ref: UUID) -> ResponseReturnValue:
    """Take a confirmed distribution back."""
    form = ReverseForm.sent()
    ops.perform("distribution.reverse", form, redraw=lambda: _page(ref, form))
    return shown(show, ref=ref)


def _page(ref: UUID, refused: SubmissionForm | None = None) -> str:
    """Render the page; ``refused`` is the form that will not do, with what is wrong with it."""
    return render(
        "logistics/distributions/show.html",
        block="distribution",
        run=find(who(), ref),
        refused=refused,
        history=timeline.of(ref),
        forms={form.__name__: form() for form in (ConfirmForm, DropForm, RestoreForm, ReverseForm)}
        | ({type(refused).__name__: refused} if refused else {}),
    )
