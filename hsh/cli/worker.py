"""``flask worker``: does what the outbox asks for, after the commits."""

from __future__ import annotations

import signal
import threading
from functools import partial
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from hsh.cli.night import Night
from hsh.db import db
from hsh.services.books import exports
from hsh.services.books.work import Work, work_once
from hsh.services.imports import files
from hsh.services.sales import papers
from hsh.services.sales.papers import Press

IDLE_SECONDS = 1.0
"""How long the worker rests when nothing is waiting."""


@click.command("worker")
@click.option("--drain", is_flag=True, help="Stop when nothing is waiting.")
@with_appcontext
def worker(*, drain: bool) -> None:
    """Make the PDFs, imports and exports that wait, and prove the books at night, until stopped."""
    from hsh.documents.pdf import pdf  # noqa: PLC0415 - takes half a second: only the worker pays

    stop = _stop_on_signals()
    press = Press(render=pdf, directory=Path(current_app.config["HSH"].data_dir))
    make = partial(current_app.extensions["hsh_make"], press=press)
    works = (papers.work(press), files.work(), exports.work(make, press.directory))
    night = Night()
    while not stop.is_set():
        waiting = sum(_one(work) for work in works)  # one of each: none waits for all of another
        if drain and not waiting:
            return
        if not waiting:
            night.verify()
            stop.wait(IDLE_SECONDS)


def _one(work: Work) -> bool:
    """Do one message; what fails is noted in the outbox, told, and tried again later."""
    try:
        return work_once(work)
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
