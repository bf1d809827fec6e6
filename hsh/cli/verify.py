"""``flask verify``: proves the books."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError

from hsh.cli.words import _
from hsh.config import Settings
from hsh.core.refusals import Invalid
from hsh.db import db, engine_options, prepare
from hsh.queries.books import anchors as paper
from hsh.queries.law import Check, PaperAnchor
from hsh.queries.verify import verify as prove
from hsh.services.books import verifications

MALFORMED = 2
"""Exit code when the file of anchors cannot be used."""


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as one JSON object.")
@click.option(
    "--anchors",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with an anchor from paper on each line: its sequence, a space, its hash or the"
    " first 16 digits of it or more.",
)
@with_appcontext
def command(*, as_json: bool, file: Path | None) -> None:
    """Prove every law that the data can prove. Exit with 1 when one is broken."""
    settings: Settings = current_app.config["HSH"]
    found: list[Check] = []
    proved = prove(
        _engine(settings), data_dir=settings.data_dir, anchors=_read(file) if file else ()
    )
    checks = _kept(proved, found)
    ok = _print_json(checks) if as_json else _print_lines(checks)
    _remember(found)
    sys.exit(0 if ok else 1)


def _kept(checks: Iterable[Check], found: list[Check]) -> Iterator[Check]:
    for check in checks:
        found.append(check)
        yield check


def _remember(found: list[Check]) -> None:
    """Let the office see how the books are, if they can be written to."""
    try:
        verifications.note(found)
    except DBAPIError as error:
        click.echo(_("What was found could not be kept: %(why)s.", why=error.orig), err=True)


def _engine(settings: Settings) -> Engine:
    """Return the owner's engine: the app's own account may not see triggers on MySQL."""
    if settings.migrate_url == settings.database_url:
        return db.engine
    engine = create_engine(settings.migrate_url, **engine_options(settings.migrate_url))
    prepare(engine)
    return engine


def _print_json(checks: Iterable[Check]) -> bool:
    found = list(checks)
    ok = all(check.ok for check in found)
    click.echo(json.dumps({"ok": ok, "checks": [asdict(check) for check in found]}, indent=2))
    return ok


def _print_lines(checks: Iterable[Check]) -> bool:
    count = broken = 0
    for check in checks:
        count += 1
        broken += not check.ok
        mark = _("ok") if check.ok else _("BROKEN")
        line = f"{mark:<8}{check.name:<32}{check.seconds:8.2f} s"
        click.echo(f"{line}  {check.detail}".rstrip())
    if broken:
        click.echo(_("%(broken)s of %(count)s laws are broken.", broken=broken, count=count))
    else:
        click.echo(_("All %(count)s laws hold.", count=count))
    return not broken


def _read(file: Path) -> tuple[PaperAnchor, ...]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        _stop(_("The anchors cannot be read: %(why)s.", why=error.strerror))
    except UnicodeDecodeError:
        _stop(_("The anchors cannot be read: the file is not text in UTF-8."))
    found = tuple(_anchor(number, line) for number, line in enumerate(lines, 1) if line.strip())
    if not found:
        _stop(_("The file has no anchors."))
    return found


def _anchor(number: int, line: str) -> PaperAnchor:
    sequence, _space, digits = line.strip().partition(" ")
    try:
        return paper.read(sequence, digits)
    except Invalid:
        _stop(
            _(
                "Line %(number)s of the anchors is not a sequence number and a hash of 16 to 64"
                " hex digits.",
                number=number,
            )
        )


def _stop(message: str) -> NoReturn:
    """Say what is wrong with the anchors, before anything is checked."""
    click.echo(message, err=True)
    sys.exit(MALFORMED)
