"""/stock/limits: above how many cylinders in one act a second person approves."""

from __future__ import annotations

from typing import Any, override

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import toasts
from hsh.blueprints.access import allow
from hsh.blueprints.books import timeline
from hsh.blueprints.device import ops
from hsh.blueprints.fields import WholeField
from hsh.blueprints.render import render, shown
from hsh.blueprints.versions import VersionForm
from hsh.core.command import Actor
from hsh.core.words import CORRECTIONS
from hsh.models.registry import ApprovalLimits
from hsh.queries.registry import limits as kept
from hsh.services.registry import records
from hsh.services.registry.limits import MOST, SetLimits, set_limits

bp = Blueprint("limits", __name__, url_prefix="/stock/limits")


class LimitsForm(VersionForm):
    """The limits as they are to be; an empty one asks nobody."""

    adjust = WholeField(_l("Adjustments and counts"), most=MOST, required=False)
    transfer = WholeField(_l("Transfers"), most=MOST, required=False)
    dump = WholeField(_l("Emptied in place"), most=MOST, required=False)
    write_off = WholeField(_l("Write-offs"), most=MOST, required=False)

    @override
    def command(self, actor: Actor, **record: Any) -> SetLimits:
        """Return the wish to set them."""
        wanted = {kind.value: self[kind.value].data for kind in CORRECTIONS}
        return SetLimits(**self.envelope(actor), version=self.version.data, **wanted)


ops.enter(
    "limits.set", form=LimitsForm, service=set_limits, endpoint="limits.edit",
    says=toasts.at(_l("%(thing)s are set."), _l("The limits for approval"), "limits.show"),
)  # fmt: skip


@bp.get("")
@allow("limits.set")
def show() -> str:
    """Show the limits, and let them be changed."""
    return _page()


@bp.post("")
@allow("limits.set")
def edit() -> ResponseReturnValue:
    """Change the limits; who came second sees both versions."""
    form = LimitsForm.sent()
    ops.perform("limits.set", form, redraw=lambda: _page(form))
    return shown(show)


def _page(form: LimitsForm | None = None) -> str:
    row = kept.current()
    now = LimitsForm(obj=row) if row else LimitsForm(version=0)
    return render(
        "registry/limits.html",
        block="limits",
        form=form.beside(now) if form else now,
        history=timeline.of(records.ref_of(ApprovalLimits.__tablename__)),
    )
