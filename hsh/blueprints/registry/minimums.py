"""/stock/minimums/<depot>: what a depot should never have fewer of."""

from __future__ import annotations

from typing import Any, cast, override
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.books.timeline import Timeline
from hsh.blueprints.device import ops
from hsh.blueprints.fields import CountsField
from hsh.blueprints.render import render, shown
from hsh.blueprints.versions import VersionForm
from hsh.core.command import Actor
from hsh.core.words import Condition
from hsh.models.registry import StockMinimum
from hsh.queries.logistics import stock
from hsh.queries.registry import goods
from hsh.queries.registry import minimums as kept
from hsh.services.registry import records
from hsh.services.registry.minimums import MANY, Minimum, SetMinimums, set_minimums

bp = Blueprint("minimums", __name__, url_prefix="/stock/minimums")
STATES = (Condition.FULL, Condition.EMPTY)


class MinimumsForm(VersionForm):
    """The minimums of a depot as they are to be."""

    full = CountsField(_l("Full"))
    empty = CountsField(_l("Empty"))

    def columns(self) -> list[CountsField]:
        """Return the figures in the order of the conditions."""
        return [cast("CountsField", self[state.value]) for state in STATES]

    @override
    def command(self, actor: Actor, **record: Any) -> SetMinimums:
        """Return the wish to set those of ``depot``."""
        wanted = tuple(
            Minimum(equipment=code, condition=state, quantity=quantity)
            for state, field in zip(STATES, self.columns(), strict=True)
            for code, quantity in sorted((field.data or {}).items())
        )
        return SetMinimums(
            **self.envelope(actor), **record, version=self.version.data, wanted=wanted
        )  # fmt: skip


def _said(made: toasts.Made) -> toasts.Toast:
    ref = made.parts["ref"]
    return toasts.Toast(
        words=_l("The minimum stock of %(thing)s is set."),
        thing=kept.depot(who(), ref).name,
        address=url_for("minimums.show", ref=ref),
    )


ops.enter(
    "minimum.set", form=MinimumsForm, service=set_minimums,
    endpoint="minimums.edit", names={"ref": "depot"}, says=_said,
)  # fmt: skip


@bp.get("/<uuid:ref>")
@allow("minimum.set")
def show(ref: UUID) -> str:
    """Show the minimums of a depot, and let them be changed."""
    return _page(ref)


@bp.post("/<uuid:ref>")
@allow("minimum.set")
def edit(ref: UUID) -> ResponseReturnValue:
    """Change them; who came second sees both versions."""
    form = MinimumsForm.sent()
    ops.perform("minimum.set", form, redraw=lambda: _page(ref, form))
    return shown(show, ref=ref)


def _history(depot: int) -> Timeline | None:
    """Tell all changes of the depot's minimums; each size had entries of its own once."""
    table = StockMinimum.__tablename__
    once = [
        records.ref_of(table, depot, size.id, state) for size in goods.sizes() for state in STATES
    ]
    return timeline.of(records.ref_of(MANY, depot), *once, action="minimum.set")


def _page(ref: UUID, form: MinimumsForm | None = None) -> str:
    depot = kept.depot(who(), ref)
    there = kept.of(depot.id)
    figures: dict[str, Any] = {
        state.value: {code: count for (code, at), count in there.items() if at == state}
        for state in STATES
    }
    now = MinimumsForm(data=figures | {"version": kept.version(depot.id)})
    return render(
        "registry/minimums.html",
        block="minimums",
        depot=depot,
        form=form.beside(now) if form else now,
        sizes=[size for size in stock.sizes() if not size.is_accessory],
        history=_history(depot.id),
    )
