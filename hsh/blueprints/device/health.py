"""/healthz and /readyz: for the machines that watch this one."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import DBAPIError

from hsh.blueprints.access import public
from hsh.queries import schema

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """Say that the process answers. Asks nobody else."""
    return jsonify(ok=True)


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """Say whether the books can be worked on: reachable, migrated, guarded."""
    try:
        faults = schema.faults()
    except DBAPIError as error:
        current_app.logger.warning("the database cannot be reached", exc_info=error)
        faults = ["database"]
    return jsonify(ok=not faults, faults=faults), 503 if faults else 200
