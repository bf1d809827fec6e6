"""/registry: the way to everything that an admin keeps; and closing and reopening any of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hsh.blueprints import toasts
from hsh.blueprints.access import allow, may
from hsh.blueprints.device import ops
from hsh.blueprints.registry import company, drivers, goods, login_rules, stores
from hsh.blueprints.registry.shelf import CloseForm, OpeningForm, ReopenForm, Shelf
from hsh.blueprints.render import render
from hsh.core import clock
from hsh.queries.registry import drivers as permits
from hsh.queries.registry import stores as trucks
from hsh.services.registry.closing import close_record, reopen_record

bp = Blueprint("registry", __name__, url_prefix="/registry")
SHELVES: dict[str, Shelf] = {
    shelf.name: shelf
    for shelf in (stores.DEPOTS, stores.VEHICLES, goods.SIZES, goods.SERVICES, drivers.PERMITS)
}  # fmt: skip
"""What can be closed and opened again, by its table."""
for _shelf in (*SHELVES.values(), drivers.ASSIGNMENTS):
    bp.register_blueprint(_shelf.blueprint())
for _pages in (company.company, company.taxes, drivers.bp, login_rules.bp):
    bp.register_blueprint(_pages)

_NAMES = {"kind": "kind", "key": "record"}
ops.enter(
    "registry.close", form=CloseForm, service=close_record,
    endpoint="registry.close", names=_NAMES,
)  # fmt: skip
ops.enter(
    "registry.reopen", form=ReopenForm, service=reopen_record,
    endpoint="registry.reopen", names=_NAMES,
)  # fmt: skip


_TURNED = {
    "registry.close": (_l("%(thing)s is closed."), "registry.reopen"),
    "registry.reopen": (_l("%(thing)s is open again."), "registry.close"),
}
"""What is said of closing and reopening, and what undoes it."""


@dataclass(frozen=True)
class Card:
    """A way to what is kept. ``waiting`` counts on a day what someone should see to."""

    endpoint: str
    title: Any
    note: Any
    action: str = "registry.view"
    waiting: Callable[[date], int] | None = None

    @property
    def address(self) -> str:
        """Where it leads."""
        return url_for(self.endpoint)

    def warning(self, on: date) -> str:
        """Return in words what waits behind it on a day."""
        count = self.waiting(on) if self.waiting else 0
        return ngettext("%(num)s to see to", "%(num)s to see to", count) if count else ""


CARDS = (
    Card("registry.company.show", _l("Company"), _l("Letterhead, GST number and logo.")),
    Card("registry.taxes.index", _l("Taxes"), _l("GST rates and their days.")),
    Card("registry.depots.index", _l("Depots"), _l("Where cylinders are kept.")),
    Card(
        "registry.vehicles.index",
        _l("Vehicles"),
        _l("Plates, licences and weights."),
        waiting=trucks.expiring,
    ),
    Card(
        "registry.drivers.index",
        _l("Drivers"),
        _l("Permits, and whose truck is whose."),
        waiting=permits.expiring,
    ),
    Card("registry.equipment.index", _l("Sizes"), _l("Cylinders and accessories.")),
    Card("registry.services.index", _l("Services"), _l("Fees and deposits.")),
    Card("registry.login_rules.show", _l("Logging in"), _l("Who must use a second factor.")),
)
"""In the order in which they are shown."""


@bp.get("")
@allow("registry.view")
def index() -> str:
    """Show the way to everything that is kept."""
    cards = [card for card in CARDS if may(card.action)]
    return render("registry/cards.html", block="registry", cards=cards, today=clock.today())


@bp.post("/<kind>/<key:key>/close")
@allow("registry.close")
def close(kind: str, key: str) -> ResponseReturnValue:
    """Offer a record no more."""
    return _turned("registry.close", kind, key, CloseForm.sent())


@bp.post("/<kind>/<key:key>/reopen")
@allow("registry.reopen")
def reopen(kind: str, key: str) -> ResponseReturnValue:
    """Offer a record again."""
    return _turned("registry.reopen", kind, key, ReopenForm.sent())


def _turned(op: str, kind: str, key: str, form: OpeningForm) -> ResponseReturnValue:
    shelf = SHELVES.get(kind) or abort(404)
    ops.perform(op, form, redraw=lambda: shelf.page(shelf.key(key), form))
    words, back = _TURNED[op]
    undo = toasts.Undo(
        address=url_for(back, kind=kind, key=key), fields={"version": form.version.data + 1}
    )
    return shelf.told(words, shelf.key(key), undo=undo)
