"""``flask worker``: does what the outbox asks for, after the commits."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from hsh.cli.night import Night
from hsh.db import db
from hsh.services.sales.papers import Press, work_once

IDLE_SECONDS = 1.0
"""How long the worker rests when nothing is waiting."""


@click.command("worker")
@click.option("--drain", is_flag=True, help="Stop when nothing is waiting.")
@with_appcontext
def worker(*, drain: bool) -> None:
    """Turn waiting messages into stored PDFs, and prove the books at night, until stopped."""
    from hsh.documents.pdf import pdf  # noqa: PLC0415 - takes half a second: only the worker pays

    stop = _stop_on_signals()
    press = Press(render=pdf, directory=Path(current_app.config["HSH"].data_dir))
    night = Night()
    while not stop.is_set():
        waiting = _one(press)
        if drain and not waiting:
            return
        if not waiting:
            night.verify()
            stop.wait(IDLE_SECONDS)


def _one(press: Press) -> bool:
    """Do one message; what fails is noted in the outbox, told, and tried again later."""
    try:
        return work_once(press)
    except Exception as error:  # noqa: BLE001 - the worker outlives any one message
        click.echo(_("A message failed and will be tried again: %(error)s", error=error), err=True)
        return False
    finally:
        db.session.remove()


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop
