"""``flask import customers FILE``: takes a published list of businesses as it is."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from hsh.cli import customer_file, words
from hsh.cli.words import _
from hsh.core.refusals import Invalid
from hsh.queries.registry.customers import known_keys
from hsh.services.registry.customer_import import CustomerFile, Imported, import_customers

group = AppGroup("import", help="Bring records in from files.")


@group.command("customers")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows although others are bad.")
def customers(file: Path, *, dry_run: bool, skip_bad: bool) -> None:
    """Add the customers of FILE, a CSV with the columns name, address, latitude, longitude.

    Each row becomes a customer with one site. A row that is bad is told with its line and the
    reason; then nothing is written, unless --skip-bad. A customer of the same name at the same
    address is known already, however it is spelled, and is left as it is.
    """
    reading = _read(file)
    for row in reading.bad:
        reason = words.say(row.why)
        click.echo(_("Line %(line)s: %(reason)s", line=row.line, reason=reason), err=True)
    if reading.bad and not skip_bad:
        raise click.ClickException(
            _(
                "%(bad)s bad rows, so nothing was written. --skip-bad takes the other %(good)s.",
                bad=len(reading.bad),
                good=len(reading.good),
            )
        )
    _tell(_would_import(reading) if dry_run else _import(file, reading), reading, dry_run=dry_run)


def _read(file: Path) -> customer_file.Reading:
    try:
        return customer_file.read(file)
    except Invalid as refusal:
        raise click.ClickException(f"{file}: {words.say(refusal)}") from refusal


def _would_import(reading: customer_file.Reading) -> Imported:
    known = known_keys(row.key() for row in reading.good)
    return Imported(new=len(reading.good) - len(known), known=len(known))


def _import(file: Path, reading: customer_file.Reading) -> Imported:
    return import_customers(
        CustomerFile(name=file.name, sha256=reading.sha256, rows=reading.good), by=None
    )


def _tell(done: Imported, reading: customer_file.Reading, *, dry_run: bool) -> None:
    counts = {"new": done.new, "known": done.known, "bad": len(reading.bad)}
    click.echo(_("%(new)s new, %(known)s already there, %(bad)s bad.", **counts))
    if dry_run:
        click.echo(_("This was a dry run: nothing was written."))
