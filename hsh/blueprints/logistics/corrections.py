"""/stock/changes: stock that moves without truck or customer, and taking such a change back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import DayField
from hsh.blueprints.forms import Form
from hsh.blueprints.logistics.correction_forms import FORMS, CorrectionForm, ReverseForm
from hsh.blueprints.logistics.fields import RefChoiceField
from hsh.blueprints.render import moved, render
from hsh.blueprints.words import CONDITIONS
from hsh.core.command import Outcome
from hsh.core.refusals import NotFound
from hsh.core.words import CorrectionKind, Outside
from hsh.queries.books import stock
from hsh.queries.logistics import corrections, places
from hsh.services.logistics.corrections import RECORD

bp = Blueprint("corrections", __name__, url_prefix="/stock/changes")

KINDS = {
    CorrectionKind.OPEN: _l("Opening stock"),
    CorrectionKind.ADJUST: _l("Adjustment"),
    CorrectionKind.TRANSFER: _l("Transfer"),
    CorrectionKind.DUMP: _l("Emptied in place"),
    CorrectionKind.WRITE_OFF: _l("Write-off"),
}


class FilterForm(Form):
    """Which changes the list shows."""

    kind = SelectField(_l("Kind"), default="", choices=options([("", _l("All")), *KINDS.items()]))
    place = RefChoiceField(_l("Place"), required=False)
    since = DayField(_l("From"), required=False)
    until = DayField(_l("To"), required=False)

    def wanted(self) -> corrections.Filter:
        """Return the form as its query wants it."""
        return corrections.Filter(
            kind=CorrectionKind(self.kind.data) if self.kind.data else None,
            place=self.place.data,
            since=self.since.data,
            until=self.until.data,
        )


@bp.get("")
@allow("correction.view")
def index() -> tuple[str, int]:
    """List what was changed, newest first."""
    form = FilterForm(request.args)
    form.place.choices, form.place.blank = stock.stores(who()), _l("All")
    fit = form.validate()
    page = None
    if fit:
        page = corrections.listing(who(), form.wanted(), request.args.get("page", ""))
    drawn = render(
        "logistics/corrections/index.html",
        block="corrections",
        form=form,
        page=page,
        kinds=KINDS,
        before=_beside(page.before if page else None),
        after=_beside(page.after if page else None),
    )
    return drawn, 200 if fit else 422


@bp.get("/new/<kind>")
@allow("stock.correct")
def new(kind: str) -> str:
    """Ask what is to be changed; ?place= and ?other= choose the ends."""
    form = _form(kind)(
        place=_ref(request.args.get("place")), other=_ref(request.args.get("other"))
    )  # fmt: skip
    return _asked(kind, form)


@bp.post("/new/<kind>")
@allow("stock.correct")
def make(kind: str) -> ResponseReturnValue:
    """Change the stock."""
    form = _form(kind).sent()
    outcome = ops.perform(f"stock.{kind}", form, redraw=lambda: _asked(kind, form))
    return _done(outcome)


@bp.get("/<uuid:ref>")
@allow("correction.view")
def show(ref: UUID) -> str:
    """Show a change: what moved, why, and who did it."""
    return _page(ref, ReverseForm())


@bp.post("/<uuid:ref>/reverse")
@allow("stock.reverse")
def reverse(ref: UUID) -> ResponseReturnValue:
    """Move everything back."""
    form = ReverseForm.sent()
    outcome = ops.perform("stock.reverse", form, redraw=lambda: _page(ref, form))
    return _done(outcome)


def _done(outcome: Outcome) -> ResponseReturnValue:
    """Go to the change, or to the request that someone else has to approve."""
    return moved(show if outcome.record == RECORD else "approvals.show", ref=outcome.ref)


def _form(kind: str) -> type[CorrectionForm]:
    if kind not in FORMS:
        abort(404)
    return FORMS[CorrectionKind(kind)]


def _ref(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _asked(kind: str, form: CorrectionForm) -> str:
    form.offer(_ends(CorrectionKind(kind)), _others(CorrectionKind(kind)))
    site = _site(form.place.data)
    if site:
        form.place.choices = [site]
    sizes = [size for size in stock.all_sizes() if not (site and size.is_accessory)]
    return render(
        "logistics/corrections/new.html",
        block="correction",
        form=form,
        kind=kind,
        kinds=KINDS,
        sizes=sizes,
        columns=form.columns(at_site=site is not None),
    )


def _ends(kind: CorrectionKind) -> list[tuple[UUID, str]]:
    """Return the places whose stock can be changed so."""
    if kind == CorrectionKind.TRANSFER:
        return _transferable()
    return stock.stores(who())


def _others(kind: CorrectionKind) -> list[tuple[UUID, str]]:
    """Return the places that it can go to."""
    match kind:
        case CorrectionKind.TRANSFER:
            return _transferable()
        case CorrectionKind.WRITE_OFF:
            return _outside(Outside.SCRAP, Outside.LOSS)
        case _:
            return []


def _transferable() -> list[tuple[UUID, str]]:
    return [*stock.depots(who()), *_outside(Outside.SUPPLIER)]


def _outside(*codes: Outside) -> list[tuple[UUID, str]]:
    return [(ref, str(OUTSIDE[code])) for code, ref in places.outside_refs(codes).items()]


OUTSIDE = {
    Outside.SUPPLIER: _l("The supplier"),
    Outside.SCRAP: _l("Scrap"),
    Outside.LOSS: _l("Loss"),
    Outside.COUNT: _l("Count"),
}


def _site(ref: UUID | None) -> tuple[UUID, str] | None:
    """Return the site that is to be put right, if it is one."""
    try:
        return places.site(ref) if ref else None
    except NotFound:
        return None


def _page(ref: UUID, form: ReverseForm) -> str:
    return render(
        "logistics/corrections/show.html",
        block="correction",
        page=corrections.show(who(), ref),
        history=timeline.of(ref),
        form=form,
        kinds=KINDS,
        conditions=CONDITIONS,
    )


def _beside(cursor: str | None) -> str | None:
    """Return the address of the page that ``cursor`` leads to, with the same filter."""
    if not cursor:
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value}
    return url_for(".index", **(kept | {"page": cursor}))
