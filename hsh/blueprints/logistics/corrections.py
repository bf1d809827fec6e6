"""/stock/changes: stock that moves without truck or customer, and taking such a change back."""

from __future__ import annotations

from typing import override
from uuid import UUID

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import lists
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.logistics.correction_forms import FORMS, CorrectionForm, ReverseForm
from hsh.blueprints.logistics.fields import RefChoiceField
from hsh.blueprints.render import moved, render
from hsh.blueprints.words import CONDITIONS
from hsh.core.command import Actor, Outcome
from hsh.core.refusals import NotFound
from hsh.core.words import CorrectionKind, Outside
from hsh.documents.sheets import Kind
from hsh.queries.books import stock
from hsh.queries.lists import Source
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


class FilterForm(DaysForm):
    """Which changes the list shows."""

    number = TextField(_l("Number"), most=40, required=False)
    kind = SelectField(_l("Kind"), default="", choices=options([("", _l("All")), *KINDS.items()]))
    place = RefChoiceField(_l("Place"), required=False)

    @override
    def offer(self, actor: Actor) -> None:
        """Let the depots and trucks be chosen whose stock the person sees."""
        self.place.choices, self.place.blank = stock.stores(actor), _l("All")


def _ask(actor: Actor, form: FilterForm) -> Source:
    wanted = corrections.Filter(
        number=form.number.data or "",
        kind=CorrectionKind(form.kind.data) if form.kind.data else None,
        place=form.place.data,
        since=form.since.data,
        until=form.until.data,
    )
    return corrections.corrections(actor, wanted)


CHANGES = lists.serve(
    bp,
    Listing(
        name="stock-changes",
        title=_l("Changes of stock"),
        note=_l("What moved without truck or customer, and why."),
        action="correction.view",
        ask=_ask,
        form=FilterForm,
        empty=_l("Nothing was changed yet. Stock is changed from the page Stock."),
        template="logistics/corrections/index.html",
        columns=(
            Column(name="confirmed_at", label=_l("When"), kind=Kind.INSTANT),
            Column(
                name="number", label=_l("Number"), kind=Kind.CODE,
                link=lambda row: url_for("corrections.show", ref=row.ref),
            ),
            Column(
                name="kind", label=_l("Kind"), under=True, says=lambda row: str(KINDS[row.kind])
            ),
            Column(
                name="reversal", label=_l("Reversal"), under=True, tone=lambda _row: "note",
                says=lambda row: str(_l("Reversal")) if row.is_reversal else "",
            ),
            Column(name="source", label=_l("From")),
            Column(name="target", label=_l("To")),
            Column(name="quantity", label=_l("Pieces"), kind=Kind.COUNT),
            Column(name="reason", label=_l("Reason")),
            Column(name="person", label=_l("By"), under=True),
        ),
    ),
)  # fmt: skip


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
