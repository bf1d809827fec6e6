"""The commands of ``flask``: what an operator types, a file for each."""

from __future__ import annotations

from flask import Flask
from flask_migrate import Migrate

from hsh import config
from hsh.cli import demo, doctor, grants, import_customers, setup_link, users, verify, worker
from hsh.db import db


def register(app: Flask) -> None:
    """Give ``app`` its commands, those of ``flask db`` too."""
    Migrate(app, db, directory=str(config.ROOT / "migrations"))
    app.cli.add_command(demo.command)
    app.cli.add_command(doctor.command)
    app.cli.add_command(grants.command)
    app.cli.add_command(import_customers.group)
    app.cli.add_command(setup_link.command)
    app.cli.add_command(users.group)
    app.cli.add_command(verify.command)
    app.cli.add_command(worker.worker)
