"""/stock/counts: a stock count from the empty sheet to the adjustment that comes of it."""

from __future__ import annotations

from typing import Any, cast, override
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import lists, toasts
from hsh.blueprints.access import allow, may, who
from hsh.blueprints.books import timeline
from hsh.blueprints.books.fields import MomentField
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import CountsField, TextField, WholeField, needed
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.logistics.fields import RefChoiceField
from hsh.blueprints.render import moved, render, shown
from hsh.blueprints.words import CONDITIONS
from hsh.core.command import Actor
from hsh.core.words import Condition
from hsh.documents.sheets import Kind
from hsh.queries.books import stock
from hsh.queries.lists import Source
from hsh.queries.logistics import counts
from hsh.services.books.approvals import RECORD as REQUEST
from hsh.services.logistics.corrections import REASON_MOST
from hsh.services.logistics.counts import (
    RECORD,
    CloseCount,
    CountLine,
    OpenCount,
    SaveCount,
    close_count,
    open_count,
    save_count,
)

bp = Blueprint("counts", __name__, url_prefix="/stock/counts")
STATES = (Condition.FULL, Condition.PART, Condition.EMPTY)
_MOST_VERSION = 2**31 - 1


class OpenForm(SubmissionForm):
    """Where the cylinders are going to be counted."""

    place = RefChoiceField(_l("Place"))

    @override
    def command(self, actor: Actor, **record: Any) -> OpenCount:
        """Return the wish to open a count."""
        return OpenCount(**self.envelope(actor), **record, place=self.place.data)


class SheetForm(SubmissionForm):
    """How many were counted; what is left empty was not counted, and stays as it is."""

    full = CountsField(_l("Full"))
    part = CountsField(_l("Part"))
    empty = CountsField(_l("Empty"))
    counted_at = MomentField(_l("Counted at"), validators=needed(required=False))
    version = WholeField(most=_MOST_VERSION)

    @override
    def command(self, actor: Actor, **record: Any) -> SaveCount:
        """Return the wish to keep what was counted."""
        return SaveCount(
            **self.envelope(actor),
            **record,
            version=self.version.data,
            counted_at=self.counted_at.data,
            lines=tuple(
                CountLine(equipment=code, condition=state, counted=int(text))
                for state, field in zip(STATES, self.columns(), strict=True)
                for code, text in sorted(field.typed.items())
                if text
            ),
        )

    def columns(self) -> list[CountsField]:
        """Return the counts in the order of the conditions."""
        return [cast("CountsField", self[state.value]) for state in STATES]


class CloseForm(SubmissionForm):
    """The figures stand."""

    reason = TextField(_l("Why does it differ?"), most=REASON_MOST, lines=True)
    version = WholeField(most=_MOST_VERSION)

    @override
    def command(self, actor: Actor, **record: Any) -> CloseCount:
        """Return the wish to close the count."""
        return CloseCount(
            **self.envelope(actor),
            **record,
            version=self.version.data,
            reason=self.reason.data or "",
        )


def _closed(made: toasts.Made) -> toasts.Toast:
    """Tell what came of a count: an adjustment, if anything differed."""
    if made.outcome.record == REQUEST:
        return toasts.request_made(made)
    number, page = made.outcome.number, url_for("counts.show", **made.parts)
    if number is None:
        return toasts.Toast(
            words=_l("%(thing)s is closed. Nothing differed."), thing=_("The count"), address=page
        )
    return toasts.Toast(
        words=_l("The count is closed: %(thing)s is in the books."), thing=number, address=page
    )


ops.enter(
    "count.open", form=OpenForm, service=open_count, endpoint="counts.begin",
    says=lambda made: toasts.Toast(
        words=_l("%(thing)s is open: fill its sheet in."), thing=str(_l("The count")),
        address=url_for("counts.show", ref=made.ref),
    ),
)  # fmt: skip
ops.enter(
    "count.save", form=SheetForm, service=save_count,
    endpoint="counts.save", names={"ref": "count"},
    says=toasts.at(
        _l("%(thing)s is kept, and held against the books below."), _l("The sheet"), "counts.show"
    ),
)  # fmt: skip
ops.enter(
    "count.close", form=CloseForm, service=close_count,
    endpoint="counts.close", names={"ref": "count"}, says=_closed,
)  # fmt: skip


class FilterForm(DaysForm):
    """Which counts the list shows."""

    place = RefChoiceField(_l("Place"), required=False)
    state = SelectField(
        _l("State"), default="",
        choices=options([("", _l("All")), ("open", _l("Open")), ("closed", _l("Closed"))]),
    )  # fmt: skip

    @override
    def offer(self, actor: Actor) -> None:
        """Let the depots and trucks be chosen whose stock the person sees."""
        self.place.choices, self.place.blank = stock.stores(actor), _l("All")


def _ask(actor: Actor, form: FilterForm) -> Source:
    wanted = counts.Filter(
        place=form.place.data,
        closed={"open": False, "closed": True}.get(form.state.data or ""),
        since=form.since.data,
        until=form.until.data,
    )
    return counts.counts(actor, wanted)


def _result(row: Any) -> str:
    """Return the number of the adjustment that a closed count came to."""
    return row.number or (str(_l("nothing differed")) if row.closed_at else "")


def _opening(form: OpenForm) -> OpenForm:
    """Let the depots and trucks be chosen that the person may count."""
    form.place.choices, form.place.blank = stock.stores(who()), _l("Choose")
    return form


COUNTS = lists.serve(
    bp,
    Listing(
        name="counts",
        title=_l("Stock counts"),
        note=_l("What was counted, held against the books."),
        action="count.view",
        ask=_ask,
        form=FilterForm,
        empty=_l("Nothing was counted yet. Choose a place and open a count."),
        template="logistics/counts/index.html",
        beside=lambda: {"form": _opening(OpenForm())},
        columns=(
            Column(
                name="opened_at", label=_l("Opened"), kind=Kind.INSTANT,
                link=lambda row: url_for("counts.show", ref=row.ref),
            ),
            Column(name="place", label=_l("Place")),
            Column(name="person", label=_l("By")),
            Column(name="counted_at", label=_l("Counted at"), kind=Kind.INSTANT),
            Column(
                name="state", label=_l("State"),
                says=lambda row: str(_l("Closed") if row.closed_at else _l("Open")),
                tone=lambda row: "ok" if row.closed_at else "wait",
            ),
            Column(
                name="number", label=_l("What came of it"), kind=Kind.CODE, under=True,
                says=_result,
                link=lambda row: (
                    url_for("corrections.show", ref=row.correction_ref)
                    if row.number and may("correction.view")
                    else None
                ),
            ),
        ),
    ),
)  # fmt: skip


@bp.post("")
@allow("count.open")
def begin() -> ResponseReturnValue:
    """Open a count."""
    form = OpenForm.sent()
    outcome = ops.perform(
        "count.open", form, redraw=lambda: lists.draw(COUNTS, form=_opening(form))
    )
    return moved(show, ref=outcome.ref)


@bp.get("/<uuid:ref>")
@allow("count.view")
def show(ref: UUID) -> str:
    """Show the sheet, and what differs."""
    return _page(ref)


@bp.post("/<uuid:ref>")
@allow("count.save")
def save(ref: UUID) -> ResponseReturnValue:
    """Keep what was counted, beside what the books had then."""
    form = SheetForm.sent()
    ops.perform("count.save", form, redraw=lambda: _page(ref, sheet=form))
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/close")
@allow("count.close")
def close(ref: UUID) -> ResponseReturnValue:
    """Put the books right by what differs, or ask for approval."""
    form = CloseForm.sent()
    outcome = ops.perform("count.close", form, redraw=lambda: _page(ref, closing=form))
    if outcome.record == RECORD:
        return shown(show, ref=ref)
    return moved("approvals.show", ref=outcome.ref)


def _page(ref: UUID, *, sheet: SheetForm | None = None, closing: CloseForm | None = None) -> str:
    found = counts.show(who(), ref)
    if sheet is None:
        kept: dict[str, Any] = {state.value: _kept(found, state) for state in STATES}
        times = {"version": found.row.version, "counted_at": found.row.counted_at}
        sheet = SheetForm(data=kept | times)
    return render(
        "logistics/counts/show.html",
        block="count",
        page=found,
        history=timeline.of(ref),
        sheet=sheet,
        closing=closing or CloseForm(version=found.row.version),
        sizes=stock.all_sizes(),
        conditions=CONDITIONS,
    )


def _kept(found: counts.Shown, state: Condition) -> dict[str, int]:
    return {line.code: line.counted for line in found.lines if line.condition == state}
