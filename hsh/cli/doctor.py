"""``flask doctor``: tells whether the books can be trusted to this set-up."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from hsh.cli.words import _
from hsh.config import MIN_SECRET, Settings
from hsh.queries import health
from hsh.queries.health import Check
from hsh.services.registry import founding, passwords

_PACKAGES = ("Flask", "SQLAlchemy", "PyMySQL", "WeasyPrint", "python-escpos", "argon2-cffi")


@click.command("doctor")
@with_appcontext
def command() -> None:
    """List settings, versions and what the laws need from the database.

    In production every fault is unsafe and ends with exit code 1; elsewhere it is a warning.
    """
    settings: Settings = current_app.config["HSH"]
    _show(_("Settings"), _settings(settings))
    _show(_("Versions"), _versions())
    checks = list(_checks(settings))
    faults = _tell_checks(checks)
    if all(check.ok for check in checks if check.name in {"database", "migrations"}):
        _tell_way_in()
    if faults and settings.production:
        raise click.ClickException(_("This is not safe for production."))
    click.echo(_("Warnings: %(count)s", count=faults) if faults else _("All is well."))


def _show(title: str, rows: Iterable[tuple[str, str]]) -> None:
    click.secho(title, bold=True)
    for name, value in rows:
        click.echo(f"  {name:24} {value}")


def _settings(settings: Settings) -> Iterator[tuple[str, str]]:
    yield "HSH_ENV", "production" if settings.production else "local"
    yield "DATABASE_URL", _hidden(settings.database_url)
    yield "HSH_MIGRATE_URL", _hidden(settings.migrate_url)
    yield "HSH_SECRET_KEY", _("%(length)s characters, not shown", length=len(settings.secret_key))
    yield "HSH_DATA_DIR", str(settings.data_dir)
    yield "HSH_PROXIES", str(settings.proxies)
    yield "HSH_HOSTS", " ".join(settings.hosts) or _("any")
    yield "HSH_OFFLINE", "on" if settings.offline else "off"
    for name in ("HSH_BIND", "HSH_WORKERS", "HSH_THREADS", "HSH_PORT"):
        yield name, os.environ.get(name) or _("not set")


def _hidden(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)


def _versions() -> Iterator[tuple[str, str]]:
    yield "Python", platform.python_version()
    for package in _PACKAGES:
        yield package, version(package)


def _checks(settings: Settings) -> Iterator[Check]:
    yield _secret(settings)
    yield _data_dir(settings)
    try:
        database = health.checks()
    except DBAPIError as error:
        yield Check(name="database", ok=False, found=str(error.orig), wanted="")
        return
    yield Check(name="database", ok=True, found=health.server_version(), wanted="")
    yield from database
    if all(check.ok for check in database if check.name == "migrations"):
        yield _demo_data(settings)
        yield _demo_password(settings)


def _secret(settings: Settings) -> Check:
    length = len(settings.secret_key)
    return Check(
        name="secret_key", ok=length >= MIN_SECRET, found=str(length), wanted=f">= {MIN_SECRET}"
    )


def _data_dir(settings: Settings) -> Check:
    ok = os.access(settings.data_dir, os.W_OK | os.X_OK)
    return Check(name="data_dir", ok=ok, found=str(settings.data_dir), wanted="")


def _demo_data(settings: Settings) -> Check:
    demo = health.holds_demo_data()
    return Check(
        name="demo_data", ok=not (demo and settings.production), found=str(demo), wanted=""
    )


def _demo_password(settings: Settings) -> Check:
    """Compare it with every kept hash: slow, so only in production, where it matters."""
    known = passwords.with_demo_password() if settings.production else []
    return Check(name="demo_password", ok=not known, found=", ".join(known), wanted="")


def _tell_way_in() -> None:
    if founding.nobody_is_there():
        click.echo(_("Nobody can log in yet. Make a link to set up with: flask setup-link"))


def _tell_checks(checks: Iterable[Check]) -> int:
    """Print each check and return how many found a fault."""
    click.secho(_("Checks"), bold=True)
    faults = 0
    for check in checks:
        click.echo(f"  {_mark(check)} {check.name:32} {_finding(check)}".rstrip())
        faults += check.ok is False
    return faults


def _mark(check: Check) -> str:
    return {True: _("ok   "), False: _("FAULT"), None: _("?    ")}[check.ok]


def _finding(check: Check) -> str:
    if check.ok is None:
        return _("not visible to this account")
    if check.ok or not check.wanted:
        return check.found
    return _("is %(found)s, should be %(wanted)s", found=check.found or "-", wanted=check.wanted)
