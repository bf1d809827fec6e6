"""/distributions/plan and /distributions/<ref>/edit: what depot and truck shall exchange."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.device import ops
from hsh.blueprints.logistics import planning
from hsh.blueprints.logistics.distributions import bp, show
from hsh.blueprints.logistics.forms import EditForm, PlanForm
from hsh.blueprints.render import moved, render
from hsh.queries.logistics import shown
from hsh.queries.logistics.shown import Shown
from hsh.queries.logistics.states import State
from hsh.services.logistics.drafts import edit_distribution, plan_distribution

ops.enter(
    "distribution.plan", form=PlanForm, service=plan_distribution,
    endpoint="distributions.plan", may_wait=True,
    says=toasts.numbered(_l("Draft %(thing)s is written."), "distributions.show"),
)  # fmt: skip
ops.enter(
    "distribution.edit", form=EditForm, service=edit_distribution,
    endpoint="distributions.edit", names={"ref": "distribution"}, may_wait=True,
    says=toasts.numbered(_l("Draft %(thing)s is changed."), "distributions.show"),
)  # fmt: skip


@bp.get("/plan")
@allow("distribution.plan")
def begin() -> ResponseReturnValue:
    """Offer a form that says what is most likely; ``way`` and ``truck`` may be asked for."""
    truck = request.args.get("truck", type=UUID)
    return _plan_page(planning.begin(who(), way=request.args.get("way", ""), truck=truck))


@bp.post("/plan")
@allow("distribution.plan")
def plan() -> ResponseReturnValue:
    """Write a draft."""
    form = PlanForm.sent()
    draft = ops.perform("distribution.plan", form, redraw=lambda: _plan_page(form))
    return moved(show, ref=draft.ref)


@bp.post("/plan/look")
@allow("distribution.plan")
def look() -> ResponseReturnValue:
    """Show the stock of the depot and truck that were chosen; nothing is written."""
    form = PlanForm.sent()
    planning.follow_truck(form, who())
    return _plan_page(form)


@bp.get("/<uuid:ref>/edit")
@allow("distribution.edit")
def reopen(ref: UUID) -> ResponseReturnValue:
    """Offer the draft's form; what is a draft no more is shown instead."""
    draft = shown.show(who(), ref)
    if draft.state != State.PENDING:
        return moved(show, ref=ref)
    return _edit_page(draft, planning.of_draft(draft))


@bp.post("/<uuid:ref>/edit")
@allow("distribution.edit")
def edit(ref: UUID) -> ResponseReturnValue:
    """Change a draft."""
    form = EditForm.sent()
    ops.perform(
        "distribution.edit",
        form,
        redraw=lambda: _edit_page(shown.show(who(), ref), form),
    )
    return moved(show, ref=ref)


@bp.post("/<uuid:ref>/edit/look")
@allow("distribution.edit")
def look_again(ref: UUID) -> ResponseReturnValue:
    """Show the stock of the depot and truck that were chosen; nothing is written."""
    form = EditForm.sent()
    planning.follow_truck(form, who())
    return _edit_page(shown.show(who(), ref), form)


def _plan_page(form: PlanForm) -> str:
    return render(
        "logistics/distributions/plan.html",
        block="plan",
        form=form,
        desk=planning.furnish(form, who()),
    )


def _edit_page(draft: Shown, form: EditForm) -> str:
    """Render the draft's form.

    Where the draft is a newer one it says so, beside what was typed; saving again replaces it.
    """
    changed = form.version.data != draft.version
    form.version.data, form.version.raw_data = draft.version, None
    return render(
        "logistics/distributions/edit.html",
        block="plan",
        form=form,
        desk=planning.furnish(form, who()),
        draft=draft,
        change=shown.last_change(draft.ref) if changed else None,
        theirs=planning.counts_of(draft) if changed else {},
    )
