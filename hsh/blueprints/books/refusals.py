"""/refusals: what a tablet was refused or a driver reported, until a supervisor settles it."""

from __future__ import annotations

import json
from typing import override
from uuid import UUID

from flask import Blueprint, abort, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from hsh.blueprints import lists, toasts, words
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import parked, timeline
from hsh.blueprints.books.acts import ACTIONS
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.forms import Form, SubmissionForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.render import render, shown
from hsh.core.command import Actor
from hsh.core.refs import device_code, short_code
from hsh.core.refusals import Refusal
from hsh.documents.sheets import Kind
from hsh.queries.books import refusals
from hsh.queries.lists import Source
from hsh.services.books import settlements
from hsh.services.books.settlements import RefuseForGood

bp = Blueprint("refusals", __name__, url_prefix="/refusals")
REASON_LENGTH = 1_000


class AcceptForm(Form):
    """The parked form is done after all, as sent or corrected."""

    reason = TextField(_l("Why, and what you changed"), most=REASON_LENGTH, lines=True)
    post_missing = BooleanField(_l("Put what is missing into the stock first: it was there."))


class RefuseForm(SubmissionForm):
    """The parked form is not to be done."""

    reason = TextField(_l("Why not? The driver reads this."), most=REASON_LENGTH, lines=True)

    @override
    def command(self, actor: Actor, *, refused: UUID) -> RefuseForGood:
        """Return the wish to close the parked form ``refused``."""
        return RefuseForGood(
            **self.envelope(actor), refused=refused, reason=self.reason.data or ""
        )  # fmt: skip


ops.enter(
    "refusal.refuse", form=RefuseForm, service=settlements.refuse_for_good,
    endpoint="refusals.refuse", names={"ref": "refused"},
    says=toasts.at(_l("%(thing)s is refused for good."), _l("The form"), "refusals.show"),
)  # fmt: skip


class FilterForm(DaysForm):
    """Which parked forms the list shows."""

    op = SelectField(_l("What"), default="")
    person = TextField(_l("Driver"), most=60, required=False)

    @override
    def offer(self, actor: Actor) -> None:
        """Let every act be chosen that a tablet can keep."""
        waiting = sorted(name for name, op in ops.OPS.items() if op.may_wait)
        self.op.choices = options([("", _l("All")), *((op, ACTIONS.get(op, op)) for op in waiting)])


def _ask(actor: Actor, form: FilterForm) -> Source:
    wanted = refusals.Filter(
        op=form.op.data or "",
        person=form.person.data or "",
        since=form.since.data,
        until=form.until.data,
    )
    return refusals.parked(actor, wanted)


PARKED = lists.serve(
    bp,
    Listing(
        name="parked",
        title=_l("Parked forms"),
        note=_l(
            "What drivers did without a network, and what the books could not take. Settle each:"
            " have it done, or refuse it for good."
        ),
        action="refusal.view",
        ask=_ask,
        form=FilterForm,
        empty=_l("Nothing waits for you."),
        template="books/refusals/index.html",
        key="client_temp_id",
        columns=(
            Column(name="refused_at", label=_l("When"), kind=Kind.INSTANT),
            Column(
                name="op", label=_l("What"), says=lambda row: str(ACTIONS.get(row.op, row.op)),
                link=lambda row: url_for("refusals.show", ref=row.client_temp_id),
            ),
            Column(name="person", label=_l("Driver")),
            Column(
                name="why", label=_l("Why it is parked"),
                says=lambda row: parked.says(row.code, row.params),
            ),
        ),
    ),
)  # fmt: skip


@bp.get("/<uuid:ref>")
@allow("refusal.view")
def show(ref: UUID) -> str:
    """Show what the driver sent and what the server said."""
    return _page(ref, AcceptForm(), RefuseForm())


@bp.post("/<uuid:ref>/accept")
@allow("refusal.accept")
def accept(ref: UUID) -> ResponseReturnValue:
    """Have the form done in its driver's name, with what was corrected."""
    form = AcceptForm.sent()
    if not form.validate():
        return _page(ref, form, RefuseForm()), 422
    try:
        wish = parked.wish(who(), ref, request.form, post_missing=form.post_missing.data)
        outcome = settlements.accept(who(), ref, form.reason.data or "", wish)
    except Refusal as no:
        form.refuse(no)
        abort(make_response(_page(ref, form, RefuseForm()), no.status))
    toasts.tell(
        toasts.Toast(
            words=_l("The form is done: %(thing)s is in the books."),
            thing=outcome.number or short_code(outcome.ref),
            address=url_for(".show", ref=ref),
        )
    )
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/refuse")
@allow("refusal.refuse")
def refuse(ref: UUID) -> ResponseReturnValue:
    """Close the form: it is not to be done."""
    form = RefuseForm.sent()
    ops.perform("refusal.refuse", form, redraw=lambda: _page(ref, AcceptForm(), form))
    return shown(show, ref=ref)


def _page(ref: UUID, accepting: AcceptForm, refusing: RefuseForm) -> str:
    found = refusals.one(who(), ref)
    sent = json.loads(found.sent)
    fields = list(parked.inputs(found.op, sent["fields"], request.form))
    return render(
        "books/refusals/show.html",
        block="refusal",
        found=found,
        sent=sent,
        tablet=device_code(sent["device_id"]) if sent.get("device_id") else None,
        code=short_code(ref),
        note=json.loads(found.params).get("note"),
        fields=[field for field in fields if not field.is_fixed],
        fixed=[(field.label, field.value) for field in fields if field.is_fixed],
        says=parked.says(found.code, found.params),
        acts=ACTIONS,
        captured_at=parked.captured_at(sent),
        accepting=accepting,
        refusing=refusing,
        short=found.code == "not_enough_stock",
        has_words=words.has_words,
        history=timeline.of(ref),
    )
