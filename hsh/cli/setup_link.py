"""``flask setup-link``: the way into a server on which nobody can log in yet."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from hsh.cli.words import _
from hsh.config import Settings
from hsh.services.registry import founding


@click.command("setup-link")
@click.option(
    "--url",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="The address at which this server is reached.",
)
@with_appcontext
def command(url: str) -> None:
    """Print a link by which a company and its first admin are set up in the browser.

    It is good for three days, and only while nobody can log in.
    """
    if not founding.nobody_is_there():
        raise click.ClickException(_("Somebody can log in already: there is nothing to set up."))
    settings: Settings = current_app.config["HSH"]
    click.echo(f"{url.rstrip('/')}/first-run/{founding.link(settings.secret_key)}")
