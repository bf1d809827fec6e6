"""/stock/minimums/<depot>: what a depot should never have fewer of."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.books import timeline
from hsh.blueprints.books.timeline import Timeline
from hsh.blueprints.fields import CountsField, TextField
from hsh.blueprints.forms import Form
from hsh.blueprints.render import render, shown
from hsh.blueprints.words import CONDITIONS
from hsh.core.refusals import Refusal, StaleVersion
from hsh.core.words import Condition
from hsh.models.registry import StockMinimum
from hsh.queries.logistics import stock
from hsh.queries.registry import goods
from hsh.queries.registry import minimums as kept
from hsh.services.registry import minimums, records

bp = Blueprint("minimums", __name__, url_prefix="/stock/minimums")
STATES = (Condition.FULL, Condition.EMPTY)
_TOKEN_LENGTH = 16


class MinimumsForm(Form):
    """The minimums as they were when the form was opened."""

    full = CountsField(_l("Full"))
    empty = CountsField(_l("Empty"))
    token = TextField(_l("Version"), most=_TOKEN_LENGTH)

    def columns(self) -> list[CountsField]:
        """Return the figures in the order of the conditions."""
        return [cast("CountsField", self[state.value]) for state in STATES]

    def wanted(self) -> dict[tuple[str, Condition], int]:
        """Return what was typed, for the service."""
        return {
            (code, state): count
            for state, field in zip(STATES, self.columns(), strict=True)
            for code, count in (field.data or {}).items()
        }


@bp.get("/<uuid:ref>")
@allow("minimum.edit")
def show(ref: UUID) -> str:
    """Show the minimums of a depot, and let them be changed."""
    return _page(ref)


@bp.post("/<uuid:ref>")
@allow("minimum.edit")
def edit(ref: UUID) -> ResponseReturnValue:
    """Change them; who came second sees both versions."""
    form = MinimumsForm.sent()
    if not form.validate():
        return _page(ref, form), 422
    try:
        minimums.set_minimums(ref, form.wanted(), token=form.token.data or "", by=who())
    except Refusal as no:
        form.refuse(no)
        return _page(ref, form, stale=isinstance(no, StaleVersion)), no.status
    toasts.tell(
        toasts.Toast(
            words=_l("The minimum stock of %(thing)s is set."),
            thing=kept.depot(who(), ref).name,
            address=url_for(".show", ref=ref),
        )
    )
    return shown(show, ref=ref)


def _history(depot: int) -> Timeline | None:
    table = StockMinimum.__tablename__
    refs = [
        records.ref_of(table, depot, size.id, state) for size in goods.sizes() for state in STATES
    ]
    return timeline.of(*refs, action="minimum.set") if refs else None


def _page(ref: UUID, form: MinimumsForm | None = None, *, stale: bool = False) -> str:
    depot = kept.depot(who(), ref)
    now = kept.of(depot.id)
    if form is None:
        figures: dict[str, Any] = {
            state.value: {code: count for (code, at), count in now.items() if at == state}
            for state in STATES
        }
        form = MinimumsForm(data=figures)
    sizes = [size for size in stock.sizes() if not size.is_accessory]
    return render(
        "registry/minimums.html",
        block="minimums",
        depot=depot,
        form=form,
        sizes=sizes,
        now=now if stale else None,
        names={size.code: size.name for size in sizes},
        conditions=CONDITIONS,
        history=_history(depot.id),
        token=kept.token(depot.id) if stale or not form.token.data else form.token.data,
    )
