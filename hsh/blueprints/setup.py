"""/setup: what an admin tells after the first log-in: depots, sizes, opening stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, override
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from hsh.blueprints import toasts
from hsh.blueprints.access import allow
from hsh.blueprints.device import ops
from hsh.blueprints.fields import CountsField
from hsh.blueprints.forms import SubmissionForm
from hsh.blueprints.registry.goods import NewSizeForm
from hsh.blueprints.registry.stores import NewDepotForm
from hsh.blueprints.render import moved, render
from hsh.core.command import Actor
from hsh.core.words import Condition
from hsh.queries.logistics import openings, stock
from hsh.queries.registry import goods, stores
from hsh.queries.registry.stores import DepotRecord
from hsh.services.logistics.corrections import StockLine
from hsh.services.logistics.openings import OpenStock, open_stock

bp = Blueprint("setup", __name__, url_prefix="/setup")
_MOST = 99_999
_COUNTED = {"full": Condition.FULL, "part": Condition.PART, "empty": Condition.EMPTY}


class OpeningForm(SubmissionForm):
    """What a depot holds as the books begin."""

    full = CountsField(_l("Full"), most=_MOST)
    part = CountsField(_l("Partly used"), most=_MOST)
    empty = CountsField(_l("Empty"), most=_MOST)

    @override
    def command(self, actor: Actor, **record: Any) -> OpenStock:
        """Return the wish to count it in."""
        lines = tuple(
            StockLine(equipment=code, condition=condition, quantity=quantity)
            for name, condition in _COUNTED.items()
            for code, quantity in sorted(self[name].data.items())
        )
        return OpenStock(**self.envelope(actor), lines=lines, **record)


ops.enter(
    "stock.open", form=OpeningForm, service=open_stock,
    endpoint="setup.opening", names={"depot": "place"},
    says=toasts.numbered(_l("Opening stock %(thing)s is in the books."), "corrections.show"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of the set-up, and whether something was told of it."""

    name: str
    words: Any
    done: bool

    @property
    def address(self) -> str:
        """Where it is told."""
        return url_for("setup.steps", step=self.name)


@bp.get("")
@allow("registry.view")
def steps() -> str:
    """Show how far the set-up is, and ask for what comes next or for the step that is named."""
    return _page(request.args.get("step", ""))


@bp.post("/depots")
@allow("depot.add")
def depots() -> ResponseReturnValue:
    """Add a depot, and ask for another."""
    form = NewDepotForm.sent()
    ops.perform("depot.add", form, redraw=lambda: _page("depots", form))
    return moved(steps, step="depots")


@bp.post("/sizes")
@allow("equipment.add")
def sizes() -> ResponseReturnValue:
    """Add a size, and ask for another."""
    form = NewSizeForm.sent()
    ops.perform("equipment.add", form, redraw=lambda: _page("sizes", form))
    return moved(steps, step="sizes")


@bp.post("/stock/<uuid:depot>")
@allow("stock.open")
def opening(depot: UUID) -> ResponseReturnValue:
    """Count a depot's opening stock in."""
    form = OpeningForm.sent()
    ops.perform("stock.open", form, redraw=lambda: _page("stock", form, depot))
    return moved(steps, step="stock")


_FORMS = {"depots": NewDepotForm, "sizes": NewSizeForm, "stock": OpeningForm}


def _is_shown(depot: UUID | None, counting: Sequence[DepotRecord]) -> bool:
    """Tell whether what was typed belongs here: a count of one depot is not shown at another."""
    return depot is None or any(one.ref == depot for one in counting[:1])


def _page(name: str, form: SubmissionForm | None = None, depot: UUID | None = None) -> str:
    """Show a step, with the ``form`` that will not do; ``depot`` is the one it counts."""
    opened, is_over = openings.opened(), openings.is_over()
    depots = [one for one in stores.depots() if one.active]
    counted = [one for one in depots if one.ref in opened]
    left = [one for one in depots if one.ref not in opened]
    told = (
        Step(name="depots", words=_l("Depots"), done=bool(depots)),
        Step(name="sizes", words=_l("Sizes"), done=bool(goods.open_cylinders())),
        Step(name="stock", words=_l("Opening stock"), done=is_over or bool(depots and not left)),
    )
    if name not in {step.name for step in told}:
        name = next((step.name for step in told if not step.done), "stock")
    counting = [one for one in left if one.ref == depot] or left[:1]
    return render(
        "registry/setup.html",
        block="setup",
        steps=told,
        step=name,
        form=form if form and _is_shown(depot, counting) else _FORMS[name](),
        refused=form,
        depots=depots,
        counted=counted,
        counting=counting[0] if counting and not is_over else None,
        is_over=is_over,
        sizes=stock.sizes(),
        counts=_COUNTED,
    )
