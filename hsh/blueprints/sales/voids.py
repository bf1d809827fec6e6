"""/transactions/<ref>/void: a supervisor takes a sale back."""

from __future__ import annotations

import json
from typing import Any, override
from uuid import UUID

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.choices import options
from hsh.blueprints.device import ops
from hsh.blueprints.fields import TextField
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.render import moved, render
from hsh.blueprints.sales.transactions import bp, one
from hsh.core.command import Actor
from hsh.core.refusals import NotEnoughStock, Refusal
from hsh.documents.content import Content
from hsh.queries.sales import journal
from hsh.services.sales.voids import VoidTransaction, ask_void, void_transaction

REASON_LENGTH = 500


class VoidForm(SubmissionForm):
    """Why the sale was a mistake, and where its cylinders are now."""

    reason = TextField(_l("Why is it void?"), most=REASON_LENGTH, lines=True)
    goods_at = SelectField(_l("Where are the cylinders now?"), default="", validate_choice=True)

    @override
    def command(self, actor: Actor, **record: Any) -> VoidTransaction:
        """Return the wish to take the sale ``transaction`` back."""
        return VoidTransaction(
            **self.envelope(actor),
            **record,
            reason=self.reason.data or "",
            goods_at=UUID(self.goods_at.data) if self.goods_at.data else None,
        )

    @override
    def refuse(self, refusal: Refusal) -> None:
        """Ask where the cylinders are, when they are not where they should be."""
        if isinstance(refusal, NotEnoughStock):
            refusal.field = self.goods_at.name
        super().refuse(refusal)


class AskVoidForm(SubmissionForm):
    """Why a supervisor should take the sale back."""

    reason = TextField(_l("Why should it be void?"), most=REASON_LENGTH, lines=True)

    @override
    def command(self, actor: Actor, **record: Any) -> VoidTransaction:
        """Return the wish that a supervisor is asked for."""
        return VoidTransaction(**self.envelope(actor), **record, reason=self.reason.data or "")


ops.enter(
    "sale.ask_void", form=AskVoidForm, service=ask_void,
    endpoint="transactions.ask_void_of", names={"ref": "transaction"}, says=toasts.request_made,
)  # fmt: skip
ops.enter(
    "sale.void", form=VoidForm, service=void_transaction,
    endpoint="transactions.void", names={"ref": "transaction"},
    says=toasts.numbered(_l("The sale is void by %(thing)s."), "transactions.one"),
)  # fmt: skip


@bp.get("/<uuid:ref>/void")
@allow("sale.void")
def asked(ref: UUID) -> str:
    """Ask for the reason before a sale is taken back."""
    return _draw(_offer(VoidForm(), ref), ref)


@bp.post("/<uuid:ref>/void")
@allow("sale.void")
def void(ref: UUID) -> ResponseReturnValue:
    """Reverse the sale and issue its credit note."""
    form = _offer(VoidForm.sent(), ref)
    outcome = ops.perform("sale.void", form, redraw=lambda: _draw(form, ref))
    return moved(one, ref=outcome.ref)


@bp.get("/<uuid:ref>/ask-void")
@allow("sale.ask_void")
def wish_void(ref: UUID) -> str:
    """Ask for the reason why a supervisor should take the sale back."""
    return _wished(AskVoidForm(), ref)


@bp.post("/<uuid:ref>/ask-void")
@allow("sale.ask_void")
def ask_void_of(ref: UUID) -> ResponseReturnValue:
    """Put the wish before the supervisors."""
    form = AskVoidForm.sent()
    outcome = ops.perform("sale.ask_void", form, redraw=lambda: _wished(form, ref))
    return moved("approvals.show", ref=outcome.ref)


def _wished(form: AskVoidForm, ref: UUID) -> str:
    page = journal.sale_page(who(), ref)
    return render("sales/transactions/ask_void.html", block="void", form=form, page=page)


def _draw(form: VoidForm, ref: UUID) -> str:
    page = journal.sale_page(who(), ref)
    content: Content = json.loads(page.document.content)
    return render(
        "sales/transactions/void.html",
        block="void",
        form=form,
        page=page,
        content=content,
        own=page.sale.seller_id == who().id,
    )


def _offer(form: VoidForm, ref: UUID) -> VoidForm:
    """Let the supervisor say where the cylinders are, if not where they were sold from."""
    source = journal.sale_page(who(), ref).source
    stores = journal.stores(who())
    others = [(str(place.ref), place.name) for place in stores if place.id != source.id]
    form.goods_at.choices = options([("", _("Still in %(place)s", place=source.name)), *others])
    return form
