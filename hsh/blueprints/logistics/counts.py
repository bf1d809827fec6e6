"""/stock/counts: a stock count from the empty sheet to the adjustment that comes of it."""

from __future__ import annotations

from typing import Any, cast, override
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.books.fields import MomentField
from hsh.blueprints.device import ops
from hsh.blueprints.fields import CountsField, TextField, WholeField, needed
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.logistics.fields import RefChoiceField
from hsh.blueprints.render import moved, render, shown
from hsh.blueprints.words import CONDITIONS
from hsh.core.command import Actor
from hsh.core.words import Condition
from hsh.queries.books import stock
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


@bp.get("")
@allow("count.view")
def index() -> str:
    """List the counts, newest first, and let one be opened."""
    return _listed(OpenForm())


@bp.post("")
@allow("count.open")
def begin() -> ResponseReturnValue:
    """Open a count."""
    form = OpenForm.sent()
    outcome = ops.perform("count.open", form, redraw=lambda: _listed(form))
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


def _listed(form: OpenForm) -> str:
    form.place.choices, form.place.blank = stock.stores(who()), _l("Choose")
    page = counts.listing(who(), request.args.get("page", ""))
    after, before = (
        url_for(".index", page=cursor) if cursor else None for cursor in (page.after, page.before)
    )
    return render(
        "logistics/counts/index.html",
        block="counts",
        form=form,
        page=page,
        after=after,
        before=before,
    )


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
