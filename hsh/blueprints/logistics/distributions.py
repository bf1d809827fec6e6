"""/distributions: the list, and one distribution that is confirmed, dropped or reversed."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints.access import allow, who
from hsh.blueprints.device import ops
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.logistics.forms import ConfirmForm, DropForm, FilterForm, ReverseForm
from hsh.blueprints.render import render, shown
from hsh.core import clock
from hsh.queries.logistics import choices, listing
from hsh.queries.logistics.shown import show as find
from hsh.queries.logistics.states import State
from hsh.services.logistics.distributions import confirm_distribution, reverse_distribution
from hsh.services.logistics.drafts import drop_distribution

bp = Blueprint("distributions", __name__, url_prefix="/distributions")

_NAMES = {"ref": "distribution"}
ops.enter(
    "distribution.confirm", form=ConfirmForm, service=confirm_distribution,
    endpoint="distributions.confirm", names=_NAMES, may_wait=True,
)  # fmt: skip
ops.enter(
    "distribution.drop", form=DropForm, service=drop_distribution,
    endpoint="distributions.drop", names=_NAMES, may_wait=True,
)  # fmt: skip
ops.enter(
    "distribution.reverse", form=ReverseForm, service=reverse_distribution,
    endpoint="distributions.reverse", names=_NAMES,
)  # fmt: skip


@bp.get("")
@allow("distribution.view")
def index() -> ResponseReturnValue:
    """List the distributions that the person may see, newest day first."""
    form = FilterForm(request.args)
    _offer_places(form)
    fits = form.validate()
    page = listing.page(who(), _wanted(form), request.args.get("at", ""))
    older, newer = (_address(at) for at in (page.older, page.newer))
    return render(
        "logistics/distributions/index.html",
        block="distributions",
        form=form,
        entries=page.entries,
        older=older,
        newer=newer,
    ), 200 if fits else 422


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
        forms={form.__name__: form() for form in (ConfirmForm, DropForm, ReverseForm)}
        | ({type(refused).__name__: refused} if refused else {}),
    )


def _offer_places(form: FilterForm) -> None:
    trucks = choices.trucks_for(who(), form.day.data or clock.today())
    form.truck.choices = [(truck.ref, truck.plate) for truck in trucks]
    form.depot.choices = [(depot.ref, depot.name) for depot in choices.depots_for(who())]
    form.truck.blank = form.depot.blank = _l("All")


def _wanted(form: FilterForm) -> listing.Wanted:
    state = form.state.data
    return listing.Wanted(
        day=form.day.data,
        truck=form.truck.data,
        depot=form.depot.data,
        state=State(state) if state in set(State) else None,
    )


def _address(at: str | None) -> str | None:
    """Return the address of another page of the same list."""
    query = request.args.to_dict() | {"at": at}
    return f"{url_for('.index')}?{urlencode(query)}" if at else None
