"""/devices: the tablets, when each was seen last, and what waits on it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from hsh.blueprints.access import allow, who
from hsh.blueprints.render import render, shown
from hsh.core import clock
from hsh.queries.registry.devices import overseen
from hsh.services.registry import devices

bp = Blueprint("devices", __name__, url_prefix="/devices")


@bp.get("")
@allow("device.view")
def index() -> ResponseReturnValue:
    """List the tablets; those that need looking after stand first."""
    return render(
        "device/devices.html", block="devices", tablets=overseen(who(), clock.now())
    )  # fmt: skip


@bp.post("/<int:tablet>/revoke")
@allow("device.revoke")
def revoke(tablet: int) -> ResponseReturnValue:
    """Sign a tablet out, at once; what waits on it stays there until its person signs in again."""
    devices.revoke(who(), tablet)
    return shown(index)
