"""What a server looks at before it serves: production refuses books that are not fit for it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from flask import Flask
from sqlalchemy.exc import DBAPIError

from hsh.config import Settings, UnsafeSettings
from hsh.db import db
from hsh.queries import health, schema
from hsh.services.registry import passwords


def refuse_unsafe_start(app: Flask) -> None:
    """Return when ``app`` may serve; a server on a laptop always may.

    A ``flask`` command serves nobody, and is how an operator mends what is wrong.

    Raises:
        UnsafeSettings: the message says what is wrong and what to do.

    """
    settings: Settings = app.config["HSH"]
    if not settings.production or os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        return
    with app.app_context():
        try:
            faults = list(_faults())
        except DBAPIError as error:
            faults = [f"The database cannot be reached: {error.orig}"]
        db.session.remove()
        db.engine.dispose()  # no connection may be shared by processes forked from here
    if faults:
        raise UnsafeSettings("HSH does not start in production:\n" + "\n".join(faults))


def _faults() -> Iterator[str]:
    faults = schema.faults()
    if "migrations" in faults:
        yield "The database lacks migrations. Run: flask db upgrade"
        return
    if "triggers" in faults:
        yield "Triggers that guard the facts are missing. Run: flask doctor"
    if health.holds_demo_data():
        yield "These are the demo company's books. Set DATABASE_URL to an empty database."
    known = passwords.with_demo_password()
    if known:
        yield f"The demo password still opens: {', '.join(known)}. Give them others."
