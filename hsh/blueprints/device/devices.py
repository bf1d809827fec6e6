"""/devices: the tablets, when each was seen last, and what waits on it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hsh.blueprints import lists, toasts
from hsh.blueprints.access import allow, who
from hsh.blueprints.fields import TextField
from hsh.blueprints.filters import FilterForm
from hsh.blueprints.lists import Column, Listing
from hsh.blueprints.render import shown
from hsh.core import clock
from hsh.core.command import Actor
from hsh.documents.sheets import Kind
from hsh.queries.lists import Short, Source
from hsh.queries.registry.devices import Tablet, overseen
from hsh.services.registry import devices

bp = Blueprint("devices", __name__, url_prefix="/devices")


class TabletsForm(FilterForm):
    """Which tablets the list shows."""

    search = TextField(_l("Person, model or code"), most=60, required=False)


def _ask(actor: Actor, form: TabletsForm) -> Source:
    words = (form.search.data or "").casefold().split()
    found = [one for one in overseen(actor, clock.now()) if _has(one, words)]
    return Short(all=found, ref="id", by=("person", "last_seen_at", "waiting"), sums=("waiting",))


def _has(tablet: Tablet, words: list[str]) -> bool:
    text = f"{tablet.person} {tablet.name} {tablet.code}".casefold()
    return all(word in text for word in words)


def _state(tablet: Tablet) -> str:
    """Say why a tablet is to be looked after."""
    if tablet.unseen:
        return str(_("Not seen for a day"))
    if tablet.stuck:
        return str(_("Waiting for two hours"))
    return str(_("Signed out by the office")) if tablet.revoked_at else ""


TABLETS = lists.serve(
    bp,
    Listing(
        name="tablets",
        title=_l("Tablets"),
        note=_l(
            "When each was seen last, and what waits on it to be sent. Look after those that are"
            " marked. Each shows its code on its own page What waits."
        ),
        action="device.view",
        ask=_ask,
        form=TabletsForm,
        empty=_l("No tablet has reported yet. It does when a driver logs in on it."),
        template="device/devices.html",
        key="id",
        columns=(
            Column(name="person", label=_l("Whose")),
            Column(
                name="name", label=_l("Tablet"),
                says=lambda tablet: tablet.name or str(_l("Model unknown")),
            ),
            Column(name="code", label=_l("Code"), under=True),
            Column(name="app_version", label=_l("App"), under=True),
            Column(name="last_seen_at", label=_l("Seen last"), kind=Kind.INSTANT),
            Column(name="waiting", label=_l("Waiting"), kind=Kind.COUNT),
            Column(
                name="oldest_at", label=_l("Waiting since"), kind=Kind.INSTANT, under=True,
                says=lambda tablet: tablet.oldest_at if tablet.waiting else None,
            ),
            Column(
                name="state", label=_l("Look after"), says=_state,
                tone=lambda tablet: (
                    "stop" if tablet.unseen else "wait" if tablet.stuck else "note"
                ),
            ),
        ),
    ),
    page=False,
)  # fmt: skip


@bp.get("")
@allow("device.view")
def index() -> ResponseReturnValue:
    """List the tablets; those that need looking after stand first."""
    return lists.show(TABLETS)


@bp.post("/<int:tablet>/revoke")
@allow("device.revoke")
def revoke(tablet: int) -> ResponseReturnValue:
    """Sign a tablet out, at once; what waits on it stays there until its person signs in again."""
    devices.revoke(who(), tablet)
    toasts.tell(
        toasts.Toast(
            words=_l("%(thing)s is signed out. What waits on it stays there."),
            thing=_("The tablet"),
        )
    )
    return shown(index)
