"""/stock/limits: above how many cylinders in one act a second person approves."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.fields import WholeField
from hsh.blueprints.forms import Form
from hsh.blueprints.render import render, shown
from hsh.core.refusals import Refusal, StaleVersion
from hsh.core.words import CORRECTIONS, CorrectionKind
from hsh.models.registry import ApprovalLimits
from hsh.queries.registry import limits as kept
from hsh.services.registry import limits, records
from hsh.services.registry.limits import MOST

bp = Blueprint("limits", __name__, url_prefix="/stock/limits")
_MOST_VERSION = 2**31 - 1


class LimitsForm(Form):
    """The limits as they were when the form was opened; an empty one asks nobody."""

    adjust = WholeField(_l("Adjustments and counts"), most=MOST, required=False)
    transfer = WholeField(_l("Transfers"), most=MOST, required=False)
    dump = WholeField(_l("Emptied in place"), most=MOST, required=False)
    write_off = WholeField(_l("Write-offs"), most=MOST, required=False)
    version = WholeField(most=_MOST_VERSION)


@bp.get("")
@allow("limits.edit")
def show() -> str:
    """Show the limits, and let them be changed."""
    return _page()


@bp.post("")
@allow("limits.edit")
def edit() -> ResponseReturnValue:
    """Change the limits; who came second sees both versions."""
    form = LimitsForm.sent()
    if not form.validate():
        return _page(form), 422
    wanted: dict[CorrectionKind, int | None] = {k: form[k.value].data for k in CORRECTIONS}
    try:
        limits.set_limits(wanted, version=form.version.data, by=who())
    except Refusal as no:
        form.refuse(no)
        return _page(form, stale=isinstance(no, StaleVersion)), no.status
    toasts.tell(
        toasts.Toast(
            words=_l("%(thing)s are set."),
            thing=_("The limits for approval"),
            address=url_for(".show"),
        )
    )
    return shown(show)


def _page(form: LimitsForm | None = None, *, stale: bool = False) -> str:
    """Show the limits; with ``stale``, what was typed beside what is there now."""
    now = kept.current() or ApprovalLimits(version=0)
    if form is None:
        form = LimitsForm(obj=now)
    return render(
        "registry/limits.html",
        block="limits",
        form=form,
        now=now if stale else None,
        history=timeline.of(records.ref_of(ApprovalLimits.__tablename__)),
    )
