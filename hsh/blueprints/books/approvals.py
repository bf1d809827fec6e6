"""/approvals: what one person asks for and another decides."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any, override
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import SelectField

from hsh.blueprints import formats, lists, toasts
from hsh.blueprints.access import allow, may, who
from hsh.blueprints.books import timeline
from hsh.blueprints.books.acts import WISHES
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import DaysForm
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.render import render, shown
from hsh.blueprints.words import CONDITIONS
from hsh.core.command import Actor, Command, Outcome
from hsh.core.refs import act_of
from hsh.core.restore import restored
from hsh.core.words import Condition, Decision
from hsh.documents import sheets
from hsh.queries.books import approvals, basis
from hsh.queries.books.approvals import Request
from hsh.queries.books.basis import Change, Kind
from hsh.queries.lists import Source
from hsh.queries.registry import spoken
from hsh.services.books.approvals import (
    ApproveRequest,
    RefuseRequest,
    WithdrawRequest,
    approving,
    refuse_request,
    withdraw_request,
)
from hsh.services.logistics.corrections import (
    AdjustStock,
    DumpStock,
    ReverseCorrection,
    TransferStock,
    WriteOffStock,
)
from hsh.services.logistics.counts import CloseCount
from hsh.services.registry.overrides import OverrideRate
from hsh.services.sales.agreements import AgreePrice
from hsh.services.sales.voids import VoidTransaction

bp = Blueprint("approvals", __name__, url_prefix="/approvals")
REASON_LENGTH = 1_000

_COMMANDS: dict[str, type[Command]] = {
    command.op: command
    for command in (
        AdjustStock,
        TransferStock,
        DumpStock,
        WriteOffStock,
        ReverseCorrection,
        VoidTransaction,
        OverrideRate,
        AgreePrice,
        CloseCount,
    )
}
"""What a request can wish for, by the op whose service does it."""

_LABELS = {
    "place": _l("Place"),
    "other": _l("To"),
    "site": _l("Site"),
    "equipment": _l("Size"),
    "starts_on": _l("From"),
    "valid_until": _l("For one sale, until"),
    "amount": _l("Price"),
    "goods_at": _l("Cylinders at"),
}
_PAGES = {
    "sale.void": ("transactions.one", "sale.view"),
    "stock.reverse": ("corrections.show", "correction.view"),
    "count.close": ("counts.show", "count.view"),
    "rate.override": ("sites.one", "site.view"),
    "price.agree": ("sites.one", "site.view"),
}
"""Where the record is shown that a request is about, and the action that this asks for."""


VERDICTS = {
    None: _l("Waiting"),
    Decision.ACCEPTED: _l("Approved"),
    Decision.REFUSED: _l("Refused"),
    Decision.WITHDRAWN: _l("Withdrawn"),
}
_TONES = {None: "wait", Decision.ACCEPTED: "ok", Decision.REFUSED: "stop"}


class ApproveForm(SubmissionForm):
    """It is done now, in the name of both."""

    reason = TextField(_l("Remark"), most=REASON_LENGTH, lines=True, required=False)

    @override
    def command(self, actor: Actor, **record: Any) -> ApproveRequest:
        """Return the decision to grant ``request``."""
        return ApproveRequest(**self.envelope(actor), **record, reason=self.reason.data or "")


class RefuseForm(SubmissionForm):
    """It is not done."""

    reason = TextField(
        _l("Why not? Whoever asked reads this."), most=REASON_LENGTH, lines=True
    )  # fmt: skip

    @override
    def command(self, actor: Actor, **record: Any) -> RefuseRequest:
        """Return the decision not to grant ``request``."""
        return RefuseRequest(**self.envelope(actor), **record, reason=self.reason.data or "")


class WithdrawForm(SubmissionForm):
    """It is not wished for any more."""

    @override
    def command(self, actor: Actor, **record: Any) -> WithdrawRequest:
        """Return the wish to take ``request`` back."""
        return WithdrawRequest(**self.envelope(actor), **record)


def _carry_out(found: Request, by: ApproveRequest) -> Outcome:
    """Do what ``found`` wishes for, by the service of its op, in the approver's name."""
    wish = restored(
        _COMMANDS[found.op],
        found.content,
        actor=by.actor,
        submission=act_of(found.ref),
        asked_by=found.requester,
    )
    return ops.OPS[found.op].service(wish)


ops.enter(
    "request.approve", form=ApproveForm, service=approving(_carry_out),
    endpoint="approvals.approve", names={"ref": "request"},
    says=toasts.at(_l("%(thing)s is approved, and done."), _l("The request"), "approvals.show"),
)  # fmt: skip
ops.enter(
    "request.refuse", form=RefuseForm, service=refuse_request,
    endpoint="approvals.refuse", names={"ref": "request"},
    says=toasts.at(_l("%(thing)s is refused."), _l("The request"), "approvals.show"),
)  # fmt: skip
ops.enter(
    "request.withdraw", form=WithdrawForm, service=withdraw_request,
    endpoint="approvals.withdraw", names={"ref": "request"},
    says=toasts.at(_l("%(thing)s is withdrawn."), _l("The request"), "approvals.show"),
)  # fmt: skip


class FilterForm(DaysForm):
    """Which requests the list shows."""

    settled = SelectField(
        _l("State"), choices=options([("", _l("Waiting")), ("1", _l("Decided"))]), default=""
    )
    op = SelectField(
        _l("What"), default="",
        choices=options([("", _l("All")), *((op, WISHES[op]) for op in _COMMANDS)]),
    )  # fmt: skip
    person = TextField(_l("Who asks"), most=60, required=False)


def _ask(actor: Actor, form: FilterForm) -> Source:
    wanted = approvals.Filter(
        settled=bool(form.settled.data),
        op=form.op.data or "",
        person=form.person.data or "",
        since=form.since.data,
        until=form.until.data,
    )
    return approvals.requests(actor, wanted)


REQUESTS = lists.serve(
    bp,
    Listing(
        name="approvals",
        title=_l("Approvals"),
        note=_l("What one person asks for and another decides."),
        action="request.view",
        ask=_ask,
        form=FilterForm,
        empty=_l("Nothing waits for you. What was decided before stands under State: Decided."),
        columns=(
            Column(name="requested_at", label=_l("When"), kind=sheets.Kind.INSTANT),
            Column(
                name="op", label=_l("What"), says=lambda row: str(WISHES[row.op]),
                link=lambda row: url_for("approvals.show", ref=row.ref),
            ),
            Column(name="person", label=_l("Who asks")),
            Column(name="reason", label=_l("Reason")),
            Column(
                name="verdict", label=_l("State"), says=lambda row: str(VERDICTS[row.verdict]),
                tone=lambda row: _TONES.get(row.verdict, "note"),
            ),
            Column(name="decider", label=_l("Decided by"), under=True),
            Column(name="decided_at", label=_l("Decided"), kind=sheets.Kind.INSTANT, under=True),
            Column(name="number", label=_l("Number"), kind=sheets.Kind.CODE, under=True),
            Column(name="answer", label=_l("Answer"), under=True),
        ),
    ),
)  # fmt: skip


@bp.get("/<uuid:ref>")
@allow("request.view")
def show(ref: UUID) -> str:
    """Show what is asked for, and what was decided."""
    return _page(ref, ApproveForm(), RefuseForm())


@bp.post("/<uuid:ref>/approve")
@allow("request.approve")
def approve(ref: UUID) -> ResponseReturnValue:
    """Do what is asked for, now; where that cannot be, say why, and the request stays."""
    form = ApproveForm.sent()
    ops.perform("request.approve", form, redraw=lambda: _page(ref, form, RefuseForm()))
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/refuse")
@allow("request.refuse")
def refuse(ref: UUID) -> ResponseReturnValue:
    """Decide that it is not done."""
    form = RefuseForm.sent()
    ops.perform("request.refuse", form, redraw=lambda: _page(ref, ApproveForm(), form))
    return shown(show, ref=ref)


@bp.post("/<uuid:ref>/withdraw")
@allow("request.withdraw")
def withdraw(ref: UUID) -> ResponseReturnValue:
    """Take back what one asked for."""
    ops.perform("request.withdraw", WithdrawForm.sent())
    return shown(show, ref=ref)


def _page(ref: UUID, approving_form: ApproveForm, refusing_form: RefuseForm) -> str:
    found = approvals.one(who(), ref)
    wish: dict[str, Any] = json.loads(found.content)
    lines = wish.pop("lines", [])
    sizes = spoken.names({line["equipment"] for line in lines} | {wish.get("equipment") or ""})
    called = spoken.refs(
        {UUID(wish[name]) for name in ("place", "other", "site") if wish.get(name)}
    )
    return render(
        "books/approvals/show.html",
        block="request",
        found=found,
        act=WISHES[found.op],
        facts=[
            (
                _LABELS[name],
                called.get(str(value)) or sizes.get(str(value)) or _written(name, value),
            )
            for name, value in wish.items()
            if name in _LABELS and value is not None
        ],
        lines=[(line, _how_many(found.op, line["quantity"])) for line in lines],
        changed=[_told(change) for change in basis.changes(found)],
        sizes=sizes,
        conditions=CONDITIONS,
        address=_address(found),
        approving=approving_form,
        refusing=refusing_form,
        withdrawing=WithdrawForm(),
        own=found.requester.id == who().id,
        history=timeline.of(ref),
    )


def _written(name: str, value: Any) -> str:
    """Return a value of a wish as a reader writes it: it is kept as canonical JSON."""
    match name:
        case "amount":
            return formats.price(Decimal(value))
        case "starts_on" | "valid_until":
            return formats.day(date.fromisoformat(value))
    return str(value)


def _how_many(op: str, quantity: int) -> str:
    """Return how many cylinders a line is about; an adjustment says which way."""
    if op != AdjustStock.op:
        return formats.exact(quantity)
    if quantity < 0:
        return str(ngettext("%(num)s fewer", "%(num)s fewer", -quantity))
    return str(ngettext("%(num)s more", "%(num)s more", quantity))


def _told(change: Change) -> str:
    """Return in words what is not as it was when a request was asked for."""
    match change.kind:
        case Kind.VOIDED:
            return str(_("The sale was voided meanwhile, as %(number)s.", number=change.number))
        case Kind.REVERSED:
            return str(_("It was taken back meanwhile, as %(number)s.", number=change.number))
        case Kind.COUNT:
            return str(_("The count was changed or closed meanwhile. It has to be asked for anew."))
        case Kind.PRICE:
            return str(_("A price that this site may pay for it was set meanwhile."))
        case Kind.STOCK:
            return str(
                _(
                    "%(size)s, %(condition)s: there were %(then)s when it was asked for, and"
                    " there are %(now)s now.",
                    size=change.size, condition=CONDITIONS[change.condition or Condition.HELD],
                    then=formats.exact(change.then), now=formats.exact(change.now),
                )
            )  # fmt: skip


def _address(found: Request) -> str | None:
    page, action = _PAGES.get(found.op, ("", ""))
    return url_for(page, ref=found.about) if page and may(action) else None
